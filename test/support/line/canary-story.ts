import type { TestLine } from '../line';
import { awaited } from './awaited';
import { caseEnds, stageOf, taskLink } from './cases-of-line';
import { parcelOf } from './delivery';
import { caseNumberIn, type Person } from './phones';
import { actOn, keepForm, openTask, sendForm } from './task-page';

/** Unique strings, one for each place that contains personal data. */
export const canary = {
  name: 'Çağrı Kanaryağlı',
  phone: '905009876541',
  strangerPhone: '905009876542',
  leaverPhone: '905009876543',
  report: 'zümrütkuşukanarya',
  caption: 'fotoğrafkanarya',
  email: 'kanarya.vatandas@posta.example',
  placeName: 'Kanaryalı Pastanesi',
  placeAddress: '1234. Kanaryalar Caddesi',
  latitude: '39.943217',
  note: 'notkanarya',
  resolution: 'çözümkanarya',
  reroute: 'aktarmakanarya',
  rejection: 'redkanarya',
  objection: 'itirazkanarya',
  decision: 'kararkanarya',
  withdrawn: 'iptalkanarya',
  handOff: 'kurumkanarya',
  deadLetter: 'ölükanarya',
  unsigned: 'imzasızkanarya',
  query: 'sorgukanarya',
  wrongToken: 'k1.kanaryajeton',
} as const;

const roads = 'fen.isleri@etimesgut.example';
const parks = 'park.bahceler@etimesgut.example';
const desk = 'bildirim.masasi@etimesgut.example';

/** The people of the story and their case numbers. */
export interface Played {
  people: Person[];
  caseNumbers: string[];
}

/**
 * Plays whole cases with canaries in every text field, and with failures: rejections, reroutes and mistakes of
 * departments, temporary server failures, an unreachable phone, and strangers.
 */
export async function playCanaries(line: TestLine): Promise<Played> {
  const citizen = await line.phones.newPerson({ name: canary.name, phone: canary.phone });
  const stranger = await line.phones.newPerson({ name: canary.name, phone: canary.strangerPhone });
  const first = await fromReportToRejection(line, citizen);
  await objects(line, citizen, first);
  const second = await neverDelivered(line, stranger);
  const leaver = await line.phones.newPerson({ name: canary.name, phone: canary.leaverPhone });
  const others = await withdrawnAndHandedOff(line, leaver);
  await strangers(line, citizen);
  return { people: [citizen, stranger, leaver], caseNumbers: [first, second, ...others] };
}

async function fromReportToRejection(line: TestLine, citizen: Person): Promise<string> {
  const { phones } = line;
  await phones.control('POST', '/faults', { kind: 'server-error-500', count: 1 });
  await phones.control('POST', '/smtp-faults', { kind: '451', count: 1 });
  await phones.write(citizen, {
    type: 'text',
    body: `Süvari mahallesi ${canary.report} sokağında çukur var, ${canary.email}`,
  });
  await phones.write(citizen, { type: 'image', sample: 'pothole', caption: canary.caption });
  const { placeName: name, placeAddress: address } = canary;
  await phones.write(citizen, {
    ...{ type: 'location', name, address },
    ...{ latitude: Number(canary.latitude), longitude: 32.6444 },
  });
  const caseNumber = caseNumberIn((await phones.hears(citizen, 'Bildiriminiz alındı', 90_000)).text);
  const link = await taskLink(line, roads, caseNumber);
  await fetch(`${link}?done=${canary.query}`);
  await actOn(link, 'resolve', { words: canary.note, extra: canary.note });
  await actOn(link, 'note', { words: canary.note });

  await actOn(link, 'accept');
  await actOn(link, 'resolve', { words: canary.resolution });
  const question = await phones.hears(citizen, canary.resolution);
  await phones.tap(citizen, question, 'Çözülmedi');
  await phones.hears(citizen, 'yeniden açıldı');
  const again = await taskLink(line, roads, new RegExp(`${caseNumber}[\\s\\S]*yeniden`, 'i'));
  await actOn(again, 'reroute', { department: 'park-ve-bahceler', words: canary.reroute });
  await phones.write(citizen, { type: 'image', sample: 'pothole' });
  await phones.hears(citizen, 'kaydınıza eklendi');
  const last = await taskLink(line, parks, caseNumber);
  const late = await keepForm(last, 'accept');
  await actOn(last, 'reject', { reason: 'not-ours', words: canary.rejection });
  await phones.hears(citizen, canary.rejection);
  await sendForm(last, late);
  await caseEnds(line, caseNumber);
  return caseNumber;
}

