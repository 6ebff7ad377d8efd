import { type CaseProgress, isEnded, stages } from '../domain/case/case';
import {
  type CaseIntake,
  type CaseRecords,
  type Corrected,
  type OpenedCase,
  readFact,
  type StoredFact,
} from './case-records';
import type { CaseFact } from '../domain/case/case-events';
import { openCallSteps } from '../domain/case/citizen-call';
import { awaitedThings } from '../domain/case/hand-off';
import type { MessageRecords } from './message-records';
import type { Rating, RatingRecords } from './rating-records';

/** A case with its audit trail. Facts are in order; `receivedAt` is epoch ms UTC. */
export interface StoredStory {
  caseNumber: string;
  receivedAt: number;
  facts: CaseFact[];
  /** The citizen's rating and its time (epoch ms UTC); null without one. */
  rating: { rating: number; at: number } | null;
}

/** The batch size for reading and yielding cases. */
const AT_ONCE = 500;

export type CaseStories = ReturnType<typeof caseStories>;

/** Reads whole audit trails for reports. Queries use ranges and lists, which are slow on FerretDB. */
export function caseStories(
  { model, eventModel }: Pick<CaseRecords, 'model' | 'eventModel'>,
  ratings: Pick<RatingRecords, 'model'>,
) {
  const underWay = stages.filter(stage => !isEnded(stage));

  async function numbersSince(from: Date): Promise<string[]> {
    const numbers = new Set<string>();
    const moved = eventModel
      .find({ at: { $gte: from } }, { caseNumber: 1 })
      .lean()
      .cursor();
    for await (const { caseNumber } of moved) numbers.add(caseNumber);
    for await (const { _id } of ratings.model
      .find({ at: { $gte: from } }, { _id: 1 })
      .lean()
      .cursor())
      numbers.add(_id);
    for (const number of await openNumbers()) numbers.add(number);
    return [...numbers].sort();
  }

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

  async function several(caseNumbers: readonly string[]): Promise<StoredStory[]> {
    const [cases, events, stars] = await Promise.all([
      model
        .find({ _id: { $in: caseNumbers } }, { 'intake.receivedAt': 1 })
        .lean<{ _id: string; intake: Pick<CaseIntake, 'receivedAt'> }[]>(),
      eventModel
        .find({ caseNumber: { $in: caseNumbers } })
        .lean<{ caseNumber: string; number: number; fact: StoredFact }[]>(),
      ratings.model.find({ _id: { $in: caseNumbers } }).lean<({ _id: string } & Rating)[]>(),
    ]);
    const stories = new Map<string, StoredStory & { numbered: { number: number; fact: CaseFact }[] }>();
    for (const { _id, intake } of cases) {
      const receivedAt = intake.receivedAt.getTime();
      stories.set(_id, { caseNumber: _id, receivedAt, facts: [], rating: null, numbered: [] });
    }
    for (const { caseNumber, number, fact } of events) {
      stories.get(caseNumber)?.numbered.push({ number, fact: readFact(fact) });
    }
    for (const { _id, rating, at } of stars) {
      const story = stories.get(_id);
      if (story) story.rating = { rating, at: at.getTime() };
    }
    return [...stories.values()].map(({ numbered, ...story }) => ({
      ...story,
      facts: numbered.sort((a, b) => a.number - b.number).map(({ fact }) => fact),
    }));
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

    /** Returns the audit trails of all cases that are open or changed since `from`. */
    async since(from: Date): Promise<StoredStory[]> {
      const numbers = await numbersSince(from);
      const found: StoredStory[] = [];
      for (let first = 0; first < numbers.length; first += AT_ONCE) {
        found.push(...(await several(numbers.slice(first, first + AT_ONCE))));
      }
      return found;
    },
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
