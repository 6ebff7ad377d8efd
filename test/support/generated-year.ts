import type { CaseProgress, Outcome } from '../../src/domain/case/case';
import { newCaseState } from '../../src/domain/case/case';
import type { CaseFact } from '../../src/domain/case/case-events';
import type { CaseLine } from '../../src/reports/case-line';
import type { ReportSource } from '../../src/reports/case-story';
import { linesOf } from '../../src/reports/report';
import type { Store } from '../../src/store/store';
import { about, DAY, HOUR, MINUTE, opening, planAt } from './cases';
import { municipality } from './town-case';

/** What the generator decided about a case: from it the figures can be counted without reading a record. */
export interface GeneratedCase {
  caseNumber: string;
  receivedAt: number;
  subject: string;
  neighbourhood: string;
  desk: string;
  source: ReportSource;
  /** When and how the case was answered for good or for the time being; null while it is open. */
  answer: { at: number; outcome: Outcome } | null;
  /** When the target to resolve passed before the answer. */
  lateAt: number | null;
  reopenedAt: number | null;
  rating: { rating: number; at: number } | null;
}

/** Returns a random number from 0 to 1 per call, always the same ones for a seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Subjects that come more often in some months, 0 to 11, by this factor. */
const seasons: Readonly<Record<string, { months: number[]; factor: number }>> = {
  pothole: { months: [1, 2, 3], factor: 4 },
  'snow-ice': { months: [0, 1, 11], factor: 12 },
  'pest-control': { months: [5, 6, 7, 8], factor: 8 },
  park: { months: [4, 5, 6, 7, 8], factor: 3 },
  tree: { months: [2, 3, 9, 10], factor: 3 },
};

/** The reports of an hour, relative to others: few at night, most in the morning and after work. */
const hours = [1, 1, 1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 8, 9, 9, 8, 8, 9, 9, 8, 6, 5, 3, 2];

/**
 * Generates the cases of a year with seasons, weekends and hours of the day: most answered in time, some late, reopened,
 * rejected, planned, rated or still open. The same seed gives the same year.
 */