/** The acknowledgement is not delivered, and the database is down for a moment. */
async function neverDelivered(line: TestLine, citizen: Person): Promise<string> {
  const { phones } = line;
  await phones.control('PATCH', `/citizens/${citizen.id}`, { hasAccount: false });
  await phones.openWindow(citizen);
  const parcel = parcelOf(citizen, { type: 'text', text: { body: `1234. sokakta ${canary.report} çukuru` } });
  line.storeWay?.cut();
  await line.post(parcel.body);
  line.storeWay?.mend();
  await line.deliver(parcel.body);
  const { model } = line.store.inbox;
  await awaited('the hand-over', async () => (await model.countDocuments({ handedOver: false })) === 0);
  line.storeWay?.cut();
  await awaited('the worker to miss the records', () => /"error":"Mongo\w+"/.test(line.worker.log()));
  line.storeWay?.mend();
  const task = await phones.mailed(desk, 'Lütfen arayınız', 90_000);
  for (const link of task.links.filter(url => url.startsWith(`${line.baseUrl}/c/`))) await openTask(link);
  return caseNumberIn(task.text);
}

/** The citizen objects to the rejection, and a manager confirms it with a reason. */
async function objects(line: TestLine, citizen: Person, caseNumber: string): Promise<void> {
  await line.phones.write(citizen, {
    type: 'text',
    body: `itiraz ediyorum, ${canary.objection} yerinde duruyor`,
  });
  await line.phones.hears(citizen, 'sonucuna itirazınız alındı', 90_000);
  const why = ['--reason', canary.decision, '--actor', 'Ayşe Kaya'];
  await line.admin('decide', caseNumber, '--verdict', 'confirm', ...why);
  await line.phones.hears(citizen, canary.decision, 90_000);
  await caseEnds(line, caseNumber);
}

/** A report that its citizen withdraws, a matter of an institution, and a wish to be called. */
async function withdrawnAndHandedOff(line: TestLine, citizen: Person): Promise<string[]> {
  const { phones } = line;
  await phones.write(citizen, {
    type: 'text',
    body: `Süvari mah. 1234. sokakta ${canary.withdrawn} çukur var`,
  });
  const withdrawn = caseNumberIn((await phones.hears(citizen, 'Bildiriminiz alındı', 90_000)).text);
  await phones.write(citizen, { type: 'text', body: 'iptal' });
  const question = await phones.hears(citizen, 'iptal edilsin mi', 90_000);
  await phones.tap(citizen, question, 'Evet, iptal edilsin');
  await awaited('the withdrawal', async () => (await stageOf(line, withdrawn)) === 'withdrawn', 90_000);
  await phones.write(citizen, {
    type: 'text',
    body: `Süvari mah. 1234. sokakta sular kesik, ${canary.handOff}`,
  });
  const handedOff = caseNumberIn((await phones.hears(citizen, 'görev alanında değildir', 90_000)).text);
  await caseEnds(line, handedOff);
  await phones.write(citizen, { type: 'text', body: 'Bir görevliyle görüşmek istiyorum' });
  await phones.mailed(desk, 'görüşmek istiyor', 90_000);
  return [withdrawn, handedOff];
}

/** Ends what is still open, and erases everybody of the story. */
export async function eraseCanaries(line: TestLine, { people, caseNumbers }: Played): Promise<void> {
  for (const caseNumber of caseNumbers) {
    const { stage } = (await line.store.cases.get(caseNumber))?.progress ?? {};
    if (stage !== 'assigned') continue;
    await actOn(await taskLink(line, roads, caseNumber), 'reject', {
      reason: 'not-ours',
      words: canary.rejection,
    });
    await caseEnds(line, caseNumber);
  }
  await awaited(
    'the end of all conversations',
    async () => {
      const query = 'WorkflowType = "conversation" AND ExecutionStatus = "Running"';
      return (await line.temporal.client.workflow.count(query)).count === 0;
    },
    120_000,
  );
  const why = ['--reason', 'KVKK m. 11', '--actor', 'Ayşe Kaya'];
  for (const { phone } of people) await line.admin('erase', '--phone', phone, ...why, '--confirm');
}

/** Messages of strangers and unreadable items. */
async function strangers(line: TestLine, citizen: Person): Promise<void> {
  const odd = [
    Buffer.from(`{"entry": "${canary.deadLetter}`),
    parcelOf(citizen, { type: 'kanarya', kanarya: { words: canary.report } }).body,
    parcelOf(citizen, { type: 'contacts', contacts: [{ phones: [{ phone: canary.phone }] }] }).body,
  ];
  for (const body of odd) await line.deliver(body);
  await line.phones.hears(citizen, 'Bu tür mesajlar');
  await fetch(line.webhookUrl, { method: 'POST', body: canary.unsigned });
  await fetch(`${line.webhookUrl}?hub.verify_token=${canary.query}&hub.mode=subscribe&hub.challenge=1`);
  await fetch(`${line.baseUrl}/${canary.phone}`);
  await openTask(`${line.baseUrl}/t/${canary.wrongToken}`);
}
