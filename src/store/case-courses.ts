import type { CaseIntake, CaseProgress, CaseRecords, OpenedCase } from './case-records';
import type { MessageRecords } from './message-records';

const AT_ONCE_2 = 500;

type StoredCase = { _id: string; intake: CaseIntake; progress: CaseProgress | null };

export type CaseCourses = ReturnType<typeof caseCourses>;

/** Reads to learn from how cases were routed. They ask for ranges and lists, which is slow on FerretDB. */
export function caseCourses(
  { model }: Pick<CaseRecords, 'model'>,
  { model: messages }: Pick<MessageRecords, 'model'>,
) {
  return {
    /** All cases received in [`from`, `to`), oldest first, some hundred at a time. */
    async *between(from: Date, to: Date): AsyncGenerator<OpenedCase[]> {
      const found = model
        .find({ 'intake.receivedAt': { $gte: from, $lt: to } })
        .sort({ 'intake.receivedAt': 1 })
        .lean<StoredCase[]>()
        .cursor();
      let batch: OpenedCase[] = [];
      for await (const { _id, intake, progress } of found) {
        if (!progress) continue;
        batch.push({ caseNumber: _id, intake, progress });
        if (batch.length < AT_ONCE_2) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },

    /** The words of the reports behind these cases, in the order in which they were written. */
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
