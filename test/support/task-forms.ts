import type { Page } from 'playwright-core';
import type { Desk } from './task-desk';

export type Filled = Record<string, string>;

/** The entries for each form. */
export const filled: Record<string, Filled> = {
  accept: { confirm: 'yes' },
  resolve: { outcome: 'resolved', words: 'Çukur kapatıldı.\r\nTeşekkürler.', confirm: 'yes' },
  reject: { words: 'Yerinde bakıldı.', reason: 'not-found', confirm: 'yes' },
  reroute: { words: 'Park alanı.', department: 'park-ve-bahceler', confirm: 'yes' },
  note: { words: 'Ekip yolda.' },
};

/** A new case with the filled-in fields of one form. */
export async function readyForm(desk: Desk, action: string, over: Filled = {}) {
  const opened = await desk.openCase();
  const fields = { ...fieldsOf(await pageOf(opened.link.url), action), ...filled[action], ...over };
  return { ...opened, url: opened.link.url, fields };
}

/** Returns the fields of a form as a browser would submit it unchanged. */
export function fieldsOf(html: string, action: string): Record<string, string> {
  const form = new RegExp(`<details id="${action}-act"[^]*?</details>`).exec(html)?.[0] ?? '';
  const nonce = /name="nonce" value="([^"]+)"/.exec(form)?.[1];
  if (nonce === undefined) throw new Error(`the page has no form for ${action}`);
  return { action, nonce, seen: /name="seen" value="(\d+)"/.exec(form)?.[1] ?? '' };
}

/** Posts a form like a browser, without following the redirect. */
export function post(url: string, fields: Record<string, string>, headers = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers });
}

export async function pageOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** Opens the form of an act on a page, and the list of other acts if it is there. */
export async function unfold(page: Page, action: string): Promise<void> {
  const act = page.locator(`#${action}-act`);
  const list = page.locator('.more', { has: act });
  if ((await list.count()) > 0 && !(await act.isVisible())) await list.locator('summary').first().click();
  if (!(await act.locator('form').isVisible())) await act.locator('summary').click();
}
