import type { SandboxCitizen } from './citizens';
import type { RenderedTemplate } from './templates';
import type { SendBody } from './message-body';

type MessageStatus = 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

/** The content of a webhook message: `{type, [type]: …, context?}`. */
export type Content = { type: string } & Record<string, unknown>;

/** A message of a citizen. Times are epoch ms. */
export interface CitizenEntry {
  from: 'citizen';
  wamid: string;
  at: number;
  content: Content;
  /** Whether the product answered the webhook with 200. */
  webhook: 'queued' | 'taken';
  readAt?: number;
}

/** A message of the municipality with all its statuses. */
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
  /** The end of the typing indicator, epoch ms. */
  typingUntil: number;
}

export interface Threads {
  all(): Thread[];
  get(citizenId: string): Thread | undefined;
  /** By number (digits), BSUID or @username. Messages to usernames are not possible. */
  find(key: string): Thread | undefined;
  entry(wamid: string): { thread: Thread; entry: Entry } | undefined;
  add(citizen: SandboxCitizen): Thread;
  append(thread: Thread, entry: Entry): void;
  /** Must be called after every change of a thread: saves it and refreshes the pages. */
  changed(thread: Thread): void;
}

/** The chats of the sandbox in memory. Calls `onChange` after each change. */
export function createThreads(saved: readonly Thread[], onChange: (thread: Thread) => void): Threads {
  const byId = new Map<string, Thread>();
  const byKey = new Map<string, Thread>();
  const byWamid = new Map<string, { thread: Thread; entry: Entry }>();

  const remember = (thread: Thread): void => {
    const { id, phone, privatePhone, bsuid, username } = thread.citizen;
    byId.set(id, thread);
    const name = username === undefined ? undefined : `@${username}`;
    for (const key of [phone, privatePhone, bsuid, name]) if (key !== undefined) byKey.set(key, thread);
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
