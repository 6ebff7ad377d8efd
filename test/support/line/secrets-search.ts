/** A secret that must not be found: its name and its text. */
export interface Secret {
  name: string;
  text: string;
}

/** A place to search: its name and its bytes. */
export interface Place {
  name: string;
  bytes: Buffer;
}

/** A secret that was found in a place, in one of its forms. */
export interface Hit {
  secret: string;
  form: Form;
  place: string;
}

/** The forms in which every secret is searched. */
export const forms = [
  'plain',
  'case-folded',
  'without marks',
  'spaced number',
  'URL-encoded',
  'JSON-escaped',
  'hex',
  'base64',
  'UTF-16 LE',
  'UTF-16 BE',
  'binary number',
] as const;
type Form = (typeof forms)[number];

/** Returns descriptions of where secrets were found. Searches for each secret as plain text and in all encodings. */
export function whereFound(secrets: readonly Secret[], places: readonly Place[]): string[] {
  return hitsOf(secrets, places).map(({ secret, form, place }) => `${secret}, ${form}, in ${place}`);
}

/** Searches each place once for all secrets in all forms. Returns each secret, form and place at most once. */
export function hitsOf(secrets: readonly Secret[], places: readonly Place[]): Hit[] {
  const search = searchFor(secrets);
  return places.flatMap(({ name, bytes }) => search(bytes).map(hit => ({ ...hit, place: name })));
}

interface Needle {
  secret: string;
  form: Form;
  bytes: Buffer;
}

/** Returns a search that reads the bytes once, however many secrets there are: it looks only where three bytes fit. */
function searchFor(secrets: readonly Secret[]): (bytes: Buffer) => Omit<Hit, 'place'>[] {
  const starts = new Uint8Array(65_536);
  const byStart = new Map<number, Needle[]>();
  for (const { name: secret, text } of secrets) {
    if (text.length < 3) throw new Error(`${secret} is too short to be searched`);
    for (const [form, all] of disguisesOf(text)) {
      for (const bytes of all) {
        const start = bytes.readUIntBE(0, 3);
        starts[start >>> 8] = 1;
        byStart.set(start, [...(byStart.get(start) ?? []), { secret, form, bytes }]);
      }
    }
  }
  return bytes => {
    const found = new Map<string, Omit<Hit, 'place'>>();
    for (let at = 0; at + 3 <= bytes.length; at += 1) {
      if (!starts[((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)]) continue;
      for (const { secret, form, bytes: wanted } of byStart.get(bytes.readUIntBE(at, 3)) ?? []) {
        if (bytes.compare(wanted, 0, wanted.length, at, Math.min(at + wanted.length, bytes.length)) === 0) {
          found.set(`${secret} ${form}`, { secret, form });
        }
      }
    }
    return [...found.values()];
  };
}

function disguisesOf(text: string): [Form, Buffer[]][] {
  const bytes = Buffer.from(text);
  const escaped = text.replace(
    /[\u0080-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const folded = [
    ...[text.toLowerCase(), text.toUpperCase()],
    ...[text.toLocaleLowerCase('tr'), text.toLocaleUpperCase('tr')],
  ];
  const wide = Buffer.from(text, 'utf16le');
  const all: [Form, (string | Buffer)[]][] = [
    ['plain', [bytes]],
    ['case-folded', folded],
    ['without marks', [withoutMarks(text)]],
    ['spaced number', spaced(text)],
    ['URL-encoded', [encodeURIComponent(text), encodeURIComponent(text).toLowerCase()]],
    ['JSON-escaped', [escaped]],
    ['hex', [bytes.toString('hex'), bytes.toString('hex').toUpperCase()]],
    ['base64', base64Of(bytes)],
    ['UTF-16 LE', [wide]],
    ['UTF-16 BE', [Buffer.from(wide).swap16()]],
    ['binary number', binary(text)],
  ];
  return all.map(([form, needles]) => [
    form,
    needles.map(each => Buffer.from(each)).filter(each => form === 'plain' || !each.equals(bytes)),
  ]);
}

/** Normalised as for routing. */
function withoutMarks(text: string): string {
  return text.toLocaleLowerCase('tr').replaceAll('ı', 'i').normalize('NFD').replace(/\p{M}/gu, '');
}

/** The ways to write a phone number without country code, which is found behind any country code. */
function spaced(text: string): string[] {
  const [, area, first, second, third] = /^(5\d{2})(\d{3})(\d{2})(\d{2})$/.exec(text) ?? [];
  if (area === undefined) return [];
  return [
    ...[' ', '-', '.'].flatMap(gap => [
      [area, first, second, third].join(gap),
      [area, first, `${second}${third}`].join(gap),
    ]),
    `(${area}) ${first} ${second} ${third}`,
    `${area}) ${first}${second}${third}`,
  ];
}

/** A coordinate as databases and protocols store it: a double in both byte orders. */
function binary(text: string): Buffer[] {
  if (!/^\d+\.\d{4,}$/.test(text)) return [];
  const little = Buffer.alloc(8);
  little.writeDoubleLE(Number(text));
  return [little, Buffer.from(little).reverse()];
}

/** The three base64 alignments of the bytes, without characters shared with neighbouring bytes. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap(offset => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor((shifted.length * 8) / 6)];
    return (['base64', 'base64url'] as const).map(form => shifted.toString(form).slice(start, end));
  });
}

/** Returns all strings inside a value, with bytes decoded as UTF-8, such as payloads of a history. */
export function textsIn(value: unknown): string {
  if (typeof value === 'string') return `${value}\n`;
  if (ArrayBuffer.isView(value)) {
    return `${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')}\n`;
  }
  if (value instanceof Date) return `${value.toISOString()}\n`;
  if (typeof value === 'number') return `${value}\n`;
  if (typeof value !== 'object' || value === null) return '';
  const parts = Object.entries(value as Record<string, unknown>);
  return parts.map(([name, part]) => `${name}\n${textsIn(part)}`).join('');
}
