import assert from 'node:assert/strict';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { casesOf, citizenIdOf, stageOf, taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person, type Phones } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { beginTalks, type Talks } from './support/line/talks';
import { actOn } from './support/line/task-page';
import type { SideBySide } from './support/side-by-side';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LONG = 60_000;
const garbage = 'Elvan mahallesi 12. sokakta çöpler üç gündür alınmadı';
const pin = { type: 'location', latitude: 39.9432, longitude: 32.6444 };
const photo = { type: 'image', sample: 'pothole' };
const voice = { type: 'voice' };
const pdf = { type: 'document', filename: 'apartman-karari.pdf' };

let line: TestLine;
let phones: Phones;

const say = (person: Person, body: string, replyTo?: string): Promise<string> =>
  phones.write(person, { type: 'text', body, ...(replyTo !== undefined && { replyTo }) });

async function reported(person: Person, words = pothole): Promise<string> {
  await say(person, words);
  return caseNumberIn((await phones.hears(person, 'Bildiriminiz alındı', LONG)).text);
}

/** Moves all times in the records of a person's cases into the past, as if that much time had passed. */
async function pass(person: Person, ms: number): Promise<void> {
  const { store } = line;
  const citizenId = await citizenIdOf(line, person);
  const citizen = await store.citizens.get(citizenId ?? '');
  assert.ok(citizen);
  const before = (at: Date): Date => new Date(at.getTime() - ms);
  const cases = citizen.cases.map(own => ({ ...own, openedAt: before(own.openedAt) }));
  await store.citizens.model.updateOne({ _id: citizen.id }, { $set: { cases } });
  for (const { caseNumber } of citizen.cases) {
    const record = await store.cases.get(caseNumber);
    assert.ok(record);
    const receivedAt = before(record.intake.receivedAt);
    await store.cases.model.updateOne({ _id: caseNumber }, { $set: { 'intake.receivedAt': receivedAt } });
    for (let effect = 1; effect <= (record.progress?.effects ?? 0); effect += 1) {
      const key = `${caseNumber}:${effect}`;
      const sent = await store.outbox.get(key);
      if (sent)
        await store.outbox.model.updateOne({ _id: key }, { $set: { createdAt: before(sent.createdAt) } });
    }
  }
}

const question = 'Hangi binanın önü? Kapı numarasını yazar mısınız?';

/** Opens a case whose department has asked a question. */
async function asked(person: Person): Promise<{ caseNumber: string; questionId: string }> {
  const caseNumber = await reported(person);
  await actOn(await taskLink(line, roads, caseNumber), 'askCitizen', { words: question });
  const { id } = await phones.hears(person, question, LONG);
  return { caseNumber, questionId: id };
}

/** Opens a case that the department has resolved. */
async function resolved(person: Person): Promise<{ caseNumber: string; outcomeId: string }> {
  const caseNumber = await reported(person);
  await actOn(await taskLink(line, roads, caseNumber), 'resolve', { words: 'Çukur kapatıldı.' });
  const { id } = await phones.hears(person, 'Açıklama: Çukur kapatıldı.', LONG);
  return { caseNumber, outcomeId: id };
}

async function reaches(caseNumber: string, stage: string): Promise<void> {
  await awaited(
    `${caseNumber} to be ${stage}`,
    async () => (await stageOf(line, caseNumber)) === stage,
    LONG,
  );
}

async function isAnswered(person: Person, caseNumber: string): Promise<void> {
  await reaches(caseNumber, 'assigned');
  await phones.mailed(roads, new RegExp(`${caseNumber}[^]*yanıt verdi|yanıt verdi[^]*${caseNumber}`), LONG);
  assert.deepEqual(await casesOf(line, person), [caseNumber]);
}

/** Messages that answer the department's question without naming the case, and the delay of each. */
const lateAnswers: [what: string, afterMs: number, message: Record<string, unknown>][] = [
  ['words after six days are', 6 * DAY, { type: 'text', body: 'Gül apartmanı no 12 önü' }],
  ['a photo alone after a day is', DAY, photo],
  ['a pin alone after six days is', 6 * DAY, pin],
  ['a voice note alone after a day is', DAY, voice],
  ['a PDF alone after a day is', DAY, pdf],
];

