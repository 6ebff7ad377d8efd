import assert from 'node:assert/strict';
import { WorkflowNotFoundError } from '@temporalio/client';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { BubbleView } from '../../src/local/phone/thread-view';
import type { TestLine } from './line';
import { awaited } from './line/awaited';
import { casesOf, citizenIdOf, stageOf, taskLink } from './line/cases-of-line';
import { caseNumberIn, type Person } from './line/phones';
import { actOn } from './line/task-page';

const text = z.string().min(1);

const step = z.union([
  /** A citizen's message. `quotes` is text from the message of ours that it replies to. */
  z.strictObject({ say: text, quotes: text.optional() }),
  z.strictObject({
    send: z.enum(['photo', 'voice', 'pdf', 'pin', 'pinOutside', 'sticker']),
    words: text.optional(),
  }),
  z.strictObject({ react: text, to: text }),
  z.strictObject({ tap: text }),
  /** Text that the municipality must send after the previous step. */
  z.strictObject({ hears: text }),
  z.strictObject({
    department: z.string(),
    act: z.string(),
    fields: z.record(z.string(), z.string()).default({}),
  }),
  z.strictObject({ stage: z.string() }),
]);

const talk = z.strictObject({
  talk: text,
  steps: z.array(step).min(1),
  never: z.array(text).default([]),
  /** The subjects of the resulting cases, in the order of opening. */
  cases: z.array(text).default([]),
  /** The maximum number of our messages. */
  sent: z.number().int().default(4),
  /** Whether the last message of the citizen needs no answer. */
  unanswered: z.boolean().default(false),
});

export type Talk = z.output<typeof talk>;
type Step = z.output<typeof step>;

const folder = join(__dirname, '../corpus/talks');

/** Returns every conversation of the corpus with its file. */
export function talksOfCorpus(): (Talk & { file: string })[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .flatMap(file =>
      z
        .array(talk)
        .parse(parse(readFileSync(join(folder, file), 'utf8')))
        .map(found => ({ ...found, file })),
    );
}

const places = {
  pin: { latitude: 39.9432, longitude: 32.6444 },
  pinOutside: { latitude: 39.9208, longitude: 32.8541 },
};

/** Whether a conversation is held out. Rules are tuned on the others only. */
export function isKeptApart(place: number): boolean {
  return place % 2 === 1;
}

/** The result of a conversation. */
export interface TalkResult {
  /** Why it failed; null if it was understood. */
  failure: string | null;
  cases: number;
  /** Cases that it must not open. */
  nonsenseCases: number;
  /** Our messages up to and including the first outcome. */
  sentUntilOutcome: number;
  /** Whether the last message of the citizen got no answer although it needs one. */
  isDeadEnd: boolean;
}

const outcomes: readonly string[] = ['resolve', 'reject'];

/** Plays a conversation as a new citizen and checks it when nothing is pending. */
export async function playTalk(line: TestLine, played: Talk): Promise<TalkResult> {
  const { phones } = line;
  const person = await phones.newPerson();
  const read = new Set<string>();
  let failure: string | null = null;
  let beforeOutcome: number | null = null;
  try {
    for (const each of played.steps) {
      if ('act' in each && outcomes.includes(each.act)) beforeOutcome ??= (await phones.told(person)).length;
      await play(line, person, read, each);
    }
    await silence(line, person);
    await judge(line, person, played);
  } catch (error) {
    const told = (await phones.told(person)).map(message => message.text.slice(0, 160));
    failure = `${error instanceof Error ? error.message : String(error)}\nheard: ${told.join(' | ')}`;
  }
  const chat = await phones.chat(person);
  const subjects = await subjectsOf(line, person);
  const sent = chat.filter(({ from }) => from === 'municipality').length;
  return {
    failure,
    cases: subjects.length,
    nonsenseCases: Math.max(subjects.length - played.cases.length, 0),
    sentUntilOutcome: beforeOutcome === null ? sent : beforeOutcome + 1,
    isDeadEnd: !played.unanswered && chat.at(-1)?.from === 'citizen',
  };
}

