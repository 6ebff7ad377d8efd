import type { Point } from './distance';

/** A bounding box in degrees (WGS84). */
export interface Frame {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

const LINK = /https?:\/\/|www\.|geo:/i;
/** A link without its scheme: `maps.app.goo.gl/abc`, `google.com/maps?q=…`. */
const BARE_LINK = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.[a-z]{2,10}\//i;
/** Hosts and paths of map services, including services with short links. */
const MAP_LINK = /maps|goo\.gl\/|g\.page\/|g\.co\/|openstreetmap|osm\.org|yandex|waze/i;

/** Decimal degrees with at least three decimals (about 100 metres); fewer are ordinary numbers. */
const DEGREES = String.raw`(-?\d{1,3}[.,]\d{3,17})`;
const PAIR = new RegExp(
  String.raw`(?<![\d.,])${DEGREES}°?\s{0,3}[NKnk]?\s{0,3}[,;/\s]\s{0,3}${DEGREES}(?!\d)`,
);
/** A pair of coordinates in a link: any number of decimals, the separators of the map services. */
const LINKED_PAIR = /(-?\d{1,3}\.\d{1,17})(?:[,/;+ ]|, )(-?\d{1,3}\.\d{1,17})/;
/** The pin of a Google link. The pair after `@` is only the centre of the map. */
const GOOGLE_PIN = /!3d(-?\d{1,3}\.\d{1,17})!4d(-?\d{1,3}\.\d{1,17})/;
const OSM_PIN = /mlat=(-?\d{1,3}\.\d{1,17})&mlon=(-?\d{1,3}\.\d{1,17})/;
/** 39°56'49.6"N 32°37'59.6"E, also with the Turkish letters K (north) and D (east). */
const SEXAGESIMAL =
  /(\d{1,2})°\s?(\d{1,2})['′’]\s?(\d{1,2}(?:[.,]\d{1,6})?)["″”]\s?[NK]\s{0,3},?\s{0,3}(\d{1,3})°\s?(\d{1,2})['′’]\s?(\d{1,2}(?:[.,]\d{1,6})?)["″”]\s?[ED]/i;

const partsOf = (text: string): string[] => text.split(/(\s+)/);

/** Returns the start of a link in a text without whitespace, or -1. */
function linkAt(part: string): number {
  const start = part.search(LINK);
  return start >= 0 ? start : BARE_LINK.test(part) ? 0 : -1;
}

function linksIn(text: string): string[] {
  return partsOf(text).flatMap(part => {
    const start = linkAt(part);
    return start < 0 ? [] : [unescaped(part.slice(start))];
  });
}

function unescaped(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}

/** Returns the point for two numbers in either order, or null if it is outside the frame. */
function pointOf(one: number, other: number, frame: Frame): Point | null {
  return (
    [
      { latitude: one, longitude: other },
      { latitude: other, longitude: one },
    ].find(point => isWithin(point, frame)) ?? null
  );
}

function isWithin({ latitude, longitude }: Point, { south, north, west, east }: Frame): boolean {
  return latitude >= south && latitude <= north && longitude >= west && longitude <= east;
}

const decimal = (text = ''): number => Number(text.replace(',', '.'));

function decimalPair(text: string, pattern: RegExp, frame: Frame): Point | null {
  const found = pattern.exec(text);
  return found && pointOf(decimal(found[1]), decimal(found[2]), frame);
}

function sexagesimalPair(text: string, frame: Frame): Point | null {
  const found = SEXAGESIMAL.exec(text);
  if (!found) return null;
  const [latitude, longitude] = [1, 4].map(
    at => decimal(found[at]) + decimal(found[at + 1]) / 60 + decimal(found[at + 2]) / 3_600,
  );
  return pointOf(latitude ?? 0, longitude ?? 0, frame);
}

/**
 * Returns the first pin in a text: coordinates, a `geo:` URI or a map link with coordinates. Returns null if there is
 * none inside the frame. Accepts longitude and latitude in either order, because Yandex puts the longitude first.
 */
export function pinIn(text: string, frame: Frame): Point | null {
  for (const link of linksIn(text)) {
    const pin =
      decimalPair(link, GOOGLE_PIN, frame) ??
      decimalPair(link, OSM_PIN, frame) ??
      sexagesimalPair(link.replaceAll('+', ' '), frame) ??
      decimalPair(link, LINKED_PAIR, frame);
    if (pin) return pin;
  }
  const words = withoutLinks(text);
  return sexagesimalPair(words, frame) ?? decimalPair(words, PAIR, frame);
}

/** Whether a text contains a link to a map service, with or without coordinates. */
export function hasMapLink(text: string): boolean {
  return linksIn(text).some(link => MAP_LINK.test(link));
}

/** Returns a text without its links. */
export function withoutLinks(text: string): string {
  return partsOf(text)
    .map(part => {
      const start = linkAt(part);
      return start < 0 ? part : part.slice(0, start);
    })
    .join('');
}

/** Returns a text without its links and coordinates. */
export function withoutPins(text: string): string {
  return withoutLinks(text).replace(SEXAGESIMAL, ' ').replace(PAIR, ' ');
}
