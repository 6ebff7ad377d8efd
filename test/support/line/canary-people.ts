import sharp from 'sharp';
import { isEnded, type Stage } from '../../../src/domain/case/case';
import { sampleFile } from '../../../src/local/phone/samples';
import type { SpeechServer } from '../speech-server';
import { nonceIn, Visitor } from '../staff-line';
import type { TestLine } from '../line';
import { awaited } from './awaited';
import { citizenIdOf, stageOf, taskLink } from './cases-of-line';
import { parcelOf } from './delivery';
import { caseNumberIn, type Person } from './phones';
import { roads } from './reported';
import type { Secret } from './secrets-search';
import { actOn } from './task-page';

/** The ways on which personal data enter the line. */
export const paths = [
  ...(['report', 'voice', 'answer', 'objection', 'handOff', 'call', 'deadLetter', 'withdrawn'] as const),
  ...(['incident', 'correction', 'staffReport', 'erasureRequest', 'takeover'] as const),
];
type Path = (typeof paths)[number];

/** A person of the story, and everything that only this person's records may hold. */
export interface Canary {
  path: Path;
  person: Person;
  /** A street of their own, so that no two reports look alike. */
  street: string;
  secrets: ReturnType<typeof secretsOf>;
}

/** What the stories need besides the line. */
export interface CanaryStage {
  line: TestLine;
  /** Needed for voice notes only. */
  speech: SpeechServer | null;
}

const triage = 'bildirim.masasi@etimesgut.example';
const water = 'bildirim@aski.example';
const LIMIT_MS = 180_000;
const syllables = 'ba ço dü fe gı ha jö ke lü mi nu pı ro sa şe ti vö yu zı çe'.split(' ');

/** Unique strings with the letters that Turkish folds in its own way. */
function secretsOf(number: number) {
  const part = (at: number): string => syllables[at % syllables.length] ?? '';
  const tag = `${part(number)}${part(number * 7 + 3)}${part(Math.floor(number / syllables.length) + 5)}`;
  const step = (number % 8) * 0.0019;
  return {
    name: `Işıl Kanarya${tag}oğlu`,
    phone: `90509${1_234_567 + number * 191_919}`,
    words: `zümrütkuş${tag}`,
    caption: `resimkanarya${tag}`,
    answer: `cevapserçe${tag}`,
    staffWords: `birimkanarya${tag}`,
    voice: `sesliİfade${tag}`,
    recording: `sesdosyası${tag}`,
    email: `kanarya.k${number}x@posta.example`,
    placeName: `Yuva${tag} Pastanesi`,
    placeAddress: `Tünek${tag} Caddesi`,
    street: `Serçe${tag} Sokağı`,
    fileName: `dilekçe${tag}.pdf`,
    fileBytes: `belgemetni${tag}`,
    exif: `exifkanarya${number}x`,
    latitude: (39.940_017 + step + number * 0.000_020).toFixed(6),
    correctedLatitude: (39.950_019 + number * 0.000_020).toFixed(6),
  };
}

/** Returns the secrets of people. Phone numbers are without country code, so that every way to write them is found. */
export function secretsOfAll(people: readonly Canary[]): Secret[] {
  return people.flatMap(({ secrets, person }) =>
    Object.entries({ ...secrets, phone: secrets.phone.slice(2), bsuid: person.bsuid.slice(3) }).map(
      ([name, text]) => ({ name: `${name} of ${person.name}`, text }),
    ),
  );
}

/** Creates people, a path for each in turn. */
export async function canaryPeople({ line }: CanaryStage, count: number): Promise<Canary[]> {
  const people: Canary[] = [];
  for (let number = 0; number < count; number += 1) {
    const secrets = secretsOf(number);
    const { name, phone } = secrets;
    const person = await line.phones.newPerson({ name, phone });
    const path = paths[number % paths.length] ?? 'report';
    people.push({ path, person, secrets, street: `${1_200 + number * 17}. sokakta` });
  }
  return people;
}

type Play = (stage: CanaryStage, canary: Canary) => Promise<void>;