export function generatedYear(seed: number, count: number, year: number): GeneratedCase[] {
  const random = randomOf(seed);
  const chosen = <Value>(all: readonly Value[], weightOf: (value: Value) => number): Value => {
    let left = random() * all.reduce((sum, each) => sum + weightOf(each), 0);
    for (const each of all) {
      left -= weightOf(each);
      if (left < 0) return each;
    }
    return all[all.length - 1] as Value;
  };
  const within = (least: number, most: number): number =>
    Math.floor((least + random() * (most - least)) / 1_000) * 1_000;
  const start = Date.UTC(year, 0, 1) - 3 * HOUR;
  const days = Array.from({ length: 365 }, (_, day) => day);
  const subjects = municipality.categories.filter(({ owner }) => 'department' in owner);
  return Array.from({ length: count }, (_, number) => {
    const day = chosen(days, each =>
      new Date(start + each * DAY + DAY / 2).getUTCDay() % 6 === 0 ? 0.6 : 1,
    );
    const hour = chosen([...hours.keys()], each => hours[each] ?? 1);
    const receivedAt = start + day * DAY + hour * HOUR + within(0, HOUR);
    const month = new Date(receivedAt + 3 * HOUR).getUTCMonth();
    const subject = chosen(subjects, ({ slug }) =>
      seasons[slug]?.months.includes(month) ? (seasons[slug]?.factor ?? 1) : 1,
    );
    const desk = 'department' in subject.owner ? subject.owner.department : 'triage';
    const neighbourhood = chosen(municipality.neighbourhoods, ({ slug }) => 1 + (slug.length % 5)).slug;
    const isLate = random() < 0.12;
    const answeredAt = receivedAt + (isLate ? within(3 * DAY, 20 * DAY) : within(20 * MINUTE, 2 * DAY));
    const outcome: Outcome = chosen(
      ['resolved', 'partlyResolved', 'rejected', 'planned', 'withdrawn'] as const,
      each => ({ resolved: 80, partlyResolved: 6, rejected: 8, planned: 4, withdrawn: 2 })[each],
    );
    const isOpen = random() < 0.03;
    const isReopened = !isOpen && outcome === 'resolved' && random() < 0.05;
    const isRated = !isOpen && random() < 0.3;
    return {
      ...{ caseNumber: `PK-${code(number, 0)}-${code(number, 4)}`, receivedAt },
      ...{ subject: subject.slug, neighbourhood, desk },
      source: chosen(['whatsapp', 'phone', 'counter', 'muhtar'] as const, each =>
        each === 'whatsapp' ? 30 : 1,
      ),
      answer: isOpen ? null : { at: answeredAt, outcome },
      lateAt: isLate ? receivedAt + 3 * DAY : null,
      reopenedAt: isReopened ? answeredAt + within(HOUR, 5 * DAY) : null,
      rating: isRated ? { rating: 1 + Math.floor(random() * 5), at: answeredAt + HOUR } : null,
    };
  });
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function code(number: number, from: number): string {
  return Array.from({ length: 4 }, (_, place) => {
    const digit = Math.floor(number / 32 ** (7 - from - place)) % 32;
    return alphabet[digit];
  }).join('');
}

const act = { actionId: 'a' };

function factsOf({ receivedAt, desk, answer, lateAt, reopenedAt }: GeneratedCase): CaseFact[] {
  const plan = planAt(receivedAt, desk);
  const planned = { ...{ type: 'planned' as const, desk, calendarVersion: 'test' }, acceptBy: plan.acceptBy };
  const deadlines = { resolveBy: receivedAt + 3 * DAY, legalBy: receivedAt + 30 * DAY };
  const facts: CaseFact[] = [
    { at: receivedAt, type: 'opened', desk },
    { at: receivedAt, ...planned, ...deadlines },
  ];
  if (answer && answer.outcome !== 'withdrawn') {
    facts.push({ at: receivedAt + 15 * MINUTE, type: 'accepted', ...act, desk });
  }
  if (lateAt !== null) {
    const rung = { clock: 'resolve' as const, level: 1, to: 'chief' as const, lateMs: 0 };
    facts.push({ at: lateAt, type: 'breached', ...rung });
  }
  if (answer) facts.push(answerFact(answer, desk));
  if (reopenedAt !== null) {
    facts.push({ at: reopenedAt, type: 'feedback', messageId: 'm', answer: 'unsolved' });
    facts.push({ at: reopenedAt, type: 'reopened', count: 1 });
    facts.push({ at: reopenedAt, ...planned, ...deadlines });
  }
  return facts;
}

function answerFact({ at, outcome }: NonNullable<GeneratedCase['answer']>, desk: string): CaseFact {
  switch (outcome) {
    case 'rejected':
      return { at, type: 'rejected', ...act, desk };
    case 'planned':
      return { at, type: 'plannedAhead', ...act, desk, plannedFor: at + 30 * DAY, precision: 'day' };
    case 'withdrawn':
      return { at, type: 'withdrawn', messageId: 'm' };
    default:
      return { at, type: 'resolved', ...act, desk, ...(outcome === 'partlyResolved' && { outcome }) };
  }
}

/** Returns generated cases as the statistics read them. */
export function linesOfYear(cases: readonly GeneratedCase[]): CaseLine[] {
  const stories = cases.map(one => ({
    ...{ caseNumber: one.caseNumber, receivedAt: one.receivedAt, facts: factsOf(one), rating: one.rating },
    about: { ...about, subject: one.subject, neighbourhood: one.neighbourhood, source: one.source },
  }));
  return linesOf({ municipality, closures: [] }, stories);
}

/** Writes generated cases as their workflows would, several at once. */
export async function writeYear(store: Store, cases: readonly GeneratedCase[]): Promise<void> {
  const waiting = [...cases];
  const writers = Array.from({ length: 8 }, async () => {
    for (let one = waiting.pop(); one; one = waiting.pop()) await writeCase(store, one);
  });
  await Promise.all(writers);
}

async function writeCase(store: Store, one: GeneratedCase): Promise<void> {
  const { caseNumber, receivedAt, desk, source, rating } = one;
  const category = { slug: one.subject, name: one.subject };
  const neighbourhood = { slug: one.neighbourhood, name: one.neighbourhood };
  const input = opening({ caseNumber, receivedAt, category, neighbourhood, plan: planAt(receivedAt, desk) });
  await store.cases.open(caseNumber, {
    ...{ openedBy: 'm-1', citizenId: 'c-1', language: 'tr', kind: 'problem', category, priority: 'p2' },
    ...{ confidence: 1, matchedWords: [], neighbourhood, place: null, outside: false, desk },
    ...{ institution: null, withNotice: false, receivedAt: new Date(receivedAt) },
    ...(source !== 'whatsapp' && { entry: { source, answer: 'none' as const, by: 'Memur' } }),
  });
  const facts = factsOf(one);
  const { handled: _, ...state } = newCaseState(input);
  const stage = one.answer && one.reopenedAt === null ? 'closed' : 'assigned';
  const progress: CaseProgress = { ...state, stage, revision: facts.length };
  await store.cases.write(progress, facts);
  if (rating) await store.ratings.add({ caseNumber, rating: rating.rating, at: new Date(rating.at) });
}
