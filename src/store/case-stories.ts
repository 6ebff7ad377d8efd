import type { CaseKind } from '../domain/case/case';
import { type CaseProgress, isEnded, stages } from '../domain/case/case';
import type { CaseIntake, CaseRecord, CaseRecords, Corrected, OpenedCase, StaffEntry } from './case-records';
import type { CaseFact } from '../domain/case/case-events';
import { openCallSteps } from '../domain/case/citizen-call';
import { awaitedThings } from '../domain/case/hand-off';
import type { MessageRecords } from './message-records';
import type { OutboxRecord, OutboxRecords } from './outbox-records';
import type { RatingRecords } from './rating-records';

/** What a case is about, as corrected since, and its messages to the citizen. Slugs, and epoch ms UTC. */
interface StoryAbout {
  subject: string;
  neighbourhood: string | null;
  institution: string | null;
  source: 'whatsapp' | StaffEntry['source'];
  kind: CaseKind;
  /** The accepted messages, and those of them that were sent as a template. */
  messages: number;
  templates: number;
  firstMessageAt: number | null;
}

/** A case with its audit trail. Facts are in order; `receivedAt` is epoch ms UTC. */
export interface StoredStory {
  caseNumber: string;
  about: StoryAbout;
  receivedAt: number;
  facts: CaseFact[];
  /** The citizen's rating and its time (epoch ms UTC); null without one. */
  rating: { rating: number; at: number } | null;
  /** Whether a message to the citizen is still on its way. */
  isSending: boolean;
}

/** The cases received on one local day. */
export interface DayOfCases {
  numbers: string[];
  /** The facts and ratings on record, which only increase. */
  facts: number;
  ratings: number;
}

/** The batch size for reading and yielding cases. */
const AT_ONCE = 500;

export type CaseStories = ReturnType<typeof caseStories>;

/** Reads whole audit trails for statistics. */
export function caseStories(cases: CaseRecords, ratings: RatingRecords, outbox: Pick<OutboxRecords, 'get'>) {
  const { model } = cases;
  const underWay = stages.filter(stage => !isEnded(stage));

  async function openNumbers(): Promise<Set<string>> {
    const numbers = new Set<string>();
    for (const filter of [{ 'progress.stage': { $in: underWay } }, { progress: null }]) {
      for await (const { _id } of model.find(filter, { _id: 1 }).lean().cursor()) numbers.add(_id);
    }
    return numbers;
  }

  async function numbersOf(filter: Record<string, unknown>): Promise<string[]> {
    const found = await model.find(filter, { _id: 1 }).sort({ _id: 1 }).lean();
    return found.map(({ _id }) => _id);
  }

  return {
    /** Returns the numbers of all open cases, including those without a state. */
    async underWay(): Promise<string[]> {
      return [...(await openNumbers())].sort();
    },

    /** Returns the numbers of all cases, open or ended, whose citizen is to be phoned. */
    calling: () => numbersOf({ 'progress.call.step': { $in: openCallSteps } }),

    /** Returns the numbers of all cases, open or ended, that wait for a hand-off. */
    handingOff: () => numbersOf({ 'progress.handOff.awaits': { $in: awaitedThings } }),

    /** Returns all cases by the local day of their receipt. Reads every case once, without its facts. */
    async byDay(dayOf: (at: number) => string): Promise<Map<string, DayOfCases>> {
      const days = new Map<string, DayOfCases>();
      const dayOfCase = new Map<string, DayOfCases>();
      const found = model
        .find({}, { 'intake.receivedAt': 1, 'progress.revision': 1 })
        .lean<{ _id: string; intake: Pick<CaseIntake, 'receivedAt'>; progress?: { revision?: number } }[]>()
        .cursor();
      for await (const { _id, intake, progress } of found) {
        const name = dayOf(intake.receivedAt.getTime());
        const day = days.get(name) ?? { numbers: [], facts: 0, ratings: 0 };
        days.set(name, day);
        dayOfCase.set(_id, day);
        day.numbers.push(_id);
        day.facts += progress?.revision ?? 0;
      }
      for await (const { _id } of ratings.model.find({}, { _id: 1 }).lean().cursor()) {
        const day = dayOfCase.get(_id);
        if (day) day.ratings += 1;
      }
      for (const { numbers } of days.values()) numbers.sort();
      return days;
    },

    /** Returns a case with its audit trail, by look-ups only; null without a record. */
    async of(caseNumber: string): Promise<StoredStory | null> {
      const record = await cases.get(caseNumber);
      if (!record) return null;
      const { progress, intake } = record;
      const keys = Array.from({ length: progress?.effects ?? 0 }, (_, n) => `${caseNumber}:${n + 1}`);
      const [facts, rating, sent] = await Promise.all([
        cases.facts(caseNumber, progress?.revision ?? 0),
        ratings.get(caseNumber),
        Promise.all(keys.map(outbox.get)),
      ]);
      const messages = sent.flatMap(each => (each?.channel === 'whatsapp' ? [each] : []));
      return {
        caseNumber,
        about: aboutOf(record, messages),
        receivedAt: intake.receivedAt.getTime(),
        facts,
        rating: rating && { rating: rating.rating, at: rating.at.getTime() },
        isSending: messages.some(({ state }) => state === 'pending' || state === 'sending'),
      };
    },
  };
}