const answeredLate: Talks = Object.fromEntries(
  lateAnswers.map(([what, afterMs, message]) => [
    `${what} the answer, and nothing is asked back`,
    async (person: Person) => {
      const { caseNumber } = await asked(person);
      await pass(person, afterMs);
      await phones.write(person, message);
      await phones.hears(person, `${caseNumber} numaralı kaydınıza eklendi`, LONG);
      await isAnswered(person, caseNumber);
    },
  ]),
);

/** Each conversation is a different citizen's; all run concurrently. */
const talks: Talks = {
  ...answeredLate,

  async 'an answer in words after an hour is the answer, while a newer case is open'(person) {
    const { caseNumber } = await asked(person);
    await pass(person, HOUR);
    await say(person, garbage);
    await awaited('two cases', async () => (await casesOf(line, person)).length === 2, LONG);
    await say(person, 'Gül apartmanı no 12 önü');
    await phones.hears(person, `${caseNumber} numaralı kaydınıza eklendi`, LONG);
    await reaches(caseNumber, 'assigned');
  },

  async 'a quoted question is answered after a day'(person) {
    const { caseNumber, questionId } = await asked(person);
    await pass(person, DAY);
    await say(person, 'çöp konteynerinin yanı', questionId);
    await phones.hears(person, `${caseNumber} numaralı kaydınıza eklendi`, LONG);
    await isAnswered(person, caseNumber);
  },

  async 'a new report while the question is open is a case of its own'(person) {
    const { caseNumber } = await asked(person);
    await pass(person, DAY);
    await say(person, garbage);
    await awaited('two cases', async () => (await casesOf(line, person)).length === 2, LONG);
    assert.equal(await stageOf(line, caseNumber), 'waitingCitizen');
  },

  async 'a message for either of two cases leads to a question with both as buttons'(person) {
    const { caseNumber } = await asked(person);
    await pass(person, DAY);
    await say(person, 'çöp konteynerinin yanı');
    const which = await phones.hears(person, 'yeni bir bildirim mi', LONG);
    assert.ok(which.text.includes(caseNumber));
    await say(person, 'bu kayıt hakkında, teşekkürler');
    await phones.hears(person, `${caseNumber} numaralı kaydınıza eklendi`, LONG);
    await isAnswered(person, caseNumber);
  },

  async '"hâlâ duruyor" six days after the outcome reopens the case, and the answer confirms that'(person) {
    const { caseNumber } = await resolved(person);
    await pass(person, 6 * DAY);
    await say(person, 'hala duruyor, sadece toprak atmışlar');
    const taken = await phones.hears(person, 'yanıtınızı “Çözülmedi” olarak aldık', LONG);
    assert.equal(taken.replies.map(({ title }) => title).join(), 'Geri al');
    await phones.hears(person, `${caseNumber} numaralı kaydınız yeniden açıldı`, LONG);
    await reaches(caseNumber, 'assigned');
    await phones.mailed(roads, 'Yeniden açıldı', LONG);
    assert.deepEqual(await casesOf(line, person), [caseNumber]);
  },

  async 'the number with "çözülmedi" reopens the case'(person) {
    const { caseNumber } = await resolved(person);
    await pass(person, DAY);
    await say(person, `${caseNumber} çözülmedi, çukur hâlâ duruyor`);
    await phones.hears(person, `${caseNumber} numaralı kaydınız yeniden açıldı`, LONG);
  },

  async '"Çok teşekkürler yapıldı" two days after the outcome closes the case'(person) {
    const { caseNumber } = await resolved(person);
    await pass(person, 2 * DAY);
    await say(person, 'Çok teşekkürler yapıldı');
    await phones.hears(person, 'yanıtınızı “Çözüldü” olarak aldık', LONG);
    await reaches(caseNumber, 'closed');
    assert.deepEqual(await casesOf(line, person), [caseNumber]);
  },

  async 'a thumb on the outcome closes the case'(person) {
    const { caseNumber, outcomeId } = await resolved(person);
    await phones.write(person, { type: 'reaction', messageId: outcomeId, emoji: '👍' });
    await reaches(caseNumber, 'closed');
  },

  async 'a thumb down on the outcome reopens the case'(person) {
    const { caseNumber, outcomeId } = await resolved(person);
    await phones.write(person, { type: 'reaction', messageId: outcomeId, emoji: '👎' });
    await phones.hears(person, `${caseNumber} numaralı kaydınız yeniden açıldı`, LONG);
    await reaches(caseNumber, 'assigned');
  },

  async 'another reaction, or a thumb on another message, changes no case'(person) {
    const { caseNumber, outcomeId } = await resolved(person);
    const receipt = await phones.hears(person, 'Bildiriminiz alındı');
    await phones.write(person, { type: 'reaction', messageId: outcomeId, emoji: '😮' });
    await phones.write(person, { type: 'reaction', messageId: receipt.id, emoji: '👎' });
    await say(person, `${caseNumber} durum`);
    await phones.hears(person, message => message.text.includes('Durum:'), LONG);
    assert.equal(await stageOf(line, caseNumber), 'resolved');
  },

  async 'thanks alone are answered with the buttons'(person) {
    const { caseNumber } = await resolved(person);
    await pass(person, DAY);
    await say(person, 'Teşekkürler');
    const again = await phones.hears(person, 'kaydınızdaki sorun çözüldü mü', LONG);
    assert.equal(again.replies.length, 3);
    assert.equal(await stageOf(line, caseNumber), 'resolved');
  },

  async 'praise of the finished work is answered with the buttons and opens no second case'(person) {
    const { caseNumber } = await resolved(person);
    await pass(person, DAY);
    await say(person, 'elinize saglik oldu bu is');
    const again = await phones.hears(person, 'kaydınızdaki sorun çözüldü mü', LONG);
    assert.equal(again.replies.length, 3);
    assert.deepEqual(await casesOf(line, person), [caseNumber]);
  },

  async 'praise that says it is done closes the case'(person) {
    const { caseNumber } = await resolved(person);
    await pass(person, DAY);
    await say(person, 'emeği geçenlere teşekkürler çok güzel olmuş');
    await reaches(caseNumber, 'closed');
    assert.deepEqual(await casesOf(line, person), [caseNumber]);
  },

  async 'other text about a resolved case is mailed to the department'(person) {
    const { caseNumber } = await resolved(person);
    await pass(person, DAY);
    await say(person, 'yarın size oradan yine yazacağım');
    await phones.hears(person, `${caseNumber} numaralı kaydınıza eklendi`, LONG);
    await phones.mailed(roads, /Vatandaş ekleme yaptı[^]*oradan yine yazacağım/, LONG);
  },

  async 'an objection in words to a rejection goes to its decider and opens no second case'(person) {
    const caseNumber = await reported(person);
    await actOn(await taskLink(line, roads, caseNumber), 'reject', {
      reason: 'not-found',
      words: 'Görülmedi.',
    });
    await phones.hears(person, 'Görülmedi.', LONG);
    await pass(person, DAY);
    await say(person, 'itiraz ediyorum, çukur yerinde duruyor');
    await reaches(caseNumber, 'objected');
    assert.deepEqual(await casesOf(line, person), [caseNumber]);
  },

  async '"iptal teşekkürler", then "evet lütfen" withdraws the case'(person) {
    const caseNumber = await reported(person);
    await say(person, 'iptal teşekkürler');
    await phones.hears(person, 'iptal edilsin mi', LONG);
    await say(person, 'Evet lütfen!');
    await reaches(caseNumber, 'withdrawn');
  },

  async 'a message that is not understood opens no case'(person) {
    await say(person, 'hımm bakalım');
    const wishes = await phones.hears(person, 'Anlayamadım', LONG);
    assert.equal(wishes.replies.length, 3);
    await phones.tap(person, wishes, 'Sorun bildir');
    await phones.hears(person, 'Sorunu ve yerini', LONG);
    await say(person, pothole);
    await phones.hears(person, 'Bildiriminiz alındı', LONG);
    assert.equal((await casesOf(line, person)).length, 1);
  },
};

let running: SideBySide;
beforeAll(async () => {
  line = await startLine('days-later');
  ({ phones } = line);
  running = beginTalks(line, talks);
}, 120_000);
afterAll(() => line.stop());

test.each(Object.keys(talks))(
  '%s',
  async name => {
    expect(await running.failureOf(name)).toBeNull();
  },
  150_000,
);
