import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const page = join(__dirname, '../../docs/figures.md');

/** Writes what a proof has measured into `docs/figures.md`, between its mark and the next end mark. */
export function writeFigures(mark: string, figures: string): void {
  const text = readFileSync(page, 'utf8');
  const parts = new RegExp(`^([^]*<!-- ${mark} -->\\n)[^]*?(\\n<!-- end -->[^]*)$`).exec(text);
  if (!parts) throw new Error(`docs/figures.md has no mark "${mark}"`);
  const [, before = '', after = ''] = parts;
  writeFileSync(page, `${before}\n${figures}\n${after}`);
  execFileSync(process.execPath, [require.resolve('prettier/bin/prettier.cjs'), '--write', page]);
}

/** Returns a table in Markdown. */
export function tableOf(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [heads, heads.map(() => '---'), ...rows];
  return cells.map(row => `| ${row.join(' | ')} |`).join('\n');
}
