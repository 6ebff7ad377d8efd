import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { readEnv } from '../../config/env';
import { writeDangerModel } from '../../config/learned-file';
import {
  DANGER_BUCKETS,
  DANGER_UNITS,
  type DangerClass,
  dangerClasses,
  type DangerModel,
  dangerSignsOf,
  dangersOf,
  likeliestDanger,
  lottery,
  shuffled,
  type Signs,
  unitsOf,
} from '../../domain/routing/learned';
import { foldedWords } from '../../domain/turkish';

/** Draws a whole number from 0 to below `below`. */
type Draw = (below: number) => number;

interface Wording {
  readonly text: string;
  readonly tells: DangerClass;
}

interface Frames {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

interface Example {
  readonly signs: Signs;
  readonly tells: DangerClass;
  /** How much the example counts. */
  readonly weight: number;
}

/** At least this many wordings are made of a pattern, if it has as many; each alternative is used at least once. */
const OF_A_PATTERN = 20;

/** Each written wording is learned with this many sets of typing errors. */
const SETS_OF_WRITTEN = 2;

/** More rounds learn the wordings by heart. */
const ROUNDS = 5;
const STEP = 0.05;
/** L2 regularisation of the weights of buckets and of units. */
const FORGETTING = { buckets: 1e-5, units: 1e-4 };

/** For the printed shares, the written wordings are divided into this many parts. */
const PARTS = 3;

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
    .option(
      '--shares',
      'first print the shares of wordings that models recognise which have not learned them',
    )
    .action((folder: string, { shares }: { shares?: boolean }) => {
      const draw = lottery();
      const frames = framesIn(folder);
      const written = writtenIn(folder);
      const made = madeIn(folder, draw);
      if (shares) for (const line of sharesFound(written, made, frames)) console.log(line);
      const model = trained(examplesOf({ written, made }, frames, draw));
      const file = writeDangerModel(readEnv('checks').CONFIG_DIR, model, written.length + made.length);
      console.log(`Saved: ${file}. Web and worker use it after a restart.`);
    });
}

const kinds = ['people', 'hazard', 'animal', 'harmless'] as const;

/** Returns the wordings of the folder's CSV files. */
function writtenIn(folder: string): Wording[] {
  return kinds.flatMap(kind =>
    parse<{ words: string; hurt?: string }>(readFileSync(join(folder, `${kind}.csv`), 'utf8'), {
      columns: true,
    }).map(({ words, hurt }): Wording => ({ text: words, tells: hurt === 'yes' ? 'hurt' : kind })),
  );
}

/** Returns the wordings made of the folder's patterns. */
function madeIn(folder: string, draw: Draw): Wording[] {
  return ([...kinds, 'hurt'] as const).flatMap(tells =>
    patternsIn(folder, tells)
      .flatMap(pattern => madeOf(pattern, draw))
      .map((text): Wording => ({ text, tells })),
  );
}

/** Weights with the sums of their squared slopes (AdaGrad). */
interface Layer {
  readonly weights: Float32Array;
  readonly sums: Float32Array;
}

function layerOf(size: number, draw: Draw, most: number): Layer {
  const weights = Float32Array.from({ length: size }, () => (draw(20_001) / 10_000 - 1) * most);
  return { weights, sums: new Float32Array(size).fill(1e-3) };
}

function descend({ weights, sums }: Layer, at: number, slope: number): void {
  const sum = (sums[at] ?? 0) + slope * slope;
  sums[at] = sum;
  weights[at] = (weights[at] ?? 0) - (STEP * slope) / Math.sqrt(sum);
}

/** Trains the network by stochastic gradient descent, in rounds over all examples. Deterministic. */
function trained(examples: readonly Example[]): DangerModel {
  const draw = lottery();
  const buckets = layerOf(DANGER_BUCKETS * DANGER_UNITS, draw, 0.05);
  const units = layerOf(dangerClasses.length * DANGER_UNITS, draw, 0.5);
  const starts = layerOf(DANGER_UNITS, draw, 0);
  const model = {
    classes: dangerClasses,
    buckets: buckets.weights,
    units: units.weights,
    starts: starts.weights,
  };
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const { signs, tells, weight } of shuffled(examples, draw)) {
      const scores = unitsOf(model, signs);
      const slopes = new Float32Array(DANGER_UNITS);
      dangersOf(model, scores).forEach((likely, row) => {
        const wrong = weight * (likely - (dangerClasses[row] === tells ? 1 : 0));
        scores.forEach((score, unit) => {
          if (score <= 0) return;
          const at = row * DANGER_UNITS + unit;
          const present = model.units[at] ?? 0;
          slopes[unit] = (slopes[unit] ?? 0) + wrong * present;
          descend(units, at, wrong * score + FORGETTING.units * present);
        });
      });
      for (let unit = 0; unit < DANGER_UNITS; unit += 1) {
        if ((scores[unit] ?? 0) <= 0) continue;
        const slope = slopes[unit] ?? 0;
        descend(starts, unit, slope);
        for (let i = 0; i < signs.buckets.length; i += 1) {
          const at = (signs.buckets[i] ?? 0) * DANGER_UNITS + unit;
          descend(
            buckets,
            at,
            slope * (signs.values[i] ?? 0) + FORGETTING.buckets * (model.buckets[at] ?? 0),
          );
        }
      }
    }
    console.error(`learning from ${examples.length} wordings: round ${round} of ${ROUNDS}`);
  }
  return model;
}

/**
 * Returns a line for each class: the share of its written wordings that a model recognises without the danger words,
 * if it was trained on the patterns and on the other parts of the written wordings.
 */
function sharesFound(written: readonly Wording[], made: readonly Wording[], frames: Frames): string[] {
  const draw = lottery();
  const mixed = shuffled(written, draw);
  const found: Wording[] = [];
  for (let part = 0; part < PARTS; part += 1) {
    const isApart = (_: Wording, i: number): boolean => i % PARTS === part;
    const others = mixed.filter((_, i) => i % PARTS !== part);
    const model = trained(examplesOf({ written: others, made }, frames, draw));
    const isRight = ({ text, tells }: Wording): boolean =>
      likeliestDanger(foldedWords(text), model, null) === tells;
    found.push(...mixed.filter(isApart).filter(isRight));
  }
  return dangerClasses.map(name => {
    const ofClass = (all: readonly Wording[]): number => all.filter(({ tells }) => tells === name).length;
    const [all, right] = [ofClass(written), ofClass(found)];
    return `${name}: ${((100 * right) / Math.max(all, 1)).toFixed(1)} % of ${all} recognised by models that did not know them`;
  });
}

function patternsIn(folder: string, name: string): string[] {
  return readFileSync(join(folder, 'patterns', `${name}.txt`), 'utf8')
    .split('\n')
    .filter(line => line !== '');
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
function examplesOf(
  { written, made }: { readonly written: readonly Wording[]; readonly made: readonly Wording[] },
  frames: Frames,
  draw: Draw,
): Example[] {
  const wordings = [...written, ...made];
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
  const sets = Array.from({ length: SETS_OF_WRITTEN - 1 }, () => written).flat();
  const varied = [...wordings, ...sets].flatMap(({ text, tells }): Wording[] => [
    { text: mistyped(text, draw), tells },
    { text: framed(draw(3) === 0 ? mistyped(text, draw) : text, frames, draw), tells },
  ]);
  return [...wordings, ...varied, ...together].map(({ text, tells }) => ({
    signs: dangerSignsOf(foldedWords(text)),
    tells,
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
