import { appendFileSync } from 'node:fs';

const proving = process.env['PROVE'] !== undefined;

/** Returns the number that `npm run prove` needs, and a smaller one for `npm test`. */
export function amount({ proof, test }: { proof: number; test: number }): number {
  return proving ? proof : test;
}

/** Returns all rows of a table for `npm run prove`. For `npm test`, returns those that `isShort` selects. */
export function rows<Row>(all: readonly Row[], isShort: (row: Row, place: number) => boolean): Row[] {
  return proving ? [...all] : all.filter(isShort);
}

/** Notes what a proof found among `n` cases, for the table of `npm run prove`. */
export function noteFigure(n: number, found: string): void {
  const file = process.env['PROOF_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ n, found })}\n`);
}
