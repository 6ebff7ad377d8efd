import { type LifeLine, startLifeLine } from './support/life-line';
import { caseNumberIn, type Person } from './support/line/phones';

jest.setTimeout(60_000);

/** Reports whose subject is a guess, a likely one, and two likely ones. */
const vague = 'Burada çok gürültü ve pislik var, Süvari mah. 1234. sokak';
const likely = 'Duvarın dibinde pislik var, Süvari mah. 1234. sokak';
const twoMatters = 'çöp alınmadı sokak lambası da yanmıyor Süvari mah. 1234. sokak';

const told = 'Konu seçilmediği için bildiriminiz henüz kayda alınmadı';

let line: LifeLine;

/** People who do not answer our question about the subject, with all that they have heard until the second day after. */
const people = new Map<string, Person>();
const said = new Map<string, string[]>();
const saidTo = (name: string): string[] => said.get(name) ?? [];

async function recordOf(text: string) {
  const record = await line.store.cases.get(caseNumberIn(text));
  if (!record) throw new Error('no record');
  return record.intake;
}

beforeAll(async () => {
  line = await startLifeLine('unanswered', '2026-11-25 10:00');
  const messages = {
    vague: { type: 'text', body: vague },
    late: { type: 'text', body: vague },
    likely: { type: 'text', body: likely },
    two: { type: 'text', body: twoMatters },
    shown: { type: 'image', sample: 'pothole', caption: vague },
    burst: { type: 'text', body: 'çöpler üç gündür alınmadı' },
  };
  for (const [name, message] of Object.entries(messages)) {
    const person = await line.phones.newPerson();
    people.set(name, person);
    await line.write(person, message);
    if (name === 'burst')
      await line.write(person, { type: 'text', body: 'sokak lambası yanmıyor, Süvari mah. 1234. sokak' });
  }
  await line.passBurst();
  await line.passAnswerWait();
  await line.until('2026-11-25 20:00');
  await line.tap(people.get('late') as Person, 'Gürültü');
  // Before the targets of the cases.
  await line.until('2026-11-27 08:00');
  for (const [name, person] of people)
    said.set(
      name,
      (await line.phones.told(person)).map(({ text }) => text),
    );
}, 240_000);
afterAll(() => line.stop());

test('a guess never becomes a case by silence: the citizen hears it once, and the words stay in the record', async () => {
  expect(saidTo('vague')).toEqual([
    expect.stringContaining('listeden seçer misiniz'),
    expect.stringContaining(told),
  ]);
  const kept = await line.store.messages.model.find({ words: vague, type: 'text' }).lean();
  const open = kept.filter(({ caseNumber }) => caseNumber === null);
  expect(open).toHaveLength(1);
  expect(open[0]?.handledAt).toBeInstanceOf(Date);
});

test('the list can be answered ten hours later, and the case has the first words', async () => {
  expect(saidTo('late')).toHaveLength(3);
  const intake = await recordOf(saidTo('late').at(-1) ?? '');
  expect(intake).toMatchObject({
    category: { slug: 'noise' },
    chosenByCitizen: true,
    location: { street: '1234. Sokak' },
  });
});

test('a likely subject becomes a case at the triage desk', async () => {
  expect(saidTo('likely')).toHaveLength(2);
  expect(await recordOf(saidTo('likely').at(-1) ?? '')).toMatchObject({
    category: { slug: 'rubbish' },
    chosenByCitizen: false,
    desk: 'triage',
  });
});

test('a photo with any words becomes a case at the triage desk', async () => {
  expect(saidTo('shown')).toHaveLength(2);
  expect(await recordOf(saidTo('shown').at(-1) ?? '')).toMatchObject({ desk: 'triage', photographed: true });
});

test.each(['two', 'burst'])('none of two matters is lost (%s)', async name => {
  const [asked, ...receipts] = saidTo(name);
  expect(asked).toContain('Mesajınızda iki konu var: “Çöpün alınmaması” ve “Sokak aydınlatması”.');
  const intakes = await Promise.all(receipts.map(recordOf));
  expect(intakes).toMatchObject([
    { category: { slug: 'rubbish' }, desk: 'triage', chosenByCitizen: false },
    { category: { slug: 'street-light' }, desk: 'triage', chosenByCitizen: false },
  ]);
});
