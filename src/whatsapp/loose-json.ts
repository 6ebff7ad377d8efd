/** A JSON object of unknown shape. Read it with `field`, which ignores inherited properties. */
export type LooseObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): LooseObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LooseObject) : null;
}

export function asList(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? (value as unknown[]) : null;
}

/** Returns an own member or undefined. `__proto__` and `constructor` are ordinary names. */
export function field(value: unknown, name: string): unknown {
  const object = asObject(value);
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns a non-empty string of at most `longest` UTF-16 units, otherwise null. Converts numbers to digits. */
export function asText(value: unknown, longest = Infinity): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= longest ? text : null;
}

/** Returns a finite number, also from a numeric string. */
export function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The year WhatsApp was founded. */
const EARLIEST = new Date('2009-01-01T00:00:00Z');

/** Parses Meta's Unix seconds (string or number); null if invalid or before WhatsApp existed. */
export function asMoment(value: unknown): Date | null {
  const seconds = asNumber(value);
  const moment = new Date((seconds ?? NaN) * 1_000);
  return moment >= EARLIEST ? moment : null;
}

/**
 * Returns whether a value nests deeper than `levels`. Works level by level, because recursion could overflow the
 * stack.
 */
export function isDeeper(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap(membersOf);
    if (level.length === 0) return false;
  }
  return true;
}

function membersOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** Serialises a value. Omits parts deeper than `levels`, so that serialisation cannot overflow the stack. */
export function jsonText(value: unknown, levels = 32): string {
  return JSON.stringify(clipped(value, levels)) ?? 'null';
}

function clipped(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.map(member => clipped(member, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, clipped(member, levels - 1)]),
  );
}
