import type { SandboxCitizen } from './citizens';
import type { RenderedTemplate } from './templates';
import type { SendBody } from './message-body';

export type MessageStatus = 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

/** The part of a webhook message that says what it is: `{type, [type]: …, context?}`. */
export type Content = { type: string } & Record<string, unknown>;

/** A message a citizen wrote. Times are epoch milliseconds. */
export interface CitizenEntry {
  from: 'citizen';
  wamid: string;
  at: number;
  content: Content;
  /** Whether the product has answered 200 to the webhook. */
  webhook: 'queued' | 'taken';
  readAt?: number;
}

/** A message the municipality sent, with every status it went through. */
export interface LineEntry {
  from: 'municipality';
  wamid: string;
  at: number;
  content: SendBody;
  rendered?: RenderedTemplate;
  status: MessageStatus;
  statuses: { status: MessageStatus; at: number }[];
  errors?: object[];
}

export type Entry = CitizenEntry | LineEntry;

export interface Thread {
  citizen: SandboxCitizen;
  entries: Entry[];
  /** Until when the phone shows that an answer is being typed. */
  typingUntil: number;
}

export interface Threads {
  all(): Thread[];
  get(citizenId: string): Thread | undefined;
  /** By number (digits), BSUID, or username with an @, to which nobody can write. */
  find(key: string): Thread | undefined;
  entry(wamid: string): { thread: Thread; entry: Entry } | undefined;
  add(citizen: SandboxCitizen): Thread;
  append(thread: Thread, entry: Entry): void;
  /** Must follow every change of a thread: it is what saves it and refreshes the pages. */
  changed(thread: Thread): void;
}

/** The chats of the stage in memory; `onChange` is told of each change. */
export function createThreads(saved: readonly Thread[], onChange: (thread: Thread) => void): Threads {
  const byId = new Map<string, Thread>();
  const byKey = new Map<string, Thread>();
  const byWamid = new Map<string, { thread: Thread; entry: Entry }>();

  const remember = (thread: Thread): void => {
    const { id, phone, bsuid, username } = thread.citizen;
    byId.set(id, thread);
    const name = username === undefined ? undefined : `@${username}`;
    for (const key of [phone, bsuid, name]) if (key !== undefined) byKey.set(key, thread);
    for (const entry of thread.entries) byWamid.set(entry.wamid, { thread, entry });
  };
  [...saved].sort((a, b) => a.citizen.createdAt - b.citizen.createdAt).forEach(remember);

  return {
    all: () => [...byId.values()],
    get: id => byId.get(id),
    find: key => byKey.get(key),
    entry: wamid => byWamid.get(wamid),
    add(citizen) {
      const thread: Thread = { citizen, entries: [], typingUntil: 0 };
      remember(thread);
      onChange(thread);
      return thread;
    },
    append(thread, entry) {
      thread.entries.push(entry);
      byWamid.set(entry.wamid, { thread, entry });
      onChange(thread);
    },
    changed: onChange,
  };
}
