import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type DangerClass, dangerSignsOf, type WordKinds, wordKinds } from '../../domain/routing/learned';
import { shuffled } from '../../domain/routing/training';
import { foldedWords } from '../../domain/turkish';

/** Draws a whole number from 0 to below `below`. */
export type Draw = (below: number) => number;

/** A wording and what it tells. */
export interface Wording {
  readonly text: string;
  readonly tells: DangerClass;
}

/** What may stand before and after a wording: greetings, places, requests. */
interface Frames {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The wordings from which the model of danger learns. */
export interface Corpus {
  /** Written by people. */
  readonly written: readonly Wording[];
  /** Made of patterns. */
  readonly made: readonly Wording[];
  readonly frames: Frames;
  readonly kinds: WordKinds;
}

/** A wording as the network sees it. */
export interface Example {
  readonly signs: { readonly buckets: Int32Array; readonly values: Float32Array };
  readonly tells: DangerClass;
  /** How much the example counts. */
  readonly weight: number;
}

/** At least this many wordings are made of a pattern, if it has as many; each alternative is used at least once. */
const OF_A_PATTERN = 20;

/** Each written wording is learned with this many sets of typing errors. */
const SETS_OF_WRITTEN = 2;

/** False alarms are rarer than misses in proportion to the messages: harmless wordings count more. */
const HARMLESS_COUNTS = 2;

/** Wordings made of one pattern resemble each other: each counts less than a written one. */
const MADE_COUNTS = 0.4;

/** Up to this many harmless wordings, besides one, are joined, and up to so many in a third of the long texts. */
const USUAL = 4;
const LONGEST = 11;

const files = ['people', 'hazard', 'animal', 'harmless'] as const;

/** Reads the wordings of a folder: CSV files, patterns/, and kinds.txt. */
export function corpusIn(folder: string, draw: Draw): Corpus {
  return {
    written: writtenIn(folder),
    made: madeIn(folder, draw),
    frames: framesIn(folder),
    kinds: wordKinds(linesOf(join(folder, 'kinds.txt'))),
  };
}

/** Returns the wordings of the folder's CSV files. */
function writtenIn(folder: string): Wording[] {
  return files.flatMap(name =>
    parse<{ words: string; hurt?: string }>(readFileSync(join(folder, `${name}.csv`), 'utf8'), {
      columns: true,
    }).map(({ words, hurt }): Wording => ({ text: words, tells: hurt === 'yes' ? 'hurt' : name })),
  );
}

/** Returns the wordings made of the folder's patterns. */
function madeIn(folder: string, draw: Draw): Wording[] {
  return ([...files, 'hurt'] as const).flatMap(tells =>
    patternsIn(folder, tells)
      .flatMap(pattern => madeOf(pattern, draw))
      .map((text): Wording => ({ text, tells })),
  );
}

function patternsIn(folder: string, name: string): string[] {
  return linesOf(join(folder, 'patterns', `${name}.txt`));
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
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
 * Returns the training examples: each wording as it is, with typing errors, and between greetings and places; several
 * harmless wordings as one; and a wording of danger beside a harmless one.
 */
export function examplesOf({ written, made, frames, kinds }: Corpus, draw: Draw): Example[] {
  const wordings = [...written, ...made];
  const patterned = new Set(made);
  const one = (of: readonly Wording[]): Wording => of[draw(of.length)] ?? { text: '', tells: 'harmless' };
  const harmless = wordings.filter(({ tells }) => tells === 'harmless');
  const dangers = wordings.filter(({ tells }) => tells !== 'harmless');
  const together = [
    ...Array.from({ length: harmless.length / 2 }, () =>
      joined(
        Array.from({ length: 2 + draw(draw(3) === 0 ? LONGEST : USUAL) }, () => one(harmless)),
        'harmless',
      ),
    ),
    ...Array.from({ length: dangers.length / 4 }, () => {
      const danger = one(dangers);
      const parts = [danger, one(harmless)];
      return joined(draw(2) === 0 ? parts : parts.reverse(), danger.tells);
    }),
  ];
  const exampleOf = ({ text, tells }: Wording, counts: number): Example => {
    const { buckets, values } = dangerSignsOf(foldedWords(text), kinds);
    return {
      signs: { buckets: Int32Array.from(buckets), values: Float32Array.from(values) },
      tells,
      weight: counts * (tells === 'harmless' ? HARMLESS_COUNTS : 1),
    };
  };
  const sets = Array.from({ length: SETS_OF_WRITTEN - 1 }, () => written).flat();
  const countOf = (wording: Wording): number => (patterned.has(wording) ? MADE_COUNTS : 1);
  return [
    ...wordings.map(wording => exampleOf(wording, countOf(wording))),
    ...[...wordings, ...sets].flatMap(wording => {
      const { text, tells } = wording;
      return [mistyped(text, draw), framed(draw(3) === 0 ? mistyped(text, draw) : text, frames, draw)].map(
        varied => exampleOf({ text: varied, tells }, countOf(wording)),
      );
    }),
    ...together.map(wording => exampleOf(wording, 1)),
  ];
}

function joined(parts: readonly Wording[], tells: DangerClass): Wording {
  return { text: parts.map(({ text }) => text).join(' '), tells };
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

/** Two wordings are alike if they share this much of the stems of both. */
const ALIKE = 0.6;

/**
 * Divides written wordings into parts so that wordings like each other are in the same part, and returns the part of
 * each.
 */
export function partsOf(written: readonly Wording[], parts: number, draw: Draw): number[] {
  const likeness = likenessTo(written);
  const groups = written.map((_, i) => i);
  const groupOf = (i: number): number => {
    const next = groups[i] ?? i;
    return next === i ? i : groupOf(next);
  };
  written.forEach(({ text }, i) => {
    for (const [other, share] of likeness(text)) if (share >= ALIKE) groups[groupOf(other)] = groupOf(i);
  });
  const partOf = written.map(() => draw(parts));
  return written.map((_, i) => partOf[groupOf(i)] ?? 0);
}

/** Returns the wordings that are not like any of `apart`. */
export function unlike(wordings: readonly Wording[], apart: readonly Wording[]): Wording[] {
  const likeness = likenessTo(apart);
  return wordings.filter(({ text }) => [...likeness(text).values()].every(share => share < ALIKE));
}

/** Returns a function that returns the share of common stems of a text and each wording, by the wording's position. */
function likenessTo(wordings: readonly Wording[]): (text: string) => ReadonlyMap<number, number> {
  const stemsIn = (text: string): Set<string> => new Set(foldedWords(text).map(word => word.slice(0, 5)));
  const stems = wordings.map(({ text }) => stemsIn(text));
  const places = new Map<string, number[]>();
  stems.forEach((all, i) => {
    for (const stem of all) places.set(stem, [...(places.get(stem) ?? []), i]);
  });
  return text => {
    const own = stemsIn(text);
    const common = new Map<number, number>();
    for (const stem of own) for (const i of places.get(stem) ?? []) common.set(i, (common.get(i) ?? 0) + 1);
    return new Map([...common].map(([i, count]) => [i, count / (own.size + (stems[i]?.size ?? 0) - count)]));
  };
}
