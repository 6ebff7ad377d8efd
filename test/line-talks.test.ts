import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { casesOf, stageOf, taskLink } from './support/line/cases-of-line';
import { textOf, parcelOf } from './support/line/delivery';
import { caseNumberIn, type Person, type Phones } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { beginTalks, type Talks } from './support/line/talks';
import { actOn, openTask } from './support/line/task-page';
import type { SideBySide } from './support/side-by-side';

const pin = { type: 'location', latitude: 39.9432, longitude: 32.6444 };
const desk = 'bildirim.masasi@etimesgut.example';

let line: TestLine;
let phones: Phones;

const say = (person: Person, body: string): Promise<string> => phones.write(person, { type: 'text', body });
const photo = { type: 'image', sample: 'pothole' };

async function reported(person: Person, words = pothole): Promise<string> {
  await say(person, words);
  return caseNumberIn((await phones.hears(person, 'Bildiriminiz alındı', 60_000)).text);
}

async function messagesOf(caseNumber: string): Promise<number> {
  return (await line.store.cases.get(caseNumber))?.progress?.messageIds.length ?? 0;
}

/** Each conversation is a different citizen's; all run concurrently. */
const talks: Talks = {
  async 'an unsure subject is chosen from a list, then only the place is asked for'(person) {
    await say(person, 'Yolda çukur ve lamba sorunu');
    const list = await phones.hears(person, 'konuyu listeden seçer misiniz');
    assert.equal(list.replies.at(-1)?.title, 'Başka bir konu');
    assert.ok(list.replies.length <= 10);
    await phones.tap(person, list, 'Yol çukuru');
    await phones.hears(person, 'konumu paylaşır mısınız', 60_000);
    await phones.write(person, pin);
    const { text } = await phones.hears(person, 'Bildiriminiz alındı', 60_000);
    assert.match(text, /Konu: Yol çukuru[^]*Süvari[^]*Fen İşleri/);
  },

  async 'ten photos, text and a pin in any order are one case, and a late photo is added'(person) {
    for (let count = 0; count < 5; count += 1) await phones.write(person, photo);
    await say(person, pothole);
    await phones.write(person, pin);
    for (let count = 0; count < 5; count += 1) await phones.write(person, photo);
    const caseNumber = caseNumberIn((await phones.hears(person, 'Bildiriminiz alındı', 60_000)).text);
    await awaited(
      'ten photos',
      async () => {
        const kept = await line.store.photos.model.countDocuments({ caseNumber });
        return kept === 10;
      },
      60_000,
    );
    await phones.write(person, photo);
    await phones.hears(person, `${caseNumber} numaralı kaydınıza eklendi`, 60_000);
    await awaited('all messages', async () => (await messagesOf(caseNumber)) === 13);
  },

  async 'unclear text with an open case leads to a question with buttons'(person) {
    const caseNumber = await reported(person);
    await say(person, 'geçerken çok zorlanıyoruz');
    const question = await phones.hears(person, 'Yazdığınız yeni bir bildirim mi', 60_000);
    await phones.tap(person, question, 'Bu kayıt hakkında');
    await phones.hears(person, `${caseNumber} numaralı kaydınıza eklendi`, 60_000);
  },

  async 'a complaint about delay is answered with the state of the open case'(person) {
    const caseNumber = await reported(person);
    await say(person, 'hâlâ gelen giden yok');
    await phones.hears(person, new RegExp(`^(?!Bildiriminiz)[^]*Kayıt no: ${caseNumber}`), 60_000);
    await awaited('the complaint to join the case', async () => (await messagesOf(caseNumber)) === 2);
  },

  async 'a quoted message of the line determines the case'(person) {
    await say(person, pothole);
    const first = await phones.hears(person, 'Bildiriminiz alındı', 60_000);
    await say(person, 'Elvan mahallesi 12. sokakta çöpler alınmadı');
    const second = await phones.hears(
      person,
      ({ id, text }) => id !== first.id && text.includes('Bildiriminiz alındı'),
      60_000,
    );
    const caseNumber = caseNumberIn(first.text);
    await phones.write(person, { type: 'text', body: 'Hâlâ düzelmedi', replyTo: first.id });
    await phones.hears(person, `${caseNumber} numaralı kaydınıza eklendi`, 60_000);
    await phones.write(person, { type: 'text', body: 'durum', replyTo: first.id });
    await phones.hears(person, new RegExp(`^(?!Bildiriminiz)[^]*Kayıt no: ${caseNumber}`), 60_000);
    assert.equal(await messagesOf(caseNumber), 2);
    assert.equal(await messagesOf(caseNumberIn(second.text)), 1);
  },

  async '"durum" lists the open cases of the citizen; another number is answered as unknown'(person) {
    const other = await phones.newPerson({ name: 'Başkası' });
    const foreign = await reported(other, 'Göksu mahallesi 5. sokakta ağaç devrildi');
    const first = await reported(person);
    await say(person, 'Elvan mahallesi 12. sokakta çöpler alınmadı');
    await awaited(
      'two cases',
      async () =>
        (await phones.told(person)).filter(({ text }) => text.includes('Bildiriminiz alındı')).length === 2,
      60_000,
    );
    await say(person, 'durum');
    const { text } = await phones.hears(person, 'Açık kayıtlarınız: 2', 60_000);
    assert.ok(text.includes(first));
    await say(person, `durum ${foreign}`);
    const strange = await phones.hears(person, 'size ait bir kayıt bulunamadı', 60_000);
    await say(person, 'durum PK-0000-0000');
    const unknown = await awaited(
      'a second answer',
      async () => {
        const found = (await phones.told(person)).filter(message =>
          message.text.includes('size ait bir kayıt'),
        );
        return found[1];
      },
      60_000,
    );
    assert.equal(unknown.text, strange.text);
  },

  async '"iptal" is confirmed and ends the case'(person) {
    const caseNumber = await reported(person);
    await say(person, 'iptal');
    const question = await phones.hears(person, `${caseNumber} numaralı kaydınız`, 60_000);
    await phones.tap(person, question, 'Evet, iptal edilsin');
    await awaited(
      'the end of the case',
      async () => (await stageOf(line, caseNumber)) === 'withdrawn',
      60_000,
    );
  },

  async 'a citizen who asks for a person gets the number, and the desk a mail'(person) {
    await say(person, 'Bir görevliyle görüşmek istiyorum');
    await phones.hears(person, 'numarasını arayabilirsiniz');
    const mail = await phones.mailed(desk, `+90 *** *** ${person.phone.slice(-2)}`);
    assert.match(mail.subject, /görüşmek istiyor/);
    const page = await fetch(mail.links.find(link => link.includes('/c/')) ?? '');
    assert.ok((await page.text()).includes(`tel:+${person.phone}`));
  },

  async '"dur" stops interim messages, but neither the outcome nor answers'(person) {
    const caseNumber = await reported(person);
    await say(person, 'dur');
    await phones.hears(person, 'ara bilgilendirme, soru ve hatırlatma göndermeyeceğiz', 60_000);
    const link = await taskLink(line, roads, caseNumber);
    assert.ok(!(await openTask(link)).acts.includes('askCitizen'));
    await actOn(link, 'accept');
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    await actOn(link, 'schedule', { day });
    await awaited('the plan', async () => (await stageOf(line, caseNumber)) === 'scheduled');
    await actOn(link, 'resolve', { words: 'Çukur kapatıldı.' });
    await phones.hears(person, 'Açıklama: Çukur kapatıldı.', 60_000);
    assert.ok(!(await phones.told(person)).some(({ text }) => text.includes('çalışma günü planlandı')));
    await say(person, 'durum');
    await phones.hears(person, `Kayıt no: ${caseNumber}`, 60_000);
    await say(person, 'başla');
    await phones.hears(person, 'yeniden gönderilecek', 60_000);
  },

  async 'a suggestion is passed on without a question, answered, and ends with the answer'(person) {
    await say(person, 'Önerim: Göksu Parkına yeni banklar konulsa güzel olur');
    const caseNumber = caseNumberIn((await phones.hears(person, 'Öneriniz kaydedildi')).text);
    const record = await line.store.cases.get(caseNumber);
    assert.equal(record?.intake.kind, 'suggestion');
    const link = await taskLink(line, 'park.bahceler@etimesgut.example', caseNumber);
    await actOn(link, 'resolve', { words: 'Bütçe görüşmelerinde değerlendirilecektir.' });
    const answer = await phones.hears(person, 'Yanıt: Bütçe görüşmelerinde', 60_000);
    // There is no survey: an answer can only be disputed.
    assert.equal(answer.replies.map(({ title }) => title).join(), 'İtiraz ediyorum');
    await awaited('the end of the case', async () => (await stageOf(line, caseNumber)) === 'closed');
  },

  async 'the acknowledgement asks for useful details, and the answer is added to the case'(person) {
    await say(person, 'Süvari mahallesi 1234. sokakta ruhsatsız lokanta var, denetleyin');
    const { text } = await phones.hears(person, 'Bildiriminiz alındı', 60_000);
    assert.match(text, /Henüz yazmadıysanız: İşyerinin adı ve adresi nedir\?/);
    const caseNumber = caseNumberIn(text);
    await say(person, 'Yıldız, köşedeki');
    await phones.hears(person, `${caseNumber} numaralı kaydınıza eklendi`, 60_000);
  },

  async 'a case above the limit is not opened: the citizen is notified, and the messages are stored'(person) {
    const reports = [
      pothole,
      'Elvan mahallesi 12. sokakta çöpler alınmadı',
      'Göksu mahallesi 5. sokakta ağaç devrildi',
    ];
    for (const [count, words] of reports.entries()) {
      await say(person, words);
      await awaited(
        `case ${count + 1}`,
        async () => (await casesOf(line, person)).length === count + 1,
        60_000,
      );
    }
    const messageId = await say(person, 'Piyade mahallesi 8. sokakta kaldırım kırık');
    await phones.hears(person, 'kayıt sayınız üst sınıra ulaştı', 60_000);
    assert.equal((await casesOf(line, person)).length, 3);
    const kept = await line.store.messages.get((await line.store.hashId())(messageId));
    assert.match(kept?.words ?? '', /kaldırım kırık/);
  },

  async 'English is answered in English'(person) {
    await say(person, 'Hello, there is a pothole in our street');
    await phones.hears(person, 'share the location');
    await phones.write(person, pin);
    const { text } = await phones.hears(person, 'Case no', 60_000);
    assert.match(text, /Your report has been received[^]*Pothole/i);
  },

  async 'a resolved case is rated by list after the answer'(person) {
    const caseNumber = await reported(person);
    await actOn(await taskLink(line, roads, caseNumber), 'resolve', { words: 'Çukur dolduruldu.' });
    const question = await phones.hears(person, 'Çukur dolduruldu.', 60_000);
    await phones.tap(person, question, 'Çözüldü');
    const list = await phones.hears(person, 'puanlayabilirsiniz', 60_000);
    await phones.tap(person, list, '5 – Çok iyi');
    await phones.hears(person, 'Değerlendirmeniz için', 60_000);
    const kept = await line.store.ratings.model.findById(caseNumber).lean();
    assert.equal(kept?.rating, 5);
  },

  async 'petitions are explained, insults lead to a warning, and blocked citizens are notified once'(person) {
    await say(person, 'Dilekçe vermek istiyorum');
    await phones.hears(person, '30 gün');
    await say(person, 'şerefsizler');
    await phones.hears(person, 'saygılı bir dil', 60_000);
    const [identity] = await line.store.identities.model.find({ _id: `wa:${person.phone}` }).lean();
    const citizenId = identity?.citizenId ?? '';
    assert.equal((await line.store.citizens.get(citizenId))?.strikes.length, 1);
    const until = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    const decided = ['--reason', 'hakaret', '--actor', 'Özel Kalem'];
    const blocked = await line.admin('block', citizenId, ...decided, '--until', until);
    assert.ok(blocked.includes(`is blocked until ${until}`));
    assert.match(await line.admin('blocked'), new RegExp(`${citizenId} .* – ${until} +hakaret`));
    for (const words of ['merhaba', pothole, 'durum']) await say(person, words);
    await phones.hears(person, 'kısıtlanmıştır', 60_000);
    await awaited('all messages to be kept', async () => {
      const messages = await line.store.messages.model.find({ citizenId }).lean();
      return messages.length === 5 && messages.every(({ handledAt }) => handledAt !== null);
    });
    const warnings = (await phones.told(person)).filter(({ text }) => text.includes('kısıtlanmıştır'));
    assert.equal(warnings.length, 1);
    assert.deepEqual((await line.store.citizens.get(citizenId))?.cases, []);
    assert.match(await line.admin('unblock', citizenId, ...decided), /is no longer blocked/);
    assert.match(await line.admin('blocked'), /^0 blocked/);
    await say(person, 'yardım');
    await phones.hears(person, 'Sorununuzu, talebinizi veya önerinizi', 60_000);
  },

  async 'a citizen with only a username is served to the end'() {
    const person = (await phones.control('POST', '/citizens', {
      name: 'Deniz',
      username: 'deniz.k',
    })) as Person;
    assert.equal(person.phone, undefined);
    const caseNumber = await reported(person);
    await actOn(await taskLink(line, roads, caseNumber), 'resolve', { words: 'Yapıldı.' });
    const question = await phones.hears(person, 'Yapıldı.', 60_000);
    await phones.tap(person, question, 'Çözüldü');
    await phones.hears(person, 'kaydınız kapatıldı', 60_000);
  },

  async '500 messages of one sender in a minute delay nobody and get few answers'(person) {
    await phones.openWindow(person);
    const started = Date.now();
    const words = ['durum', 'yardım', 'beni arayın', 'iptal', 'merhaba'];
    const flood = Promise.all(
      Array.from({ length: 500 }, async (_, count) => {
        await pause(count * 120);
        await line.deliver(parcelOf(person, textOf(words[count % words.length] ?? '')).body);
      }),
    );
    const neighbour = await phones.newPerson({ name: 'Komşu' });
    await say(neighbour, pothole);
    await phones.hears(neighbour, 'Bildiriminiz alındı', 45_000);
    await flood;
    const seconds = (Date.now() - started) / 1_000;
    const heard = (await phones.told(person)).length;
    assert.ok(heard > 0 && heard <= Math.ceil(seconds / 6) + 1, `${heard} answers in ${seconds} s`);
  },
};

let running: SideBySide;
beforeAll(async () => {
  line = await startLine('talks', { town: { mostOpenCases: 3 } });
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
