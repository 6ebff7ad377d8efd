import { setTimeout as delay } from 'node:timers/promises';

export interface DemoOptions {
  /** The URL of the sandbox with phone and mailbox. */
  readonly sandboxUrl: string;
  /** The webhook URL, only for the output. */
  readonly webhookUrl: string;
  /** Returns the stage of a case as the admin command prints it. */
  readonly caseStage: (caseNumber: string) => Promise<string | undefined>;
  readonly words: DemoWords;
  readonly say: (line: string) => void;
}

/** The demo's citizen and report, and the department's answer. */
interface DemoWords {
  readonly citizen: string;
  readonly report: string;
  readonly pin: { readonly latitude: number; readonly longitude: number };
  readonly answer: string;
}

const limitMs = 180_000;

/**
 * Plays one report over the real interfaces, from the signed webhook to the closed case. Returns its number.
 * @throws StoryFailure with the step that failed.
 */
export async function playDemo({
  sandboxUrl,
  webhookUrl,
  caseStage,
  words,
  say,
}: DemoOptions): Promise<string> {
  const sandbox = sandboxControl(sandboxUrl);
  const { citizen: name, report, pin, answer } = words;
  const { step } = createStory(say);
  const citizen = await step(
    'A citizen opens the phone',
    () => sandbox.createCitizen(name),
    () => sandboxUrl,
  );
  const seen = (what: string, wanted: (message: ShownMessage) => boolean): Promise<ShownMessage> =>
    awaitSight(what, limitMs, async () => {
      const messages = await sandbox.messages(citizen);
      return messages.find(message => message.from === 'municipality' && wanted(message));
    });

  await step(
    'The citizen reports, and the signed webhooks are accepted',
    async () => {
      const ids = [
        await sandbox.send(citizen, { type: 'text', body: report }),
        await sandbox.send(citizen, { type: 'location', ...pin }),
      ];
      await awaitSight('the response of the webhook', limitMs, async () => {
        const sent = (await sandbox.messages(citizen)).filter(({ id }) => ids.includes(id));
        return sent.every(({ webhook }) => webhook === 'taken') || undefined;
      });
    },
    () => webhookUrl,
  );
  const caseNumber = await step(
    'The acknowledgement is on the phone',
    async () => {
      const { text } = await seen('the acknowledgement', ({ text }) => caseNumberIn(text) !== undefined);
      return caseNumberIn(text) ?? '';
    },
    number => number,
  );
  const link = await step(
    'The department receives the task by e-mail',
    () =>
      awaitSight('the e-mail', limitMs, async () => {
        const mails = await sandbox.mails();
        const mail = mails.find(({ text, subject }) => `${subject} ${text}`.includes(caseNumber));
        return mail?.links.find(address => new URL(address).pathname.startsWith('/t/'));
      }),
    address => `${caseNumber}, ${address}`,
  );
  await step(
    'The department accepts',
    () => postTaskAct(link, 'accept', { confirm: 'yes' }),
    () => `${caseNumber}, ${link}`,
  );
  await step(
    'The department resolves',
    () => postTaskAct(link, 'resolve', { confirm: 'yes', words: answer }),
    () => `${caseNumber}, ${link}`,
  );
  const question = await step(
    'The citizen is told and asked',
    () =>
      seen('the message to the citizen', ({ text, replies }) => text.includes(answer) && replies.length > 0),
    () => `${caseNumber}, ${sandboxUrl}`,
  );
  await step(
    'The citizen taps "Çözüldü"',
    async () => {
      const reply = question.replies.find(({ title }) => title === 'Çözüldü');
      if (reply === undefined) throw new Error('The message has no such button');
      await sandbox.send(citizen, { type: 'tap', messageId: question.id, replyId: reply.id });
    },
    () => `${caseNumber}, ${sandboxUrl}`,
  );
  await step(
    'The case is closed',
    () =>
      awaitSight('the end of the case', limitMs, async () =>
        (await caseStage(caseNumber)) === 'closed' ? true : undefined,
      ),
    () => caseNumber,
  );
  return caseNumber;
}

