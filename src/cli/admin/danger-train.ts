import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { readEnv } from '../../config/env';
import { writeDangerModel } from '../../config/learned-file';
import {
  DANGER_BUCKETS,
  type DangerClass,
  dangerSignsOf,
  type Example,
  lottery,
  shuffled,
  train,
} from '../../domain/routing/learned';
import { foldedWords } from '../../domain/turkish';

/** Draws a whole number from 0 to below `below`. */
type Draw = (below: number) => number;

interface Wording {
  readonly text: string;
  readonly tells: DangerClass;
}

/** At least this many wordings are made of a pattern, if it has as many; each alternative is used at least once. */
const OF_A_PATTERN = 30;

const ROUNDS = 8;

/** False alarms are rarer than misses in proportion to the messages: harmless wordings count more. */
const HARMLESS_COUNTS = 2;

export function registerDangerTrain(admin: Command): void {
  admin
    .command('danger-train')
    .description('train the recognition of danger on wordings written for it')
    .argument(
      '<folder>',
      'CSV files by kind with a column "words", without those named -unseen; patterns/ with wordings such as "{ev|depo} yanıyor"',
    )
    .action((folder: string) => {
      const draw = lottery();
      const wordings = wordingsIn(folder, draw);
      const examples = examplesOf(wordings, framesIn(folder), draw);
      const model = train(
        examples,
        (round, of) => console.error(`learning from ${examples.length} wordings: round ${round} of ${of}`),
        { buckets: DANGER_BUCKETS, rounds: ROUNDS },
      );
      const file = writeDangerModel(readEnv('checks').CONFIG_DIR, model, wordings.length);
      console.log(`Saved: ${file}. Web and worker use it after a restart.`);
    });
}

/** Returns the wordings of the folder's CSV files and patterns. */
function wordingsIn(folder: string, draw: Draw): Wording[] {
  const kinds = ['people', 'hazard', 'animal', 'harmless'] as const;
  const written = kinds.flatMap(kind =>
    parse<{ words: string; hurt?: string }>(readFileSync(join(folder, `${kind}.csv`), 'utf8'), {
      columns: true,
    }).map(({ words, hurt }): Wording => ({ text: words, tells: hurt === 'yes' ? 'hurt' : kind })),
  );
  const made = ([...kinds, 'hurt'] as const).flatMap(tells =>
    patternsIn(folder, tells)
      .flatMap(pattern => madeOf(pattern, draw))
      .map((text): Wording => ({ text, tells })),
  );
  return [...written, ...made];
}

function patternsIn(folder: string, name: string): string[] {
  return readFileSync(join(folder, 'patterns', `${name}.txt`), 'utf8')
    .split('\n')
    .filter(line => line !== '');
}

interface Frames {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function framesIn(folder: string): Frames {
  const of = (name: string): string[] =>
    patternsIn(folder, name).flatMap(line => line.replace(/[{}]/g, '').split('|'));
  return { before: of('before'), after: of('after') };
}

/** Returns wordings of a pattern: in each pair of braces one of the alternatives, used equally often. */
export function madeOf(pattern: string, draw: Draw): string[] {
  const slots = pattern.split(/\{([^}]*)\}/).map((part, i) => (i % 2 === 0 ? [part] : part.split('|')));
  const possible = slots.reduce((all, slot) => all * slot.length, 1);
  const wanted = Math.min(possible, Math.max(OF_A_PATTERN, ...slots.map(slot => slot.length)));
  const decks = slots.map(slot => deckOf(slot, draw));
  const made = new Set<string>();
  for (let tries = 0; tries < 3 * wanted && made.size < wanted; tries += 1) {
    made.add(
      decks
        .map(deal => deal())
        .join('')
        .replace(/\s+/g, ' ')
        .trim(),
    );
  }
  return [...made];
}

/** Returns a function that deals all items in a random order, again and again. */
function deckOf(items: readonly string[], draw: Draw): () => string {
  let left: string[] = [];
  return () => {
    if (left.length === 0) left = shuffled(items, draw);
    return left.pop() ?? '';
  };
}

/**
 * Returns the training examples: each wording as it is, with typing errors, and between greetings and places; two or
 * three harmless wordings as one; and a wording of danger beside a harmless one.
 */
function examplesOf(wordings: readonly Wording[], frames: Frames, draw: Draw): Example[] {
  const one = (of: readonly Wording[]): Wording => of[draw(of.length)] ?? { text: '', tells: 'harmless' };
  const harmless = wordings.filter(({ tells }) => tells === 'harmless');
  const dangers = wordings.filter(({ tells }) => tells !== 'harmless');
  const together: Wording[] = [];
  for (let i = 0; i < harmless.length / 2; i += 1) {
    const parts = [one(harmless), one(harmless), ...(draw(2) === 0 ? [one(harmless)] : [])];
    together.push({ text: parts.map(({ text }) => text).join(' '), tells: 'harmless' });
  }
  for (let i = 0; i < dangers.length / 4; i += 1) {
    const [danger, other] = [one(dangers), one(harmless)];
    const parts = draw(2) === 0 ? [danger, other] : [other, danger];
    together.push({ text: parts.map(({ text }) => text).join(' '), tells: danger.tells });
  }
  const varied = wordings.flatMap(({ text, tells }): Wording[] => [
    { text: mistyped(text, draw), tells },
    { text: framed(draw(3) === 0 ? mistyped(text, draw) : text, frames, draw), tells },
  ]);
  return [...wordings, ...varied, ...together].map(({ text, tells }) => ({
    signs: dangerSignsOf(foldedWords(text)),
    owner: tells,
    weight: tells === 'harmless' ? HARMLESS_COUNTS : 1,
  }));
}

function framed(text: string, { before, after }: Frames, draw: Draw): string {
  const start = before[draw(before.length)] ?? '';
  const end = after[draw(after.length)] ?? '';
  return [`${start} ${text}`, `${text} ${end}`, `${start} ${text} ${end}`][draw(3)] ?? text;
}

/** Returns a text with typing errors in two of three longer words: a letter missing, doubled or exchanged. */
export function mistyped(text: string, draw: Draw): string {
  return text
    .split(' ')
    .map(word => {
      if (word.length < 4 || draw(3) === 0) return word;
      const at = 1 + draw(word.length - 2);
      switch (draw(5)) {
        case 0:
        case 1:
          return withoutVowel(word, draw);
        case 2:
          return word.slice(0, at) + word.slice(at + 1);
        case 3:
          return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
        default:
          // "yanıyo" for "yanıyor".
          return word.endsWith('yor') ? word.slice(0, -1) : word.slice(0, at) + word.slice(at - 1);
      }
    })
    .join(' ');
}

function withoutVowel(word: string, draw: Draw): string {
  const vowels = [...word.matchAll(/[aeıioöuü]/g)].map(({ index }) => index).filter(index => index > 0);
  const at = vowels[draw(Math.max(vowels.length, 1))];
  return at === undefined ? word : word.slice(0, at) + word.slice(at + 1);
}
