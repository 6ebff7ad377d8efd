import { tellStaff } from '../activities/tell-staff';
import { wordsMessage } from './support/cases';
import { type LetterDesk, startLetterDesk } from './support/letter-desk';
import { at } from './support/town-case';

let desk: LetterDesk;

beforeAll(async () => {
  desk = await startLetterDesk('danger-letter');
}, 60_000);
afterAll(() => desk.stop());

/** Lets a citizen write and staff be told at a local time; returns the letters. */
async function lettersAt(moment: string, says: 'emergency' | 'person', ...words: string[]) {
  const citizenId = `citizen-${moment}-${says}`;
  const sentAt = new Date(at(moment));
  await desk.store.citizens.seen(citizenId, {
    ...{ phone: '905551112233', bsuid: null, profileName: 'Ayşe Yılmaz', language: 'tr', at: sentAt },
  });
  const messageIds = words.map((_, i) => `${citizenId}-${i}`);
  for (const [i, text] of words.entries()) {
    await desk.store.messages.add(
      wordsMessage({
        ...{ id: messageIds[i] ?? '', citizenId, sentAt, says, words: text, caseNumber: null },
      }),
    );
  }
  const before = desk.box.mails.length;
  await tellStaff({ ...desk.deps, now: () => sentAt })({ citizenId, messageIds });
  return desk.box.mails.slice(before);
}

test('danger to people reaches the desk by night and whoever is on duty, with the talk and a link to the number', async () => {
  const mails = await lettersAt(
    '2026-11-28 23:00',
    'emergency',
    'Yangın var!',
    'Süvari 1234. sokak 5 numara',
  );
  const { triage } = desk.municipality.departments;
  const { duty } = desk.municipality;
  const onDuty = Object.values(duty.people).map(({ address }) => address);
  const recipients = mails.flatMap(({ to }) => to);
  expect(recipients).toHaveLength(2);
  expect(recipients).toContain(triage?.mail.address);
  expect(recipients.filter(address => onDuty.includes(address))).toHaveLength(1);
  for (const mail of mails) {
    expect(mail.subject).toMatch(/^ACİL/);
    expect(mail.raw).toMatch(/^Importance: High/im);
    expect(mail.text).toContain('+90 *** *** 33');
    expect(mail.text).toMatch(/\/c\/k1\./);
    expect(`${mail.text ?? ''}${mail.html ?? ''}`).not.toMatch(/5551112233|Ayşe|Yılmaz/);
    expect(mail.text).toContain('Yangın var!');
    expect(mail.text).toContain('Süvari 1234. sokak 5 numara');
    expect(mail.text).toContain('112');
  }
});

test('in office hours the desk alone gets it', async () => {
  const mails = await lettersAt('2026-11-26 10:00', 'emergency', 'Gaz kokusu var');
  expect(mails.flatMap(({ to }) => to)).toEqual([desk.municipality.departments['triage']?.mail.address]);
});

test('a wish to speak to a person is no alarm, at night either', async () => {
  const mails = await lettersAt('2026-11-28 23:30', 'person', 'Bir görevliyle görüşmek istiyorum');
  expect(mails).toHaveLength(1);
  expect(mails[0]?.subject).not.toContain('ACİL');
  expect(mails[0]?.raw).not.toMatch(/^Importance:/im);
});