function caseNumberIn(text: string): string | undefined {
  return /[A-Z]{2,4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0];
}

/** Runs a story step by step and stops at the first failed step. */
interface Story {
  readonly step: <T>(title: string, act: () => Promise<T>, detail: (result: T) => string) => Promise<T>;
}

/** The failed step of a story and its cause. */
export class StoryFailure extends Error {
  override readonly name = 'StoryFailure';
  constructor(step: string, cause: unknown) {
    super(`The demo failed at "${step}": ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** Prints each step with its time, the seconds since the start, and its detail. */
function createStory(say: (line: string) => void): Story {
  const startedAt = Date.now();
  let number = 0;
  return {
    async step(title, act, detail) {
      number += 1;
      const result = await act().catch((error: unknown) => {
        throw new StoryFailure(title, error);
      });
      const now = new Date();
      const seconds = ((now.getTime() - startedAt) / 1000).toFixed(1).padStart(5);
      say(`  ${now.toTimeString().slice(0, 8)} ${seconds} s  ${number}. ${title}: ${detail(result)}`);
      return result;
    },
  };
}

/**
 * Polls every 250 ms until `look` returns a value.
 * @throws Error with `what` after `limitMs`.
 */
async function awaitSight<T>(what: string, limitMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`${what} did not arrive within ${limitMs / 1000} s`);
    await delay(250);
  }
}

/** A reply button of a message on the phone. */
interface ShownReply {
  readonly id: string;
  readonly title: string;
}

interface ShownMessage {
  readonly id: string;
  readonly from: 'citizen' | 'municipality';
  readonly text: string;
  readonly webhook?: string;
  readonly replies: readonly ShownReply[];
}

interface ShownMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly links: readonly string[];
}

/** The actions of a person in the sandbox: write on the phone, read it, and read the departments' mails. */
interface SandboxControl {
  readonly createCitizen: (name: string) => Promise<string>;
  /** Sends a citizen's message. Returns its id. */
  readonly send: (citizen: string, message: object) => Promise<string>;
  readonly messages: (citizen: string) => Promise<readonly ShownMessage[]>;
  readonly mails: () => Promise<readonly ShownMail[]>;
}

/** Returns a client for the sandbox's control API. Calls reject with the HTTP status of an error response. */
function sandboxControl(url: string): SandboxControl {
  const call = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/control${path}`, {
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    });
    if (!response.ok) throw new Error(`the sandbox answered ${path} with ${response.status}`);
    return response.json();
  };
  return {
    async createCitizen(name) {
      return ((await call('/citizens', { name })) as { id: string }).id;
    },
    async send(citizen, message) {
      return ((await call(`/citizens/${citizen}/messages`, message)) as { id: string }).id;
    },
    async messages(citizen) {
      return ((await call(`/citizens/${citizen}/messages`)) as { messages: ShownMessage[] }).messages;
    },
    async mails() {
      return ((await call('/mails')) as { mails: ShownMail[] }).mails;
    },
  };
}

/**
 * Opens a task link and submits one of its forms with the hidden fields of the page. Rejects if the page does not
 * open, does not offer the act, or rejects it.
 */
async function postTaskAct(
  link: string,
  action: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const page = await visit(link, {});
  const form = formOf(page, action);
  if (form === undefined) throw new Error(`the task page offers no "${action}"`);
  const body = new URLSearchParams({ ...hiddenFields(form), ...fields });
  await visit(link, { method: 'POST', body });
}

async function visit(link: string, init: RequestInit): Promise<string> {
  const response = await fetch(link, { ...init, signal: AbortSignal.timeout(20_000) });
  if (!response.ok) {
    throw new Error(`the task page answered ${init.method ?? 'GET'} with ${response.status}`);
  }
  return response.text();
}

function formOf(page: string, action: string): string | undefined {
  return [...page.matchAll(/<form\b[\s\S]*?<\/form>/g)]
    .map(([form]) => form)
    .find(form => hiddenFields(form)['action'] === action);
}

function hiddenFields(form: string): Record<string, string> {
  const fields = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
}
