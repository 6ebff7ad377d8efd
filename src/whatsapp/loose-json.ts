/** A JSON object of unknown make; read it with `field`, which sees nothing that was inherited. */
export type LooseObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): LooseObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LooseObject) : null;
}

export function asList(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? (value as unknown[]) : null;
}

/** A member that the sender wrote, or undefined; `__proto__` and `constructor` are names like any other. */
export function field(value: unknown, name: string): unknown {
  const object = asObject(value);
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A text that is not empty, no longer than `longest` UTF-16 units; a number counts as its digits. */
export function asText(value: unknown, longest = Infinity): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= longest ? text : null;
}

/** A finite number, also when it was written as a string. */
export function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The year in which WhatsApp came about. */
const EARLIEST = new Date('2009-01-01T00:00:00Z');

/** Meta's unix seconds, string or number; null when there is no such moment, or nobody could write in it. */
export function asMoment(value: unknown): Date | null {
  const seconds = asNumber(value);
  const moment = new Date((seconds ?? NaN) * 1_000);
  return moment >= EARLIEST ? moment : null;
}

/** Whether lists and objects nest deeper than `levels`; goes level by level, since recursion could overflow. */
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

/** The JSON text of a value; what nests deeper than `levels` is left out, so that writing it cannot overflow. */
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
