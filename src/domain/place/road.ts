import { foldedWords } from '../turkish';
import { metresToLine, type Point, type Position } from './distance';
import type { AddressLexicon } from './address';

/** Who keeps a road: another authority (`artery`), the municipality (`street`), or unknown. */
export const roadClasses = ['artery', 'street', 'unknown'] as const;
export type RoadClass = (typeof roadClasses)[number];

/** A road that another authority keeps. */
export interface KeptRoad {
  readonly slug: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** The responsible institution. */
  readonly keeper: string;
  /** Its centre line, if known. */
  readonly line?: readonly Position[] | undefined;
  /** Width in metres, kerb to kerb. */
  readonly width?: number | undefined;
}

export interface RoadFound {
  readonly class: RoadClass;
  readonly road: KeptRoad | null;
}

/** People place a pin beside the road rather than on it. */
const PIN_SLACK_METRES = 12;
const USUAL_WIDTH_METRES = 20;

type RoadLexicon = Pick<AddressLexicon, 'street' | 'boulevard' | 'caseEnding'>;

function isNamed(words: readonly string[], name: readonly string[], lexicon: RoadLexicon): boolean {
  return words.some((_, start) =>
    name.every((part, i) => {
      const word = words[start + i] ?? '';
      return i < name.length - 1
        ? word === part
        : word.startsWith(part) && lexicon.caseEnding(word.slice(part.length));
    }),
  );
}

/**
 * Returns the road class of a report from its text and its pin. Returns `unknown` for a street named together
 * with a kept road, and for a boulevard that is not in the list: a person decides then.
 */
export function roadOf(
  text: string,
  pin: Point | null,
  roads: readonly KeptRoad[],
  lexicon: RoadLexicon,
): RoadFound {
  const words = foldedWords(text);
  const named = roads.find(({ name, aliases }) =>
    [name, ...aliases].some(one => isNamed(words, foldedWords(one), lexicon)),
  );
  const street = words.some((word, i) => i > 0 && lexicon.street(word));
  const under = pin
    ? roads.find(
        ({ line, width }) =>
          line && metresToLine(pin, line) <= (width ?? USUAL_WIDTH_METRES) / 2 + PIN_SLACK_METRES,
      )
    : undefined;
  if (under) return { class: 'artery', road: under };
  if (named) return street ? { class: 'unknown', road: named } : { class: 'artery', road: named };
  if (!pin && words.some((word, i) => i > 0 && lexicon.boulevard(word)))
    return { class: 'unknown', road: null };
  return { class: 'street', road: null };
}
