import type Koa from 'koa';
import { csvOf } from '../reports/report-table';

/** Answers with a CSV file of this name. */
export function sendCsv(ctx: Koa.Context, name: string, rows: Parameters<typeof csvOf>[0]): void {
  ctx.attachment(name);
  ctx.type = 'text/csv; charset=utf-8';
  // Spreadsheets read the file as UTF-8 by its first character.
  ctx.body = `\uFEFF${csvOf(rows)}`;
}
