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

/** Returns descriptions of where secrets were found. Searches for each secret as plain text and in all encodings. */
export function whereFound(secrets: readonly Secret[], places: readonly Place[]): string[] {
  return secrets.flatMap(({ name, text }) =>
    Object.entries(disguisesOf(text)).flatMap(([disguise, needles]) =>
      places
        .filter(({ bytes }) => needles.some(needle => bytes.includes(needle)))
        .map(place => `${name}, ${disguise}, in ${place.name}`),
    ),
  );
}

function disguisesOf(text: string): Record<string, string[]> {
  const bytes = Buffer.from(text);
  const escaped = text.replace(
    /[\u0080-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return {
    plain: [text],
    'without marks': [withoutMarks(text)],
    'URL-encoded': [encodeURIComponent(text)],
    'JSON-escaped': [escaped],
    hex: [bytes.toString('hex')],
    base64: base64Of(bytes),
  };
}

/** Normalised as for routing. */
function withoutMarks(text: string): string {
  return text.toLocaleLowerCase('tr').replaceAll('ı', 'i').normalize('NFD').replace(/\p{M}/gu, '');
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
  if (typeof value !== 'object' || value === null) return '';
  const parts = Object.entries(value as Record<string, unknown>);
  return parts.map(([name, part]) => `${name}\n${textsIn(part)}`).join('');
}
