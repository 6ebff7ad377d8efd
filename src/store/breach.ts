import type { Connection } from 'mongoose';
import { isEnded } from '../domain/case/case';
import { modelOf, type Stored } from './case-erasure';
import type { CaseRecords } from './case-records';
import type { IdentityRecords } from './identity-records';

/** A period in epoch ms UTC, the end excluded, and the mailbox if only one is meant. */
export interface BreachScope {
  from: number;
  to: number;
  address?: string;
}

/** What somebody else may have read. */
export interface Touched {
  caseNumbers: string[];
  /** Cases that are still open. */
  open: number;
  citizenIds: string[];
  /** Records of those cases and people, by kind. */
  records: Readonly<Record<'messages' | 'photos' | 'files' | 'letters', number>>;
  links: number;
  /** Links that still open something. */
  validLinks: number;
}

/** Collections of links to cases. Links to the managers' page show figures only. */
const linksToCases = ['tasks', 'call-links', 'hand-off-links', 'status-links'] as const;

type LinkFields = Partial<Record<'caseNumber' | 'department', string>> &
  Partial<Record<'createdAt' | 'expiresAt', Date>> & {
    recipient?: { address?: string };
    wish?: { citizenId: string };
  };

/** A message of a citizen, or a letter or message of ours. */
type Letter = Partial<Record<'caseNumber' | 'citizenId' | 'channel' | 'recipient', string | null>> & {
  content?: { to?: { address?: string } };
};

export type BreachRecords = ReturnType<typeof breachRecords>;

/** Finds the cases and people that a loss touches. Reads whole collections; for rare use. */
export function breachRecords(
  connection: Connection,
  { cases, identities }: { cases: Pick<CaseRecords, 'get'>; identities: Pick<IdentityRecords, 'currentOf'> },
) {
  async function* records<T>(
    collection: string,
    filter: object,
    fields: readonly string[],
  ): AsyncGenerator<Stored & T> {
    const found = modelOf(connection, collection)
      .find(filter, Object.fromEntries(fields.map(field => [field, 1])))
      .lean<(Stored & T)[]>()
      .cursor();
    for await (const record of found) yield record;
  }

  const during = (field: string, { from, to }: BreachScope): object => ({
    [field]: { $gte: new Date(from), $lt: new Date(to) },
  });

  async function count(collection: string, field: string, values: readonly string[]): Promise<number> {
    let found = 0;
    for await (const { _id } of records(collection, { [field]: { $in: values } }, ['_id']))
      found += _id ? 1 : 0;
    return found;
  }

  async function touched(
    numbers: ReadonlySet<string>,
    people: ReadonlySet<string>,
    links: readonly LinkFields[],
  ): Promise<Touched> {
    const caseNumbers = [...numbers].sort();
    const ids = new Set<string>();
    let open = 0;
    for (const caseNumber of caseNumbers) {
      const record = await cases.get(caseNumber);
      if (record?.progress && !isEnded(record.progress.stage)) open += 1;
      // An anonymised case names nobody.
      if (record?.intake.citizenId) ids.add(await identities.currentOf(record.intake.citizenId));
    }
    for (const id of people) ids.add(await identities.currentOf(id));
    const now = new Date();
    return {
      ...{ caseNumbers, open, citizenIds: [...ids].sort(), links: links.length },
      validLinks: links.filter(({ expiresAt }) => !expiresAt || expiresAt > now).length,
      records: {
        messages: await count('messages', 'caseNumber', caseNumbers),
        photos: await count('photos', 'caseNumber', caseNumbers),
        files: await count('attachments', 'caseNumber', caseNumbers),
        letters: await count('outbox', 'caseNumber', caseNumbers),
      },
    };
  }

  /** Returns the links made in a period, or mailed to an address, and the cases and people they open. */
  async function linksIn(
    scope: BreachScope,
  ): Promise<{ links: LinkFields[]; numbers: Set<string>; people: Set<string> }> {
    const fields = ['caseNumber', 'department', 'createdAt', 'expiresAt', 'recipient', 'wish'];
    const isMeant = ({ recipient }: LinkFields): boolean =>
      scope.address === undefined || recipient?.address === scope.address;
    const links: LinkFields[] = [];
    for (const collection of linksToCases) {
      for await (const link of records<LinkFields>(collection, during('createdAt', scope), fields)) {
        if (isMeant(link)) links.push(link);
      }
    }
    const numbers = new Set(links.flatMap(({ caseNumber }) => caseNumber ?? []));
    // A list shows the open tasks of its department as long as it lasts.
    for await (const list of records<LinkFields>('list-links', during('createdAt', scope), fields)) {
      if (!isMeant(list)) continue;
      links.push(list);
      const shown = { department: list.department, createdAt: { $lt: list.expiresAt } };
      for await (const task of records<LinkFields>('tasks', shown, ['caseNumber', 'expiresAt'])) {
        if (task.caseNumber && (task.expiresAt ?? 0) > (list.createdAt ?? 0)) numbers.add(task.caseNumber);
      }
    }
    return { links, numbers, people: new Set(links.flatMap(({ wish }) => wish?.citizenId ?? [])) };
  }

  return {
    /** What links made in a period open: a lost link key, or a computer with its letters. */
    async byLinks(scope: BreachScope): Promise<Touched> {
      const { links, numbers, people } = await linksIn(scope);
      return touched(numbers, people, links);
    },

    /** What the letters to an address in a period tell, and what their links open. */
    async byMailbox(scope: BreachScope & { address: string }): Promise<Touched> {
      const { links, numbers, people } = await linksIn(scope);
      const fields = ['caseNumber', 'channel', 'content'];
      for await (const letter of records<Letter>('outbox', during('createdAt', scope), fields)) {
        const { channel, caseNumber, content } = letter;
        if (channel === 'mail' && caseNumber && content?.to?.address === scope.address)
          numbers.add(caseNumber);
      }
      return touched(numbers, people, links);
    },

    /** Who wrote in a period, and which cases were written to: a lost app secret or token, or a lost copy. */
    async byPeriod(scope: BreachScope): Promise<Touched> {
      const numbers = new Set<string>();
      const people = new Set<string>();
      const fields = ['caseNumber', 'citizenId', 'recipient', 'channel'];
      for (const [collection, field] of [
        ['messages', 'sentAt'],
        ['outbox', 'createdAt'],
      ] as const) {
        for await (const record of records<Letter>(collection, during(field, scope), fields)) {
          const { caseNumber, citizenId, channel, recipient } = record;
          if (caseNumber) numbers.add(caseNumber);
          if (citizenId) people.add(citizenId);
          if (channel === 'whatsapp' && recipient) people.add(recipient);
        }
      }
      for await (const { _id } of records('cases', during('intake.receivedAt', scope), ['_id'])) {
        numbers.add(_id);
      }
      return touched(numbers, people, []);
    },
  };
}
