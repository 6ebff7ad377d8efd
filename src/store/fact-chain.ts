import {
  type AuditKey,
  type CaseRecords,
  chainStart,
  macOfFact,
  type SealedFact,
  type StoredEvent,
} from './case-records';

/**
 * What is wrong with a fact. `changed`: its MAC does not match. `missing`: it is gone. `added`: it has no MAC although
 * the facts of its case were sealed already. `unknownKey`: the key of its MAC is not in `AUDIT_KEYS`.
 */
type ChainFault = 'changed' | 'missing' | 'added' | 'unknownKey';

interface ChainFinding {
  caseNumber: string;
  /** The number of the fact. */
  number: number;
  fault: ChainFault;
}

export interface ChainReport {
  /** Cases with facts. */
  cases: number;
  sealed: number;
  /** Facts from before the chain, which have no MAC. */
  beforeChain: number;
  /** Facts that a restored backup had lost before the next one was written; the chain goes on over them. */
  lost: number;
  findings: ChainFinding[];
}

interface CaseChain {
  sealed: number;
  lost: number;
  findings: ChainFinding[];
  /** Facts without a MAC before the first sealed one. */
  unsealed: StoredEvent[];
}

const PAGE = 1_000;

export type FactChains = ReturnType<typeof factChains>;

/** Verifies the facts of all cases. Reads them page by page in the order of `_id`. */
export function factChains(
  { model, eventModel }: Pick<CaseRecords, 'model' | 'eventModel'>,
  keys: readonly AuditKey[],
) {
  const known = new Map(keys.map(({ id, key }) => [id, key]));

  /** Yields the facts of each case that has any. */
  async function* byCase(): AsyncGenerator<StoredEvent[]> {
    let group: StoredEvent[] = [];
    let last: string | null = null;
    for (;;) {
      const page: StoredEvent[] = await eventModel
        .find(last === null ? {} : { _id: { $gt: last } })
        .sort({ _id: 1 })
        .limit(PAGE)
        .lean<StoredEvent[]>();
      for (const event of page) {
        if (group[0] && group[0].caseNumber !== event.caseNumber) {
          yield group;
          group = [];
        }
        group.push(event);
      }
      last = page.at(-1)?._id ?? null;
      if (page.length < PAGE) break;
    }
    if (group.length > 0) yield group;
  }

  /** Returns the last sealed fact of every case that has one. A look-up per case would take most of the time. */
  async function lastFacts(): Promise<Map<string, SealedFact>> {
    const found = new Map<string, SealedFact>();
    let last: string | null = null;
    for (;;) {
      const page: { _id: string; sealed?: SealedFact }[] = await model
        .find(last === null ? {} : { _id: { $gt: last } }, { sealed: 1 })
        .sort({ _id: 1 })
        .limit(PAGE)
        .lean<{ _id: string; sealed?: SealedFact }[]>();
      for (const { _id, sealed } of page) if (sealed) found.set(_id, sealed);
      last = page.at(-1)?._id ?? null;
      if (page.length < PAGE) return found;
    }
  }

  return {
    /** Returns every changed, missing and added fact. The last facts of a case, gone with its record, are not noticed. */
    async verify(): Promise<ChainReport> {
      const report: ChainReport = { cases: 0, sealed: 0, beforeChain: 0, lost: 0, findings: [] };
      const ends = await lastFacts();
      const unsealed: { caseNumber: string; number: number; at: number }[] = [];
      let begins = Infinity;
      for await (const events of byCase()) {
        const caseNumber = events[0]?.caseNumber ?? '';
        const chain = chainOf(events, ends.get(caseNumber) ?? chainStart, known);
        ends.delete(caseNumber);
        report.cases += 1;
        report.sealed += chain.sealed;
        report.lost += chain.lost;
        report.findings.push(...chain.findings);
        for (const { number, at } of chain.unsealed) unsealed.push({ caseNumber, number, at: at.getTime() });
        for (const { seal, at } of events) if (seal) begins = Math.min(begins, at.getTime());
      }
      for (const [caseNumber, { number }] of ends) report.findings.push(...missing(caseNumber, 1, number));
      for (const { caseNumber, number, at } of unsealed) {
        // A case without any MAC, although the line had begun to seal: its MACs were removed, or it was written elsewhere.
        if (at > begins) report.findings.push({ caseNumber, number, fault: 'added' });
        else report.beforeChain += 1;
      }
      return report;
    },

    /** Yields the facts of a period (epoch ms UTC, the end excluded), oldest first, without ids of messages. */
    async *between(from: number, to: number): AsyncGenerator<Omit<StoredEvent, '_id'>> {
      const found = eventModel
        .find({ at: { $gte: new Date(from), $lt: new Date(to) } })
        .sort({ at: 1 })
        .lean<StoredEvent[]>()
        .cursor();
      for await (const { _id, fact, ...rest } of found) {
        const { messageId: _, messageIds: __, ...kept } = fact as Record<string, unknown>;
        yield { ...rest, fact: kept as StoredEvent['fact'] };
      }
    },
  };
}

function missing(caseNumber: string, first: number, last: number): ChainFinding[] {
  const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => first + place);
  return numbers.map(number => ({ caseNumber, number, fault: 'missing' }));
}

/** Follows the chain of one case to `end`, its last sealed fact. */
function chainOf(
  stored: readonly StoredEvent[],
  end: SealedFact,
  keys: ReadonlyMap<string, Buffer>,
): CaseChain {
  const events = [...stored].sort((a, b) => a.number - b.number);
  const caseNumber = events[0]?.caseNumber ?? '';
  const present = new Set(events.map(({ number }) => number));
  const chain: CaseChain = { sealed: 0, lost: 0, findings: [], unsealed: [] };
  const find = (number: number, fault: ChainFault): void =>
    void chain.findings.push({ caseNumber, number, fault });
  const findMissing = (first: number, last: number): void =>
    void chain.findings.push(
      ...missing(caseNumber, first, last).filter(({ number }) => !present.has(number)),
    );
  let last: SealedFact | null = null;
  for (const event of events) {
    const { _id, number, seal, at, fact } = event;
    if (_id !== `${caseNumber}:${number}`) find(number, 'added');
    else if (!seal) {
      if (last === null && number !== end.number) chain.unsealed.push(event);
      else find(number, 'added');
    } else {
      const before: SealedFact = last ?? chainStart;
      const key = keys.get(seal.key);
      chain.sealed += 1;
      if (key === undefined) find(number, 'unknownKey');
      else if (seal.after > before.number) findMissing(before.number + 1, seal.after);
      else if (at.getTime() !== fact.at || seal.mac !== macOfFact(key, event, before))
        find(number, 'changed');
      if (last) chain.lost += number - seal.after - 1;
      last = { number, mac: seal.mac };
    }
  }
  const reached = last?.number ?? 0;
  if (reached < end.number) findMissing(reached + 1, end.number);
  else if (reached === end.number && last && last.mac !== end.mac) find(reached, 'changed');
  return chain;
}
