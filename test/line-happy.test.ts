import type { BubbleView } from '../src/local/phone/thread-view';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { caseEnds, casesOf, stageOf, taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, reported, roads } from './support/line/reported';
import { actOn, keepForm, openTask, sendForm } from './support/line/task-page';

const pin = { type: 'location', latitude: 39.9432, longitude: 32.6444 };
const roadsChief = 'fen.isleri.sorumlu@etimesgut.example';
const parks = 'park.bahceler@etimesgut.example';

let line: TestLine;
beforeAll(async () => {
  line = await startLine('happy');
}, 120_000);
afterAll(() => line.stop());

/** Opens a resolved case whose citizen has received the survey. */
async function asked(): Promise<{
  citizen: Person;
  caseNumber: string;
  link: string;
  question: BubbleView;
}> {
  const report = await reported(line);
  await actOn(report.link, 'resolve', { words: 'Çukur dolduruldu.' });
  const question = await line.phones.hears(report.citizen, 'Çukur dolduruldu.');
  return { ...report, question };
}

describe('the whole life of a report', () => {
  it('leads from text and a pin to a closed case', async () => {
    const { phones } = line;
    const citizen = await phones.newPerson({ name: 'Mehmet Öz' });
    await phones.write(citizen, { type: 'text', body: pothole });
    await phones.write(citizen, pin);

    const acknowledged = await phones.hears(citizen, 'Bildiriminiz alındı');
    const caseNumber = caseNumberIn(acknowledged.text);
    expect(acknowledged.text).toMatch(/Konu: .*çukur/i);
    expect(acknowledged.text).toContain('Fen İşleri Müdürlüğü');
    expect(acknowledged.text).toContain('Aydınlatma metni');

    const link = await taskLink(line, roads, caseNumber);
    const page = await openTask(link);
    expect(page.html).toContain('arabalar zarar görüyor');
    expect(page.html).toContain('39.94320');
    expect((await actOn(link, 'accept')).html).toContain('İş kabul edildi');
    expect(await stageOf(line, caseNumber)).toBe('accepted');

    const words = 'Çukur dolduruldu, yol açıldı.';
    expect((await actOn(link, 'resolve', { words })).status).toBe(200);
    const question = await phones.hears(citizen, words);
    expect(question.replies.map(({ title }) => title)).toEqual(['Çözüldü', 'Kısmen çözüldü', 'Çözülmedi']);
    await phones.tap(citizen, question, 'Çözüldü');

    await phones.hears(citizen, `${caseNumber} numaralı kaydınız kapatıldı`);
    await caseEnds(line, caseNumber);
    expect(await stageOf(line, caseNumber)).toBe('closed');
    expect(await phones.told(citizen)).toHaveLength(3);
  }, 60_000);

  it('marks each message as read and shows that it is typing, before it answers', async () => {
    const { phones } = line;
    const citizen = await phones.newPerson();
    await phones.write(citizen, { type: 'text', body: pothole });
    await awaited('the typing indicator', async () => {
      const seen = (await phones.control('GET', `/citizens/${citizen.id}`)) as { typing: boolean };
      return seen.typing;
    });
    const [own] = await phones.chat(citizen);
    expect(own?.readAt).toBeDefined();
  });

  it('marks a tap on a button of a case as read', async () => {
    const { citizen, question } = await asked();
    const tapId = await line.phones.tap(citizen, question, 'Çözüldü');
    const read = await awaited('the ticks of the tap', async () =>
      (await line.phones.chat(citizen)).find(({ id, readAt }) => id === tapId && readAt !== undefined),
    );
    expect(read.text).toBe('Çözüldü');
  }, 60_000);

  it('asks for a missing place, and opens the case with the pin', async () => {
    const { phones } = line;
    const citizen = await phones.newPerson();
    await phones.write(citizen, { type: 'text', body: 'Yolda kocaman bir çukur var' });
    const question = await phones.hears(citizen, 'konumu paylaşır mısınız');
    expect(question.content).toMatchObject({ interactive: { type: 'location_request_message' } });
    await phones.write(citizen, pin);
    expect((await phones.hears(citizen, 'Bildiriminiz alındı')).text).toContain('Süvari');
  });

  it('keeps photos sent with it, and shows them to the department', async () => {
    const { phones } = line;
    const citizen = await phones.newPerson();
    await phones.write(citizen, { type: 'image', sample: 'pothole', caption: pothole });
    const { text } = await phones.hears(citizen, 'Bildiriminiz alındı');
    const link = await taskLink(line, roads, caseNumberIn(text));
    const photo = await awaited('the photo on the page', async () => {
      const [, path] = /<img src="([^"]+)"/.exec((await openTask(link)).html) ?? [];
      const response = path === undefined ? null : await fetch(new URL(path, link));
      return response?.status === 200 && response;
    });
    expect(photo.headers.get('content-type')).toBe('image/jpeg');
    expect((await photo.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
  });

  it('is handed off to the institution that owns the matter', async () => {
    const { phones } = line;
    const citizen = await phones.newPerson();
    await phones.write(citizen, { type: 'text', body: 'Süvari mah. 1234. sokakta sular kesik, su yok' });
    const { text } = await phones.hears(citizen, 'görev alanında değildir');
    expect(text).toContain('ASKİ');
    expect(text).toContain('185');
    await caseEnds(line, caseNumberIn(text));
    expect(await stageOf(line, caseNumberIn(text))).toBe('handedOff');
  });
});