/** Plays the life of each person to its end. */
export const play: Readonly<Record<Path, Play>> = {
  async report(stage, canary) {
    const { line } = stage;
    const { secrets, person, street } = canary;
    const { phones } = line;
    await say(line, person, `${street} ${secrets.words} yanında çukur var, ${secrets.email}`);
    await phones.write(person, {
      type: 'image',
      file: await photoWith(secrets.exif),
      caption: secrets.caption,
    });
    const file = Buffer.from(`%PDF-1.4\n% ${secrets.fileBytes}\n%%EOF\n`).toString('base64');
    const document = { file, mimeType: 'application/pdf', filename: secrets.fileName };
    await phones.write(person, { type: 'document', ...document });
    const { placeName: name, placeAddress: address, latitude } = secrets;
    const pin = { latitude: Number(latitude), longitude: 32.6444 };
    await phones.write(person, { type: 'location', name, address, ...pin });
    const caseNumber = await opened(line, person);
    await actOn(await taskLink(line, roads, caseNumber), 'resolve', { words: secrets.staffWords });
    const news = await phones.hears(person, secrets.staffWords, LIMIT_MS);
    await phones.tap(person, news, 'Çözüldü');
    await ends(line, caseNumber);
  },

  async voice(stage, canary) {
    const { line } = stage;
    const { secrets, person, street } = canary;
    await speaks(stage, canary, `Süvari mahallesi ${street} ${secrets.voice} önünde çukur var`);
    const understood = await line.phones.hears(person, secrets.voice, LIMIT_MS);
    await line.phones.tap(person, understood, 'Doğru');
    const subject = await line.phones.hears(person, 'olarak anladık', LIMIT_MS);
    await line.phones.tap(person, subject, 'Evet, yol çukuru');
    await rejects(stage, canary, await opened(line, person));
  },

  async answer(stage, canary) {
    const { line } = stage;
    const { secrets, person } = canary;
    const caseNumber = await reports(line, canary);
    await actOn(await taskLink(line, roads, caseNumber), 'askCitizen', { words: secrets.staffWords });
    await line.phones.hears(person, secrets.staffWords, LIMIT_MS);
    await say(line, person, `evin önü, ${secrets.answer}`);
    await line.phones.mailed(roads, secrets.answer, LIMIT_MS);
    await rejects(stage, canary, caseNumber);
  },

  async objection(stage, canary) {
    const { line } = stage;
    const { secrets, person } = canary;
    const caseNumber = await reports(line, canary);
    await rejects(stage, canary, caseNumber);
    await say(line, person, `itiraz ediyorum, ${secrets.answer} yerinde duruyor`);
    await line.phones.hears(person, 'sonucuna itirazınız alındı', LIMIT_MS);
    await line.admin('decide', caseNumber, '--verdict', 'confirm', ...by(secrets.staffWords));
    await ends(line, caseNumber);
  },

  async handOff({ line }, { person, secrets, street }) {
    await say(line, person, `Süvari mah. ${street} ${secrets.words} önünde sular kesik, su yok`);
    const caseNumber = caseNumberIn((await line.phones.hears(person, 'görev alanında', LIMIT_MS)).text);
    const link = await pageLink(line, water, caseNumber, '/k/');
    await sendPage(link, { answer: 'done', words: secrets.staffWords });
    await line.phones.hears(person, secrets.staffWords, LIMIT_MS);
    await ends(line, caseNumber);
  },

  async call(stage, canary) {
    const { line } = stage;
    const { secrets, person } = canary;
    const caseNumber = await reports(line, canary);
    await line.phones.control('PATCH', `/citizens/${person.id}`, { hasAccount: false });
    const words = secrets.staffWords;
    await actOn(await taskLink(line, roads, caseNumber), 'reject', { reason: 'not-found', words });
    const link = await pageLink(line, triage, caseNumber, '/c/');
    await sendPage(link, { result: 'reached', words: secrets.answer });
    await awaited('the result of the call', async () => {
      const { progress } = (await line.store.cases.get(caseNumber)) ?? {};
      return progress?.call?.step === 'reached';
    });
    await ends(line, caseNumber);
  },

  async deadLetter({ line }, { person, secrets }) {
    await say(line, person, `merhaba, ben ${secrets.words}`);
    await line.phones.hears(person, /./, LIMIT_MS);
    await line.deliver(Buffer.from(`{"from": "${secrets.phone}", "text": "${secrets.answer}`));
    await line.deliver(parcelOf(person, { type: 'kanarya', kanarya: { words: secrets.caption } }).body);
    const card = { name: { formatted_name: secrets.name }, phones: [{ phone: secrets.phone }] };
    await line.deliver(parcelOf(person, { type: 'contacts', contacts: [card] }).body);
    await awaited('the dead letter', async () =>
      (await line.store.deadLetters.model.find().lean()).some(({ payload }) =>
        payload.includes(secrets.answer),
      ),
    );
  },

  async withdrawn({ line }, canary) {
    const { person } = canary;
    const caseNumber = await reports(line, canary);
    await say(line, person, 'iptal');
    const question = await line.phones.hears(person, 'iptal edilsin mi', LIMIT_MS);
    await line.phones.tap(person, question, 'Evet, iptal edilsin');
    await ends(line, caseNumber);
  },

  /** Ends with the incident. */
  async incident({ line }, { person, secrets }) {
    await say(line, person, `Süvari mahallesinde ${secrets.words} elektrikler kesik, elektrik yok`);
    await line.phones.hears(person, 'ekipler sahada', LIMIT_MS);
  },

  async correction(stage, canary) {
    const { line } = stage;
    const { secrets } = canary;
    const caseNumber = await reports(line, canary);
    const place = ['--place', `${secrets.correctedLatitude},32.6672`, '--street', secrets.street];
    await line.admin('correct', caseNumber, ...place, ...by(secrets.staffWords));
    await line.phones.mailed(roads, new RegExp(`${caseNumber}[^]*düzeltildi`), LIMIT_MS);
    await rejects(stage, canary, caseNumber);
  },

  async staffReport({ line }, { person, secrets, street }) {
    const said = await line.admin(
      ...['new-report', '--source', 'phone', '--subject', 'pothole', '--phone', person.phone],
      ...['--words', `Süvari mahallesi ${street} ${secrets.words} önünde çukur var`],
      ...['--name', secrets.name, '--actor', 'Çağrı merkezi'],
    );
    const caseNumber = caseNumberIn(said);
    const words = secrets.staffWords;
    await actOn(await taskLink(line, roads, caseNumber), 'reject', { reason: 'not-found', words });
    const link = await pageLink(line, triage, caseNumber, '/c/');
    await sendPage(link, { result: 'reached', words: secrets.answer });
    await ends(line, caseNumber);
  },

  async erasureRequest(stage, canary) {
    const { line } = stage;
    const { person } = canary;
    await rejects(stage, canary, await reports(line, canary));
    await say(line, person, 'verilerimi silin lütfen');
    const offer = await line.phones.hears(person, 'Onaylarsanız', LIMIT_MS);
    await line.phones.tap(person, offer, 'Verilerimi sil');
    await line.phones.hears(person, 'istek no', LIMIT_MS);
  },

  async takeover(stage, canary) {
    const { line } = stage;
    const { secrets, person } = canary;
    const caseNumber = await reports(line, canary);
    const visitor = await officer(line);
    const talk = `${line.baseUrl}/desk/talks/${await citizenIdOf(line, person)}`;
    const act = async (fields: Record<string, string>): Promise<void> => {
      const { html } = await visitor.go(`${talk}?case=${caseNumber}`);
      const form = { nonce: nonceIn(html.slice(html.indexOf('id="acts"'))), case: caseNumber, ...fields };
      const { status } = await visitor.go(talk, { form });
      if (status !== 200) throw new Error(`the chat refused to be ${fields['do']} with ${status}`);
    };
    await act({ do: 'takes' });
    await act({ do: 'writes', words: secrets.staffWords });
    await line.phones.hears(person, secrets.staffWords, LIMIT_MS);
    await say(line, person, secrets.answer);
    await awaited('the answer in the chat', async () =>
      (await visitor.go(talk)).html.includes(secrets.answer),
    );
    await act({ do: 'releases' });
    await rejects(stage, canary, caseNumber);
  },
};

