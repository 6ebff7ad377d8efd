import { type LifeLine, startLifeLine } from './support/life-line';
import type { Person } from './support/line/phones';

jest.setTimeout(60_000);

const desk = 'bildirim.masasi@etimesgut.example';

let line: LifeLine;
beforeAll(async () => {
  line = await startLifeLine('shared-number', '2026-11-25 10:00');
}, 60_000);
afterAll(() => line.stop());

test('a citizen with a username shares the number on request, and the desk gets it', async () => {
  const { id } = (await line.phones.control('POST', '/citizens', {
    name: 'Ayşe',
    username: 'ayse',
  })) as Person;
  const person = { id, name: 'Ayşe', phone: '', bsuid: '' };
  await line.write(person, { type: 'text', body: 'bir görevliyle görüşmek istiyorum' });
  await line.passBurst();
  const question = await line.phones.hears(person, 'telefon numaranızı paylaşabilirsiniz');
  expect(question.replies.map(({ title }) => title)).toEqual(['Bilgilerimi paylaş']);
  const without = await line.phones.mailed(desk, 'bilinmiyor');
  expect(without.text).not.toContain('+90');

  await line.tap(person, 'Bilgilerimi paylaş');
  await line.passBurst();
  await line.phones.hears(person, 'Telefon numaranızı aldık');
  const letter = await line.phones.mailed(desk, /Telefon: *\+90 \*\*\* \*\*\* \d\d/);
  const page = await fetch(letter.links.find(link => link.includes('/c/')) ?? '');
  const [, phone = ''] = /tel:\+(90500\d{7})/.exec(await page.text()) ?? [];
  const named = await line.store.identities.model.findById(`wa:${phone}`).lean();
  expect((await line.store.citizens.get(named?.citizenId ?? ''))?.phone).toBe(phone);
});

test('a citizen whose number is known is not asked for it', async () => {
  const person = await line.phones.newPerson();
  await line.write(person, { type: 'text', body: 'bir görevliyle görüşmek istiyorum' });
  await line.passBurst();
  const answer = await line.phones.hears(person, 'Bir görevliyle görüşmek için');
  expect(answer.text).not.toContain('paylaşabilirsiniz');
});

test('the card of somebody else is not the number of the sender', async () => {
  const person = await line.phones.newPerson();
  await line.write(person, { type: 'contacts', name: 'Ali Veli', phone: '+90 532 111 22 33' });
  await line.passBurst();
  expect(await line.store.identities.model.findById('wa:905321112233').lean()).toBeNull();
});
