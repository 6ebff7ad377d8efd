import type { Connection, Model } from 'mongoose';
import { type CaseProgress, termsOf } from '../domain/case/case';
import { coarse } from '../domain/retention';
import type { CaseFact } from '../domain/case/case-events';
import type { CaseIntake, CaseRecord, CaseRecords, Corrected } from './case-records';
import type { CitizenRecords } from './citizen-records';
import type { AttachmentRecords } from './file-records';
import type { Place } from './message-records';

/** A stored document of any family. */
export type Stored = { _id: string } & Record<string, unknown>;

/** Returns the model of a collection. */
export function modelOf(connection: Connection, collection: string): Model<Stored> {
  const models: readonly Model<Stored>[] = Object.values(connection.models);
  const found = models.find(model => model.collection.name === collection);
  if (!found) throw new Error(`There is no collection ${collection}`);
  return found;
}

export type CaseErasure = ReturnType<typeof caseErasure>;

/**
 * Removes personal data of cases. Every function is idempotent and can be repeated after a crash. Updates go to one
 * record at a time, because the embedded store is fast by `_id` only.
 */
export function caseErasure(
  connection: Connection,
  {
    cases,
    citizens,
    attachments,
  }: {
    cases: Pick<CaseRecords, 'get' | 'model'>;
    citizens: CitizenRecords;
    attachments: Pick<AttachmentRecords, 'remove'>;
  },
) {
  const of = (collection: string): Model<Stored> => modelOf(connection, collection);

  async function idsOf(collection: string, caseNumbers: readonly string[]): Promise<string[]> {
    const found = await of(collection)
      .find({ caseNumber: { $in: caseNumbers } }, { _id: 1 })
      .lean<{ _id: string }[]>();
    return found.map(({ _id }) => _id);
  }

  /** Removes content, recipient and Meta's id of letters. Kind, state and dates stay as proof of an answer. */
  async function clearLetters(keys: readonly string[], at: Date): Promise<void> {
    const outbox = of('outbox');
    const cleared = { content: {}, outsideWindow: [], recipient: '', providerId: null, erasedAt: at };
    for (const _id of keys) await outbox.updateOne({ _id }, { $set: cleared });
  }

  /** Removes texts and, with `actor`, the names of staff. */
  async function clearActs(ids: readonly string[], fields: Record<string, null>): Promise<void> {
    for (const _id of ids) await of('task-actions').updateOne({ _id }, { $set: fields });
  }

  async function clearFacts(caseNumbers: readonly string[]): Promise<void> {
    const events = of('case-events');
    const found = await events
      .find({ caseNumber: { $in: caseNumbers } })
      .lean<{ _id: string; fact: CaseFact }[]>();
    for (const { _id, fact } of found) {
      if (!('messageId' in fact) && !('messageIds' in fact)) continue;
      await events.updateOne({ _id }, { $set: { fact: withoutMessages(fact) } });
    }
  }

  async function clearPlaces(caseNumbers: readonly string[]): Promise<void> {
    const cells = of('report-cells');
    const found = await cells
      .find({ 'reports.caseNumber': { $in: caseNumbers } })
      .lean<{ _id: string; reports: { caseNumber: string }[] }[]>();
    const emptied: string[] = [];
    for (const { _id, reports } of found) {
      const gone = reports.filter(({ caseNumber }) => caseNumbers.includes(caseNumber));
      await cells.updateOne({ _id }, { $pullAll: { reports: gone } });
      if (gone.length === reports.length) emptied.push(_id);
    }
    // The name of a cell can be a street in the words of the citizen.
    await cells.deleteMany({ _id: { $in: emptied } });
  }

  /** Removes cases from the lists of their citizens, so that nothing leads from a person to a case. */
  async function forgetCases(citizenIds: readonly string[], caseNumbers: readonly string[]): Promise<void> {
    for (const citizenId of citizenIds) {
      const found = await citizens.model.findById(citizenId).lean<{ cases?: { caseNumber: string }[] }>();
      const gone = found?.cases?.filter(({ caseNumber }) => caseNumbers.includes(caseNumber)) ?? [];
      if (gone.length > 0) await citizens.model.updateOne({ _id: citizenId }, { $pullAll: { cases: gone } });
    }
  }

  /** Returns the messages of other cases of the same citizens: one message can open two cases. */
  async function sharedMessages(
    citizenIds: readonly string[],
    leaving: ReadonlySet<string>,
  ): Promise<Set<string>> {
    const shared = new Set<string>();
    for (const id of citizenIds) {
      for (const { caseNumber } of (await citizens.get(id))?.cases ?? []) {
        const other = leaving.has(caseNumber) ? null : await cases.get(caseNumber);
        for (const messageId of other ? messagesOf(other) : []) shared.add(messageId);
      }
    }
    return shared;
  }

  return {
    clearLetters,
    clearActs,

    /** Deletes records by `_id`: one scan for many, because each delete scans the embedded store. */
    async remove(collection: string, ids: readonly string[]): Promise<void> {
      if (ids.length > 0) await of(collection).deleteMany({ _id: { $in: ids } });
    },

    /** Returns the other cases of a citizen that contain a message. */
    async casesWith({ id, citizenId }: { id: string; citizenId: string }): Promise<CaseRecord[]> {
      const own = (await citizens.get(citizenId))?.cases ?? [];
      const found = await Promise.all(own.map(({ caseNumber }) => cases.get(caseNumber)));
      return found.filter(record => record !== null).filter(record => messagesOf(record).includes(id));
    },

    /**
     * Anonymises ended cases: everything that belongs to them first, the mark on the case last. Subject,
     * neighbourhood, dates, stages, department and outcome stay, so that statistics do not change. An anonymised case
     * can no longer be reopened.
     */
    async anonymise(caseNumbers: readonly string[], at: Date): Promise<void> {
      const found = (await Promise.all(caseNumbers.map(cases.get))).filter(record => record !== null);
      const records = found.filter(({ intake }) => !intake.anonymisedAt);
      if (records.length === 0) return;
      const numbers = records.map(({ caseNumber }) => caseNumber);
      const owners = [...new Set(records.map(({ intake }) => intake.citizenId))];
      const people = await Promise.all(owners.map(citizens.get));
      const owning = [...new Set(people.flatMap(each => (each ? [each.id, ...each.formerIds] : [])))];

      const shared = await sharedMessages(owning, new Set(numbers));
      const listed = [...records.flatMap(messagesOf), ...(await idsOf('messages', numbers))];
      const gone = [...new Set(listed)].filter(id => !shared.has(id));
      await of('messages').deleteMany({ _id: { $in: gone } });
      await of('strikes').deleteMany({ messageId: { $in: gone } });
      await attachments.remove(await idsOf('attachments', numbers));
      for (const collection of ['photos', 'photo-covers', 'work-photos', 'status-links']) {
        await of(collection).deleteMany({ caseNumber: { $in: numbers } });
      }
      await clearLetters(await idsOf('outbox', numbers), at);
      await clearActs(await idsOf('task-actions', numbers), {
        ...{ words: null, colleague: null, pin: null, street: null },
      });
      await clearFacts(numbers);
      await clearPlaces(numbers);
      await forgetCases(owning, numbers);
      for (const record of records) {
        const { caseNumber } = record;
        const stored = await cases.model
          .findById(caseNumber, { corrected: 1 })
          .lean<{ corrected?: Corrected | null }>();
        const corrected = stored?.corrected && { category: stored.corrected.category, similar: null };
        const { $set } = anonymous(record, at);
        await cases.model.updateOne(
          { _id: caseNumber },
          { $set: { ...$set, ...(corrected && { corrected }) } },
        );
      }
    },
  };
}