async function judge(line: TestLine, person: Person, { never, cases, sent }: Talk): Promise<void> {
  const told = (await line.phones.told(person)).map(message => message.text);
  for (const words of never) {
    const found = told.find(one => one.includes(words));
    assert.ok(found === undefined, `must not hear "${words}": ${found ?? ''}`);
  }
  assert.deepEqual(await subjectsOf(line, person), cases, 'the resulting cases');
  assert.ok(told.length <= sent, `${told.length} messages of ours: ${told.join(' | ')}`);
}

async function play(line: TestLine, person: Person, read: Set<string>, each: Step): Promise<void> {
  const { phones } = line;
  const unread = (wanted: (message: BubbleView) => boolean) =>
    phones.hears(person, message => !read.has(message.id) && wanted(message), 100_000);
  if ('say' in each) {
    const quoted = each.quotes;
    const replyTo = quoted === undefined ? {} : { replyTo: (await phones.hears(person, quoted, 100_000)).id };
    await phones.write(person, { type: 'text', body: each.say, ...replyTo });
  } else if ('send' in each) {
    await phones.write(person, sendable(each.send, each.words));
  } else if ('react' in each) {
    const { id } = await phones.hears(person, each.to, 100_000);
    await phones.write(person, { type: 'reaction', messageId: id, emoji: each.react });
  } else if ('tap' in each) {
    const message = await phones.hears(
      person,
      ({ replies }) => replies.some(({ title }) => title === each.tap),
      100_000,
    );
    await phones.tap(person, message, each.tap);
  } else if ('hears' in each) {
    const message = await unread(({ text: words }) => words.includes(each.hears));
    read.add(message.id);
  } else if ('stage' in each) {
    await awaited(
      `the stage ${each.stage}`,
      async () => (await stageOf(line, await newestCase(line, person))) === each.stage,
      100_000,
    );
  } else {
    const link = await taskLink(line, each.department, await newestCase(line, person));
    await actOn(link, each.act, each.fields);
  }
}

function sendable(kind: Extract<Step, { send: unknown }>['send'], words?: string): Record<string, unknown> {
  switch (kind) {
    case 'photo':
      return { type: 'image', sample: 'pothole', ...(words !== undefined && { caption: words }) };
    case 'voice':
      return { type: 'voice' };
    case 'pdf':
      return { type: 'document', ...(words !== undefined && { caption: words }) };
    case 'sticker':
      return { type: 'sticker' };
    case 'pin':
    case 'pinOutside':
      return { type: 'location', ...places[kind] };
  }
}

async function newestCase(line: TestLine, person: Person): Promise<string> {
  const { text: words } = await line.phones.hears(person, /PK-[0-9A-Z]{4}-[0-9A-Z]{4}/, 100_000);
  return caseNumberIn(words);
}

/** Waits until the conversation has nothing pending, so that every report has become a case. */
async function silence(line: TestLine, person: Person): Promise<void> {
  await awaited(
    'the end of the conversation',
    async () => {
      const citizenId = await citizenIdOf(line, person);
      if (citizenId === undefined) return false;
      const handle = line.temporal.client.workflow.getHandle(`conversation-${citizenId}`);
      const found = await handle.describe().catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      });
      return found !== null && found.status.name !== 'RUNNING';
    },
    150_000,
    500,
  );
}

/** Returns the subjects of a person's cases, in the order of opening. */
async function subjectsOf(line: TestLine, person: Person): Promise<string[]> {
  const records = await Promise.all(
    (await casesOf(line, person)).map(number => line.store.cases.get(number)),
  );
  return records
    .flatMap(record => (record ? [record] : []))
    .sort((one, other) => one.intake.receivedAt.getTime() - other.intake.receivedAt.getTime())
    .map(({ intake }) => intake.category.slug);
}
