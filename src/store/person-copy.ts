import type { Connection } from 'mongoose';
import { modelOf, type Stored } from './case-erasure';
import type { CaseRecord, CaseRecords } from './case-records';
import type { Citizen } from './citizen-records';
import type { Message, MessageRecords } from './message-records';
import type { RatingRecords } from './rating-records';

/** Everything stored about a person, or about one case of theirs, without data of others. */
export interface PersonCopy {
  /** Null for a copy of one case. */
  citizen: Citizen | null;
  cases: (CaseRecord & { rating: number | null })[];
  /** The person's messages, oldest first. */
  messages: Message[];
  /** Our messages to the person, oldest first. */
  answers: { sentAt: Date; caseNumber: string | null; content: unknown; state: string }[];
  photos: { id: string; caseNumber: string; keptAt: Date }[];
  files: { id: string; caseNumber: string; name: string; mimeType: string; size: number; keptAt: Date }[];
  /** Decisions to block the person. The names of staff are not the person's data. */
  blocks: { at: Date; reason: string; until: Date | null }[];
  /** Requests for erasure. */
  requests: { requestedAt: Date; dueBy: Date; state: string }[];
}

export type CopyOfPerson = ReturnType<typeof copyOfPerson>;

/** Collects the records of a person. Scans collections on the embedded store. */
export function copyOfPerson(
  connection: Connection,
  {
    cases,
    messages,
    ratings,
  }: {
    cases: Pick<CaseRecords, 'get'>;
    messages: Pick<MessageRecords, 'shown'>;
    ratings: Pick<RatingRecords, 'of'>;
  },
) {
  const all = (
    collection: string,
    filter: object,
    sort: string,
    fields: Record<string, 1> = {},
  ): Promise<Stored[]> =>
    modelOf(connection, collection)
      .find(filter, fields)
      .sort({ [sort]: 1 })
      .lean<Stored[]>();

  const named = <T>(documents: readonly Stored[]): T[] =>
    documents.map(({ _id, ...rest }) => ({ id: _id, ...rest }) as T);

  /** Returns the copy of a person, or of one case if `citizen` is null. */
  return async (citizen: Citizen | null, caseNumbers: readonly string[]): Promise<PersonCopy> => {
    const ids = citizen ? [citizen.id, ...citizen.formerIds] : [];
    const ofCases = { caseNumber: { $in: caseNumbers } };
    const own = citizen ? { citizenId: { $in: ids } } : ofCases;
    const sent = citizen ? { recipient: { $in: ids } } : { ...ofCases, channel: 'whatsapp' };
    const records = (await Promise.all(caseNumbers.map(cases.get))).filter(record => record !== null);
    const answers = await all('outbox', sent, 'createdAt');
    const written = named<Message>(await all('messages', own, 'sentAt'));
    return {
      citizen,
      cases: await Promise.all(
        records.map(async record => ({
          ...withoutOthers(record),
          rating: await ratings.of(record.caseNumber),
        })),
      ),
      // A copy of one case may be for others, who see it without what was hidden.
      messages: citizen ? written : await messages.shown(written.map(({ id }) => id)),
      answers: answers.map(({ createdAt, caseNumber, content, state }) => ({
        sentAt: createdAt as Date,
        caseNumber: (caseNumber ?? null) as string | null,
        content,
        state: String(state),
      })),
      photos: named(await all('photos', ofCases, 'keptAt', { caseNumber: 1, keptAt: 1 })),
      files: named(
        await all('attachments', ofCases, 'keptAt', {
          ...{ caseNumber: 1, name: 1, mimeType: 1, size: 1, keptAt: 1 },
        }),
      ),
      blocks: citizen
        ? (await all('block-acts', own, 'at')).map(({ at, reason, until }) => ({
            at: at as Date,
            reason: String(reason),
            until: (until ?? null) as Date | null,
          }))
        : [],
      requests: citizen
        ? (await all('erasure-requests', own, 'requestedAt')).map(({ requestedAt, dueBy, state }) => ({
            requestedAt: requestedAt as Date,
            dueBy: dueBy as Date,
            state: String(state),
          }))
        : [],
    };
  };
}

/** The numbers of similar reports belong to other people. */
function withoutOthers({ caseNumber, intake, progress }: CaseRecord): CaseRecord {
  return {
    caseNumber,
    intake: { ...intake, similar: null },
    progress: progress && { ...progress, leader: null, members: [] },
  };
}