function messagesOf({ intake, progress }: CaseRecord): string[] {
  return [intake.openedBy, ...(progress?.messageIds ?? [])];
}

function withoutMessages(fact: CaseFact): CaseFact {
  return {
    ...fact,
    ...('messageId' in fact && fact.messageId !== null && { messageId: '' }),
    ...('messageIds' in fact && { messageIds: [] }),
  };
}

/** Returns the place to about 100 metres, without the name and address of a pin. */
export function roughPlace(place: Place | null): Place | null {
  if (place === null) return null;
  const { latitude, longitude } = place;
  return { latitude: coarse(latitude), longitude: coarse(longitude), name: null, address: null };
}

/** Returns the facts of a case with its place to about 100 metres and without street and address. */
export function withRoughPlace(intake: CaseIntake): CaseIntake {
  const { place, location } = intake;
  const rough = { street: null, address: null, keptRoad: null, borderMetres: null };
  return { ...intake, place: roughPlace(place), ...(location && { location: { ...location, ...rough } }) };
}

function anonymous({ intake, progress }: CaseRecord, at: Date): { $set: object } {
  const { place, location } = withRoughPlace(intake);
  // Field by field: the subject as first recorded stays, for reports on routing.
  const kept = {
    'intake.openedBy': '',
    'intake.citizenId': '',
    'intake.place': place,
    'intake.neighbourhood': intake.neighbourhood,
    ...(location && { 'intake.location': location }),
    ...(intake.entry && { 'intake.entry': { ...intake.entry, by: '' } }),
    'intake.similar': null,
    'intake.anonymisedAt': at,
  };
  const course: CaseProgress | null = progress && {
    ...progress,
    citizenId: '',
    messageIds: [],
    terms: { ...termsOf(progress), reopenLimit: 0, takeBackWithinMs: 0 },
    outcomeIsFinal: true,
  };
  return { $set: { ...kept, progress: course } };
}
