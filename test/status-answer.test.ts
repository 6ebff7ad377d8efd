import { statusAnswer } from '../activities/status-answer';
import type { Deps } from '../activities/deps';
import type { ReplyTo } from '../activities/answers';
import { createTexts } from '../src/config/texts';
import type { NewCase } from '../src/domain/case/case';
import type { Act } from '../src/domain/case/acts';
import type { CaseEvent } from '../src/domain/case/case-events';
import { tapId } from '../src/domain/talk/taps';
import type { CaseIntake } from '../src/store/case-records';
import { statusText } from '../src/whatsapp/case-status';
import {
  acted,
  DAY,
  HOUR,
  newTerms,
  opening,
  playPlanned,
  T0,
  timePassed,
  wordsMessage,
} from './support/cases';
import { type Desk, startDesk } from './support/task-desk';
import { municipality } from './support/town-case';

const say = createTexts(municipality);
const given = (act: Partial<Act>): CaseEvent => ({
  type: 'acted',
  act: { actionId: 'a', task: 1, ...act } as Act,
});
const start = opening({ terms: newTerms });
const institution = { slug: 'aski', name: 'ASKİ' };
const programme = given({ action: 'planAhead', plannedFor: T0 + 90 * DAY, precision: 'month' });
const objected: CaseEvent = { type: 'objected', messageId: 'm-9' };
const rejected: [CaseEvent, number] = [acted('reject', 'e'), T0 + HOUR];
const today = '25 Kasım 2026';

type Script = [CaseEvent, number][];

/** The last lines of the status of a case at a time, after number, stage and department. */
const stories: [name: string, opening: NewCase, script: Script, at: number, lines: string[]][] = [
  ['new', start, [], T0 + HOUR, ['Hedeflenen çözüm: 27 Kasım 2026']],
  [
    'that is late',
    start,
    [[timePassed, T0 + 3 * DAY]],
    T0 + 3 * DAY,
    ['Hedeflenen tarih geçti; birim yöneticisine bildirildi. Sonucu bu hattan bildireceğiz.'],
  ],
  [
    'with a day for the work',
    start,
    [[given({ action: 'accept', plannedFor: T0 + 4 * DAY }), T0]],
    T0 + 3 * DAY,
    ['Planlanan çalışma günü: 29 Kasım 2026'],
  ],
  [
    'whose day for the work has passed',
    start,
    [[given({ action: 'accept', plannedFor: T0 + DAY }), T0]],
    T0 + 36 * HOUR,
    ['Hedeflenen çözüm: 27 Kasım 2026'],
  ],
  [
    'that waits for its citizen',
    start,
    [[given({ action: 'askCitizen' }), T0]],
    T0 + 5 * DAY,
    ['Çalışmanın sürmesi için sorumuza yanıtınızı bekliyoruz; yanıtınızı bu hatta yazabilirsiniz.'],
  ],
  [
    'that waits for an institution',
    start,
    [
      [acted('accept', 'x'), T0],
      [given({ action: 'waitInstitution', institution }), T0],
    ],
    T0 + 5 * DAY,
    [
      'İlgili kurumun işlemi bekleniyor: ASKİ Genel Müdürlüğü. Yeni tarih, kurumun işlemi tamamlanınca belli olacak.',
    ],
  ],
  ['that follows another', opening({ leader: 'PK-0000-0002' }), [], T0 + 5 * DAY, []],
  ['on the programme', start, [[programme, T0]], T0 + 50 * DAY, ['Planlanan zaman: Şubat 2027']],
  [
    'whose promised date has passed',
    start,
    [[programme, T0]],
    T0 + 91 * DAY,
    ['Programdaki zaman geçti; birim uyarıldı. Yeni zamanı bu hattan bildireceğiz.'],
  ],
  [
    'that is disputed',
    start,
    [rejected, [objected, T0 + 2 * HOUR]],
    T0 + 3 * HOUR,
    ['Karar verecek: Fen İşleri Müdürü', 'En geç: 26 Kasım 2026'],
  ],
  [
    'whose decision is late',
    start,
    [rejected, [objected, T0 + 2 * HOUR]],
    T0 + 5 * DAY,
    [
      'Karar verecek: Fen İşleri Müdürü',
      'Karar süresi geçti; üst makama bildirildi. Kararı bu hattan bildireceğiz.',
    ],
  ],
  ['that was rejected', start, [rejected], T0 + 5 * DAY, ['Sonuç: Olumsuz sonuçlandı']],
  ['that is solved', start, [[acted('resolve', 'e'), T0 + HOUR]], T0 + 3 * DAY, ['Sonuç: Çözüldü']],
  ['with a suggestion', opening({ terms: { ...newTerms, answerEnds: true } }), [], T0 + 50 * DAY, []],
];

