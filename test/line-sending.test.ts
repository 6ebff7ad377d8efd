import { DAY_MS } from '../src/domain/durations';
import { caseTalk } from '../src/whatsapp/case-talk';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { caseEnds, citizenIdOf, stageOf, taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { actOn } from './support/line/task-page';

const pothole = 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor';
const roads = 'fen.isleri@etimesgut.example';
const operator = 'bildirim.hatti@etimesgut.example';
const desk = 'bildirim.masasi@etimesgut.example';

let line: TestLine;
beforeAll(async () => {
  line = await startLine('sending');
}, 120_000);
afterAll(() => line.stop());

async function reports(
  extra: Record<string, unknown>[] = [],
): Promise<{ citizen: Person; caseNumber: string }> {
  const { phones } = line;
  const citizen = await phones.newPerson();
  await phones.write(citizen, { type: 'text', body: pothole });
  for (const message of extra) await phones.write(citizen, message);
  const { text } = await phones.hears(citizen, 'Kayıt no: PK-');
  return { citizen, caseNumber: caseNumberIn(text) };
}

const order = (fault: object): Promise<unknown> => line.phones.control('POST', '/faults', fault);
const textAt = async (url: string): Promise<string> => (await fetch(url)).text();

describe('the usual case', () => {
  it('costs at most five messages from the first report to its end, which admin messages lists', async () => {
    const { phones } = line;
    const citizen = await phones.newPerson();
    await phones.write(citizen, { type: 'text', body: 'Yolda kocaman bir çukur var' });
    await phones.hears(citizen, 'konumu paylaşır mısınız');
    await phones.write(citizen, { type: 'location', latitude: 39.9432, longitude: 32.6444 });
    const caseNumber = caseNumberIn((await phones.hears(citizen, 'Kayıt no: PK-')).text);
    const link = await taskLink(line, roads, caseNumber);
    await actOn(link, 'accept');
    await actOn(link, 'resolve', { words: 'Çukur dolduruldu.' });
    await phones.tap(citizen, await phones.hears(citizen, 'Çukur dolduruldu.'), 'Çözüldü');
    await caseEnds(line, caseNumber);

    await awaited('the reports of delivery', async () => {
      const { lines } = await caseTalk(line.store, caseNumber);
      return lines.every(each => each.from === 'citizen' || /^(delivered|read)$/.test(each.state));
    });
    const { ledger } = await caseTalk(line.store, caseNumber);
    process.stderr.write(`charged in the usual case: ${JSON.stringify(ledger)}\n`);
    expect(ledger.charged).toBeLessThanOrEqual(5);
    expect(ledger).toMatchObject({ outsideWindow: 0, byKind: { locationRequest: 1, buttons: 1 } });
    const shown = await line.admin('messages', caseNumber);
    expect(shown).toMatch(/← citizen +text +Yolda kocaman bir çukur var/);
    expect(shown).toMatch(/→ (read|delivered) +buttons +/);
    expect(shown).toContain(
      `${ledger.charged} charged: ${ledger.charged} inside the 24-hour window, 0 outside`,
    );
  }, 60_000);
});

describe('outside the 24-hour window', () => {
  it('the outcome is sent as a template, whose answer closes the case', async () => {
    const { citizen, caseNumber } = await reports();
    const citizenId = await citizenIdOf(line, citizen);
    const lastInboundAt = new Date(Date.now() - 2 * DAY_MS);
    await line.store.citizens.model.updateOne({ _id: citizenId ?? '' }, { $set: { lastInboundAt } });
    await line.phones.control('POST', `/citizens/${citizen.id}/window`, { open: false });
    await actOn(await taskLink(line, roads, caseNumber), 'resolve', { words: 'Çukur dolduruldu.' });
    const question = await line.phones.hears(citizen, 'sonucu bildirildi');
    expect(question.type).toBe('template');
    await line.phones.tap(citizen, question, 'Çözüldü');
    await caseEnds(line, caseNumber);
    expect(await stageOf(line, caseNumber)).toBe('closed');
    expect((await caseTalk(line.store, caseNumber)).ledger.outsideWindow).toBe(1);
  }, 60_000);

  it('a message that Meta accepted and then reported as outside the window is sent again as a template', async () => {
    await order({ kind: 'failed-status', code: 131047 });
    const citizen = await line.phones.newPerson();
    await line.phones.write(citizen, { type: 'text', body: pothole });
    const { text } = await line.phones.hears(citizen, 'numaralı kaydınız hakkında bilgi');
    expect(text).toContain('Kayıt no: PK-');
    expect(await line.phones.mails(operator)).toEqual([]);
  }, 60_000);
});

describe('a citizen who cannot be reached', () => {
  it('is phoned by the desk, and the operator gets no letter', async () => {
    await order({ kind: 'graph-error', code: 131026 });
    const citizen = await line.phones.newPerson();
    await line.phones.write(citizen, { type: 'text', body: pothole });
    const { text } = await line.phones.mailed(desk, 'Lütfen arayınız');
    expect(text).not.toContain(citizen.phone);
    expect(await line.phones.mails(operator)).toEqual([]);
  }, 60_000);
});

describe('files', () => {
  it('other than photos are stored; each that cannot be is answered, and the case continues', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64');
    const drawing = { type: 'image', file: svg, mimeType: 'image/jpeg' };
    const { citizen, caseNumber } = await reports([{ type: 'voice' }, drawing, drawing]);
    await awaited('an answer to each unreadable file', async () => {
      const told = await line.phones.told(citizen);
      return told.filter(({ text }) => text.includes('bir dosya eklenemedi')).length === 2;
    });
    const kept = await awaited(
      'the voice note',
      async () => (await line.store.attachments.model.findOne({ caseNumber }).lean()) ?? false,
    );
    expect(kept).toMatchObject({ kind: 'audio', mimeType: 'audio/ogg' });
    expect(await stageOf(line, caseNumber)).toBe('assigned');
  }, 60_000);
});