const officers = new Map<TestLine, Promise<Visitor>>();

/** Signs in to the staff pages of a line by the link of a mail, once. */
function officer(line: TestLine): Promise<Visitor> {
  const known = officers.get(line);
  if (known) return known;
  const signsIn = async (): Promise<Visitor> => {
    const visitor = new Visitor();
    await visitor.go(`${line.baseUrl}/desk/sign-in`, { form: { address: triage } });
    await visitor.go(await pageLink(line, triage, '', '/desk/link/'), { form: {} });
    return visitor;
  };
  const signedIn = signsIn();
  officers.set(line, signedIn);
  return signedIn;
}

/** Approves the requests from the chat, and erases everybody else by the command. */
export async function eraseAll({ line }: CanaryStage, people: readonly Canary[]): Promise<void> {
  const why = by('KVKK m. 11');
  for (const { id } of await line.store.erasureRequests.open()) {
    await line.admin('requests', 'approve', id, ...why);
  }
  for (const { path, person } of people) {
    if (path !== 'erasureRequest') await line.admin('erase', '--phone', person.phone, ...why, '--confirm');
    await awaited(`${person.name} to be gone`, async () => !(await citizenIdOf(line, person)), LIMIT_MS);
  }
}

/** Declares the power cut of the story. Returns its id. */
export async function declareIncident({ line }: CanaryStage): Promise<string> {
  const tomorrow = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 19)}Z`;
  const area = ['--subject', 'power-cut', '--neighbourhood', 'suvari', '--to', tomorrow];
  const words = ['--name', 'Elektrik kesintisi', '--words', 'Kesinti var; ekipler sahada.'];
  const said = await line.admin('incident', 'add', ...words, ...area, ...by('Duyuru'));
  return said.split('  ')[0] ?? '';
}

/** Ends the power cut, and with it the cases that waited for its end. */
export async function endIncident(
  { line }: CanaryStage,
  id: string,
  people: readonly Canary[],
): Promise<void> {
  await line.admin('incident', 'end', id, ...by('Duyuru'));
  for (const { person } of people.filter(({ path }) => path === 'incident')) {
    const news = await line.phones.hears(person, 'olay sona erdi', LIMIT_MS);
    if (news.replies.some(({ title }) => title === 'Çözüldü')) await line.phones.tap(person, news, 'Çözüldü');
    await ends(line, caseNumberIn(news.text));
  }
}

const by = (reason: string): string[] => ['--reason', reason, '--actor', 'Ayşe Kaya'];

const say = ({ phones }: TestLine, person: Person, body: string): Promise<string> =>
  phones.write(person, { type: 'text', body });

const opened = async ({ phones }: TestLine, person: Person): Promise<string> =>
  caseNumberIn((await phones.hears(person, 'Bildiriminiz alındı', LIMIT_MS)).text);

async function reports(line: TestLine, { person, secrets, street }: Canary): Promise<string> {
  await say(line, person, `Süvari mahallesi ${street} ${secrets.words} önünde çukur var`);
  return opened(line, person);
}

async function rejects(
  { line }: CanaryStage,
  { person, secrets }: Canary,
  caseNumber: string,
): Promise<void> {
  const link = await taskLink(line, roads, caseNumber);
  await actOn(link, 'reject', { reason: 'not-found', words: secrets.staffWords });
  await line.phones.hears(person, 'sonu', LIMIT_MS);
  await ends(line, caseNumber);
}

async function ends(line: TestLine, caseNumber: string): Promise<void> {
  const stage = async (): Promise<Stage | undefined> =>
    (await stageOf(line, caseNumber)) as Stage | undefined;
  await awaited(`the end of ${caseNumber}`, async () => isEnded((await stage()) ?? 'received'), LIMIT_MS);
}

/** One at a time, because the speech server answers in the order of its requests. */
let speaking: Promise<void> = Promise.resolve();
function speaks({ line, speech }: CanaryStage, { person, secrets }: Canary, text: string): Promise<void> {
  if (!speech) throw new Error('voice notes need a speech server');
  speaking = speaking.then(async () => {
    const { bytes } = await sampleFile('voice');
    const file = Buffer.concat([bytes, Buffer.from(secrets.recording)]).toString('base64');
    speech.texts.push(text);
    await line.phones.write(person, { type: 'voice', file, mimeType: 'audio/ogg; codecs=opus' });
    await awaited('the transcript', () => speech.texts.length === 0, LIMIT_MS);
  });
  return speaking;
}

async function photoWith(description: string): Promise<string> {
  const bytes = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#777' } })
    .withExif({ IFD0: { ImageDescription: description, Artist: description } })
    .jpeg()
    .toBuffer();
  return bytes.toString('base64');
}

async function pageLink(line: TestLine, to: string, caseNumber: string, page: string): Promise<string> {
  return awaited(
    `the link of ${caseNumber} to ${page}`,
    async () =>
      (await line.phones.mails(to))
        .filter(({ subject, text }) => `${subject}\n${text}`.includes(caseNumber))
        .flatMap(({ links }) => links)
        .findLast(url => url.startsWith(`${line.baseUrl}${page}`)),
    LIMIT_MS,
  );
}

/** Submits a form of a call page or of an institution's page. */
async function sendPage(link: string, fields: Record<string, string>): Promise<void> {
  const html = await (await fetch(link)).text();
  const hidden = [...html.matchAll(/name="(nonce|seen)" value="([^"]*)"/g)];
  const kept = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
  const response = await fetch(link, { method: 'POST', body: new URLSearchParams({ ...kept, ...fields }) });
  if (!response.ok) throw new Error(`the page refused the form with ${response.status}`);
}