const intake = { language: 'tr', category: { slug: 'pothole', name: 'Yol çukuru' } } as CaseIntake;

describe('the status of a case', () => {
  test.each(stories)('%s', (_, opened, script, at, lines) => {
    const { state } = playPlanned(opened, ...script).at(-1) ?? {};
    if (!state) throw new Error('no turn');
    const text = statusText(
      { municipality, say },
      { caseNumber: state.caseNumber, intake, progress: state },
      at,
    );
    expect(text.split('\n').slice(3)).toEqual(lines);
    // No date was promised for the day of the report.
    expect(text).not.toContain(today);
  });
});

describe('"durum"', () => {
  let desk: Desk;
  let deps: Deps;
  let asked = 0;
  beforeAll(async () => {
    desk = await startDesk('durum');
    desk.setClock(T0 + DAY);
    const parts = { store: desk.store, municipality, say, taskLinks: desk.links };
    deps = { ...parts, now: () => new Date(T0 + DAY) } as unknown as Deps;
  });
  afterAll(() => desk.stop());

  async function citizenWith(...cases: { ended: boolean; openedAt?: number }[]) {
    const id = `c-${(asked += 1)}`;
    const seen = { bsuid: null, phone: `90555111${asked}`, profileName: null, language: null };
    await desk.store.citizens.seen(id, { ...seen, at: new Date(T0), isMessage: true });
    const numbers: string[] = [];
    for (const { ended, openedAt = T0 } of cases) {
      const { caseNumber } = await desk.openCase({ openedAt, intake: { citizenId: id } });
      if (ended) {
        desk.setClock(openedAt + HOUR);
        await desk.take(caseNumber, acted('reject', `e-${caseNumber}`));
        desk.setClock(T0 + DAY);
      }
      await desk.store.citizens.caseOpened(id, { caseNumber, openedAt: new Date(openedAt) }, null);
      numbers.push(caseNumber);
    }
    const citizen = await desk.store.citizens.get(id);
    if (!citizen) throw new Error('no citizen');
    const ask = (message: { words?: string; tap?: string } = {}) => {
      const messages = [wordsMessage({ id: `m-${id}-${(asked += 1)}`, says: 'status', ...message })];
      const to: ReplyTo = {
        ...{ citizen, language: 'tr', kind: 'status', messages },
        ...{ caseNumber: null, alike: [], answer: null, question: null, matters: null, subject: null },
      };
      return statusAnswer(deps, to);
    };
    return { numbers, ask };
  }

  it('for the only case contains the link to its page', async () => {
    const { numbers, ask } = await citizenWith({ ended: false });
    const answer = await ask();
    expect(answer).toMatchObject({ type: 'link', title: 'Kaydımı aç' });
    if (answer.type !== 'link') throw new Error('no link');
    expect(answer.body).toContain(`Kayıt no: ${numbers[0]}`);
    const page = await (await fetch(answer.url)).text();
    expect(page).toContain(numbers[0]);
  });

  it('offers open cases and those that ended within 90 days', async () => {
    const long = T0 - 95 * DAY;
    const { numbers, ask } = await citizenWith(
      { ended: true, openedAt: long },
      { ended: true },
      { ended: false },
    );
    const [over = '', ended = '', open = ''] = numbers;
    const answer = await ask();
    if (answer.type !== 'list') throw new Error('no list');
    expect(answer.body).toContain('Açık kayıtlarınız: 1');
    expect(answer.body).toContain(open);
    expect(answer.rows.map(({ title }) => title)).toEqual([open, ended]);
    const chosen = await ask({ tap: answer.rows[1]?.id ?? '' });
    expect(chosen).toMatchObject({ type: 'link' });
    expect(JSON.stringify(chosen)).toContain('Sonuç: Olumsuz sonuçlandı');
    const old = await ask({ words: `durum ${over}` });
    expect(old).toMatchObject({ type: 'text' });
  });

  it('without an open case says so above the list of ended ones', async () => {
    const { numbers, ask } = await citizenWith({ ended: true }, { ended: true });
    const answer = await ask();
    if (answer.type !== 'list') throw new Error('no list');
    expect(answer.body).toContain('Açık bir kaydınız bulunmuyor');
    expect(answer.rows).toHaveLength(numbers.length);
  });

  it('for a row of another citizen is answered as unknown', async () => {
    const [own, other] = [await citizenWith({ ended: false }), await citizenWith({ ended: false })];
    const tap = tapId({ kind: 'status', caseNumber: other.numbers[0] ?? '' });
    const answer = await own.ask({ tap });
    expect(answer).toEqual({ type: 'text', body: say('tr', 'unknownCase', {}) });
  });
});