describe('an invalid token', () => {
  it('pauses sending, notifies the operator once, loses nothing and recovers automatically', async () => {
    await order({ kind: 'graph-error', code: 190 });
    const citizens = [await line.phones.newPerson(), await line.phones.newPerson()];
    // Send the second message during the pause: one accepted concurrently with the rejected one would end the
    // pause.
    const [first, second] = citizens as [Person, Person];
    await line.phones.write(first, { type: 'text', body: pothole });
    await line.phones.mailed(operator, 'gönderimi durdu');
    const paused = /"status":"degraded".*"whatsapp":"away"/;
    await awaited('the worker to tell', async () => paused.test(await textAt(line.healthUrl)));
    await line.phones.write(second, { type: 'text', body: pothole });
    expect(await textAt(line.metricsUrl)).toContain('paydaskent_whatsapp_paused 1');
    expect(await line.admin('sending')).toContain('(error 190)');

    for (const citizen of citizens) await line.phones.hears(citizen, 'Kayıt no: PK-', 60_000);
    await awaited('the end of the pause', async () => (await line.store.sendingPauses.current()) === null);
    expect(await textAt(line.metricsUrl)).toContain('paydaskent_whatsapp_paused 0');
    expect(await line.admin('sending')).toContain('Messages are sent');
    for (const citizen of citizens) expect(await line.phones.told(citizen)).toHaveLength(1);
    const letters = await line.phones.mails(operator);
    expect(letters.filter(({ subject }) => subject.includes('gönderimi durdu'))).toHaveLength(1);
  }, 120_000);
});

describe('an unreadable item from Meta', () => {
  it('is listed, shown and replayed by admin dead-letters', async () => {
    const odd = { entry: [{ changes: [{ field: 'messages', value: { messages: [{ type: 'text' }] } }] }] };
    await line.deliver(Buffer.from(JSON.stringify(odd)));
    const [, id = ''] = /([0-9a-f]{32}) {2}no-id/.exec(await line.admin('dead-letters')) ?? [];
    expect(await line.admin('dead-letters', 'show', id)).toBe('{"type":"text"}\n');
    expect(await line.admin('dead-letters', 'replay', id)).toContain('still cannot be read');
  });
});
