import type { CaseProgress } from '../src/domain/case/case';
import { type LifeLine, startLifeLine } from './support/life-line';
import { taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { actOn } from './support/line/task-page';

jest.setTimeout(60_000);

const pin = { type: 'location', latitude: 39.9432, longitude: 32.6444 };
const words = { type: 'text', body: 'itiraz ediyorum' };

let line: LifeLine;

/** A case that cannot be disputed, and the answer to its citizen. */
interface Life {
  /** Brings the case into the state in which it cannot be disputed. */
  before: (life: Life) => Promise<void>;
  says: RegExp;
  stage: CaseProgress['stage'];
  /** Whether the text is added to the case and sent to its current desk. */
  joins?: true;
  withPin?: true;
  person: Person;
  caseNumber: string;
}

const toldTo = async ({ person }: Pick<Life, 'person'>): Promise<string[]> =>
  (await line.phones.told(person)).map(({ text }) => text);
const reject = async ({ caseNumber }: Life): Promise<void> =>
  void (await actOn(await taskLink(line, roads, caseNumber), 'reject', {
    reason: 'not-found',
    words: 'Görülmedi.',
  }));

const life = (about: Pick<Life, 'before' | 'says' | 'stage'> & Partial<Life>): Life => ({
  person: { id: '', name: '', phone: '', bsuid: '' },
  caseNumber: '',
  ...about,
});
const lives: Record<string, Life> = {
  'after the days for it': life({
    before: async () => undefined,
    says: /itiraz süresi 10 Aralık 2026 tarihinde doldu/,
    stage: 'rejected',
  }),
  'of a case that was withdrawn': life({
    async before({ person }) {
      await line.write(person, { type: 'text', body: 'iptal' });
      await line.passBurst();
      await line.tap(person, 'Evet, iptal edilsin');
    },
    says: /siz geri çektiğiniz için itiraz edilecek bir sonuç yok/,
    stage: 'withdrawn',
  }),
  'of a case that is still open': life({
    before: async () => undefined,
    says: /henüz sonuçlanmadı/,
    stage: 'assigned',
    joins: true,
  }),
  'of a case that follows another': life({
    before: async () => undefined,
    says: /aynı konudaki başka bir kayıtla birlikte izleniyor/,
    stage: 'duplicate',
    joins: true,
    withPin: true,
  }),
  'of a case that is being decided on': life({
    async before({ person }) {
      await line.write(person, words);
    },
    says: /itirazınız zaten değerlendiriliyor/,
    stage: 'objected',
    joins: true,
  }),
};
const all = Object.values(lives);
const letters = new Map<Life, string[]>();

async function opened(some: readonly Life[]): Promise<void> {
  for (const each of some) {
    each.person = await line.phones.newPerson();
    await line.write(each.person, { type: 'text', body: pothole });
    if (each.withPin) await line.write(each.person, pin);
  }
  await line.passBurst();
  for (const each of some) each.caseNumber = caseNumberIn((await toldTo(each)).at(-1) ?? '');
}

beforeAll(async () => {
  line = await startLifeLine('objection-limits', '2026-11-25 10:00');
  const [late, withdrawn, open, follower, deciding] = all as [Life, Life, Life, Life, Life];
  await opened([late]);
  await reject(late);
  // The second report follows the first one with the same pin.
  await line.until('2026-12-11 10:00');
  const leader = life({ before: async () => undefined, says: /./, stage: 'assigned', withPin: true });
  await opened([leader]);
  await opened([withdrawn, open, follower, deciding]);
  await reject(deciding);
  for (const each of all) await each.before(each);
  await line.until('2026-12-11 12:00');
  for (const { person } of all) await line.write(person, words);
  await line.until('2026-12-11 13:00');
  for (const each of all) {
    const mails = (await line.phones.mails()).filter(({ subject }) => subject.includes(each.caseNumber));
    letters.set(
      each,
      mails.map(({ subject, text }) => `${subject}\n${text}`),
    );
  }
}, 240_000);
afterAll(() => line.stop());

describe('an impossible objection is answered with the reason', () => {
  test.each(Object.keys(lives))('%s', async name => {
    const own = lives[name] as Life;
    const { says, stage, joins = false, caseNumber } = own;
    expect((await toldTo(own)).at(-1)).toMatch(says);
    const progress = (await line.store.cases.get(caseNumber))?.progress;
    expect(progress).toMatchObject({ stage });
    expect(await line.attributes(caseNumber)).toMatchObject({ CaseStage: stage });
    const isAdded = (letters.get(own) ?? []).some(letter => letter.includes('Vatandaş ekleme yaptı'));
    expect(isAdded).toBe(joins);
    const last = await line.store.messages.get(progress?.messageIds.at(-1) ?? '');
    expect(last?.words === words.body).toBe(joins);
  });

  test('and opens no other case', async () => {
    const citizens = await line.store.cases.model.distinct('intake.citizenId');
    expect(await line.store.cases.model.countDocuments()).toBe(citizens.length);
  });
});
