import type { Mail } from '../../../src/local/mailbox/mails';
import type { BubbleView } from '../../../src/local/phone/thread-view';
import { awaited } from './awaited';

/** A citizen with a phone in the sandbox. */
export interface Person {
  id: string;
  name: string;
  /** Digits with country code. */
  phone: string;
  bsuid: string;
}

/** The citizens' phones and the departments' mailbox, through the sandbox's control API. */
export interface Phones {
  newPerson(about?: { name?: string; phone?: string }): Promise<Person>;
  /** Opens the 24-hour window of a person whose messages are posted directly. */
  openWindow(person: Person): Promise<void>;
  /** Writes on the phone; the sandbox sends the signed webhook. Returns the message id. */
  write(person: Person, message: Record<string, unknown>): Promise<string>;
  /** Everything on the phone's screen, oldest first. */
  chat(person: Person): Promise<BubbleView[]>;
  /** The municipality's messages to this person, oldest first. */
  told(person: Person): Promise<BubbleView[]>;
  /** Waits for a message of the municipality. */
  hears(
    person: Person,
    what: string | RegExp | ((message: BubbleView) => boolean),
    limitMs?: number,
  ): Promise<BubbleView>;
  /** Taps the button with this title on a message of the municipality. */
  tap(person: Person, message: BubbleView, title: string): Promise<string>;
  /** The departments' mails, oldest first. */
  mails(to?: string): Promise<Mail[]>;
  /** Waits for a mail about a case to an address. */
  mailed(to: string, about: string | RegExp, limitMs?: number): Promise<Mail>;
  /** Any request of the control API, for example a fault. */
  control(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<unknown>;
}

const includes = (text: string, what: string | RegExp): boolean =>
  typeof what === 'string' ? text.includes(what) : what.test(text);

export function phonesOf(sandboxUrl: string): Phones {
  async function control(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${sandboxUrl}/control${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`stage: ${method} ${path} got ${response.status}`);
    return answer;
  }

  const chat: Phones['chat'] = async ({ id }) =>
    ((await control('GET', `/citizens/${id}/messages`)) as { messages: BubbleView[] }).messages;
  const told: Phones['told'] = async person =>
    (await chat(person)).filter(({ from }) => from === 'municipality');
  const write: Phones['write'] = async ({ id }, message) =>
    ((await control('POST', `/citizens/${id}/messages`, message)) as { id: string }).id;
  const mails: Phones['mails'] = async to => {
    const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
    return ((await control('GET', `/mails${query}`)) as { mails: Mail[] }).mails.reverse();
  };

  return {
    control,
    chat,
    told,
    write,
    mails,
    newPerson: async ({ name = 'Ayşe Yılmaz', ...about } = {}) =>
      (await control('POST', '/citizens', { name, ...about })) as Person,
    async openWindow({ id }) {
      await control('POST', `/citizens/${id}/window`, { open: true });
    },
    hears: (person, what, limitMs) =>
      awaited(
        `a message to ${person.name}: ${String(what)}`,
        async () =>
          (await told(person)).findLast(message =>
            typeof what === 'function' ? what(message) : includes(message.text, what),
          ),
        limitMs,
      ),
    tap(person, message, title) {
      const reply = message.replies.find(candidate => candidate.title === title);
      if (!reply) throw new Error(`the message has no button "${title}"`);
      return write(person, { type: 'tap', messageId: message.id, replyId: reply.id });
    },
    mailed: (to, about, limitMs) =>
      awaited(
        `a mail to ${to}: ${String(about)}`,
        async () => (await mails(to)).findLast(mail => includes(`${mail.subject}\n${mail.text}`, about)),
        limitMs,
      ),
  };
}

/** The case number in a text. */
export function caseNumberIn(text: string): string {
  const [found] = /PK-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text) ?? [];
  if (found === undefined) throw new Error('no case number in the text');
  return found;
}