function aboutOf({ intake, progress }: CaseRecord, messages: readonly OutboxRecord[]): StoryAbout {
  const { category, neighbourhood, institution } = progress ?? intake;
  const accepted = messages.filter(({ state }) => state === 'accepted');
  const [first] = accepted
    .map(({ lastAttemptAt, createdAt }) => (lastAttemptAt ?? createdAt).getTime())
    .sort((a, b) => a - b);
  return {
    subject: category.slug,
    neighbourhood: neighbourhood?.slug ?? null,
    institution: institution?.slug ?? null,
    source: intake.entry?.source ?? 'whatsapp',
    kind: intake.kind,
    messages: accepted.length,
    templates: accepted.filter(({ sentAs }) => sentAs?.kind === 'template').length,
    firstMessageAt: first ?? null,
  };
}

type StoredCase = {
  _id: string;
  intake: CaseIntake;
  progress: CaseProgress | null;
  corrected?: Corrected;
};

export type CaseCourses = ReturnType<typeof caseCourses>;

/** Reads past routing decisions for training. Queries use ranges and lists, which are slow on FerretDB. */
export function caseCourses(
  { model }: Pick<CaseRecords, 'model'>,
  { model: messages }: Pick<MessageRecords, 'model'>,
) {
  return {
    /** Yields batches of the cases received in [`from`, `to`), oldest first, with the intake as first recorded. */
    async *between(from: Date, to: Date): AsyncGenerator<(OpenedCase & { corrected?: Corrected })[]> {
      const found = model
        .find({ 'intake.receivedAt': { $gte: from, $lt: to } })
        .sort({ 'intake.receivedAt': 1 })
        .lean<StoredCase[]>()
        .cursor();
      let batch: (OpenedCase & { corrected?: Corrected })[] = [];
      for await (const { _id, intake, progress, corrected } of found) {
        if (!progress) continue;
        batch.push({ caseNumber: _id, intake, progress, ...(corrected && { corrected }) });
        if (batch.length < AT_ONCE) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },

    /** Returns the texts of the reports of these cases, in the order they were written. */
    async wordsOf(caseNumbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const said = await messages
        .find({ caseNumber: { $in: caseNumbers }, says: { $in: ['report', 'emergency'] } })
        .sort({ sentAt: 1 })
        .lean<{ caseNumber: string; words?: string | null }[]>();
      const words = new Map<string, string>();
      for (const { caseNumber, words: more } of said) {
        const before = words.get(caseNumber);
        if (more) words.set(caseNumber, before === undefined ? more : `${before}\n${more}`);
      }
      return words;
    },
  };
}