describe('the department', () => {
  it('rejects with a reason, which the citizen reads and which ends the case', async () => {
    const { citizen, caseNumber, link } = await reported(line);
    const words = 'Bahsedilen yer özel bir sitenin içindedir.';
    const page = await actOn(link, 'reject', { reason: 'private-property', words });
    expect(page.html).toContain('Bildirim reddedildi');
    const { text } = await line.phones.hears(citizen, 'işlem yapılamadı');
    expect(text).toContain('Özel mülkiyet alanında kalıyor');
    expect(text).toContain(words);
    await caseEnds(line, caseNumber);
    expect(await stageOf(line, caseNumber)).toBe('rejected');
    expect((await openTask(link)).acts).toEqual([]);
  });

  it('reroutes to another department, whose link acts while the old one no longer does', async () => {
    const { citizen, caseNumber, link } = await reported(line);
    const kept = await keepForm(link, 'accept');
    const words = 'Konu parkın içinde kalıyor.';
    const page = await actOn(link, 'reroute', { department: 'park-ve-bahceler', words });
    expect(page.html).toContain('yönlendirildi');
    await line.phones.hears(citizen, 'Yeni birim: Park ve Bahçeler Müdürlüğü');
    const next = await taskLink(line, parks, caseNumber);
    const late = await sendForm(link, { ...kept, confirm: 'yes' });
    expect(late.status).toBe(409);
    expect(late.html).toContain('Bu bağlantının görevi sona ermiş');
    expect(await stageOf(line, caseNumber)).toBe('assigned');
    expect((await actOn(next, 'accept')).html).toContain('İş kabul edildi');
  });

  it('gets a Turkish explanation for an illegal act, and the case does not change', async () => {
    const { caseNumber, link } = await reported(line);
    const second = await keepForm(link, 'accept');
    await actOn(link, 'accept');
    const warned = await sendForm(link, { ...second, confirm: 'yes' });
    expect(warned.status).toBe(409);
    expect(warned.html).toContain('kayıt bu arada değişti');
    const refused = await sendForm(link, { ...second, confirm: 'yes', seen: '9999' });
    expect(refused.status).toBe(409);
    expect(refused.html).toContain('İşlem yapılmadı');
    expect(refused.html).toContain('Kayıt bu arada başka bir aşamaya geçti');
    expect(await stageOf(line, caseNumber)).toBe('accepted');
  });

  it('must describe the work and confirm the outcome', async () => {
    const { caseNumber, link } = await reported(line);
    const form = await keepForm(link, 'resolve');
    for (const fields of [{ confirm: 'yes', words: ' ' }, { words: 'Yapıldı.' }]) {
      expect((await sendForm(link, { ...form, ...fields })).status).toBe(400);
    }
    expect(await stageOf(line, caseNumber)).toBe('assigned');
  });
});

describe('the citizen', () => {
  it('answers "Çözülmedi": the case is reopened and the chief is notified', async () => {
    const { citizen, caseNumber, question } = await asked();
    await line.phones.tap(citizen, question, 'Çözülmedi');
    await line.phones.hears(citizen, 'yeniden açıldı');
    await line.phones.mailed(roadsChief, caseNumber);
    expect(await stageOf(line, caseNumber)).toBe('assigned');
    const link = await taskLink(line, roads, new RegExp(`${caseNumber}[\\s\\S]*yeniden`, 'i'));
    expect((await openTask(link)).acts).toContain('accept');
  });

  it('confirms in haste, and objects by tapping "Çözülmedi" on the same message', async () => {
    const { citizen, caseNumber, question } = await asked();
    await line.phones.tap(citizen, question, 'Çözüldü');
    await line.phones.hears(citizen, 'kaydınız kapatıldı');
    await caseEnds(line, caseNumber);
    await line.phones.tap(citizen, question, 'Çözülmedi');
    await line.phones.hears(citizen, 'sonucuna itirazınız alındı');
    expect(await stageOf(line, caseNumber)).toBe('objected');
  });

  it('only greets: gets a greeting, and no case is opened', async () => {
    const { phones } = line;
    const citizen = await phones.newPerson();
    await phones.write(citizen, { type: 'text', body: 'Merhaba, iyi günler' });
    await phones.hears(citizen, 'hoş geldiniz');
    expect(await casesOf(line, citizen)).toEqual([]);
  });
});
