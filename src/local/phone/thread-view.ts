import type { SandboxCitizen } from '../cloud-api/citizens';
import type { Entry, Thread } from '../cloud-api/threads';
import { linkOf, type PageLink, repliesOf, type ReplyOption, shownWordsOf } from './replies';

const iso = (ms: number): string => new Date(ms).toISOString();

/** One message in the control API. Times are ISO 8601 in UTC. */
export interface BubbleView {
  id: string;
  from: 'citizen' | 'municipality';
  type: string;
  at: string;
  /** The visible text. */
  text: string;
  /** The message object on the wire. */
  content: object;
  /** Its tappable replies. */
  replies: ReplyOption[];
  /** The page that a button of the message opens. */
  link?: PageLink;
  status?: string;
  statuses?: { status: string; at: string }[];
  errors?: object[];
  /** For the citizen's messages: whether the webhook was answered with 200, and when the message was read. */
  webhook?: string;
  readAt?: string;
}

export function messageView(entry: Entry): BubbleView {
  const common = {
    id: entry.wamid,
    from: entry.from,
    type: entry.content.type,
    at: iso(entry.at),
    text: shownWordsOf(entry),
    content: entry.content,
  };
  if (entry.from === 'citizen') {
    return {
      ...common,
      replies: [],
      webhook: entry.webhook,
      ...(entry.readAt === undefined ? {} : { readAt: iso(entry.readAt) }),
    };
  }
  const link = linkOf(entry);
  return {
    ...common,
    replies: repliesOf(entry),
    ...(link && { link }),
    status: entry.status,
    statuses: entry.statuses.map(mark => ({ status: mark.status, at: iso(mark.at) })),
    ...(entry.errors === undefined ? {} : { errors: entry.errors }),
  };
}

export interface CitizenView {
  id: string;
  name: string;
  phone?: string;
  bsuid?: string;
  username?: string;
  windowClosesAt: string | null;
  windowOpen: boolean;
  online: boolean;
  hasAccount: boolean;
  sendsReadReceipts: boolean;
  typing: boolean;
  messages: number;
}

export function citizenView(thread: Thread, now: number): CitizenView {
  const {
    id,
    name,
    phone,
    bsuid,
    username,
    windowClosesAt,
    online,
    hasAccount,
    sendsReadReceipts,
  }: SandboxCitizen = thread.citizen;
  return {
    id,
    name,
    ...(phone === undefined ? {} : { phone }),
    ...(bsuid === undefined ? {} : { bsuid }),
    ...(username === undefined ? {} : { username }),
    windowClosesAt: windowClosesAt === null ? null : iso(windowClosesAt),
    windowOpen: windowClosesAt !== null && now < windowClosesAt,
    online,
    hasAccount,
    sendsReadReceipts,
    typing: thread.typingUntil > now,
    messages: thread.entries.length,
  };
}
