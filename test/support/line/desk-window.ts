import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Mail } from '../../../src/local/mailbox/mails';
import { unfold } from '../task-forms';

/** The folder for screenshots, if set. */
const shots = process.env['TEST_SHOTS'];
const LONGEST_WAIT_MS = 40_000;

/** The entries of a form: values of choices, text of other fields. */
type Entries = Readonly<Record<string, string>>;

/** A task page in a department's browser. */
export interface TaskWindow {
  readonly page: Page;
  /** The form of an act, unfolded. */
  form(action: string): Promise<Locator>;
  /** Fills in a form, ticks its box, submits it and waits for the confirmation. */
  act(action: string, entries?: Entries): Promise<void>;
  /** Presses "Önizle" in a form that is open. */
  preview(action: string): Promise<void>;
  /** Waits for words on the page. */
  shows(words: string): Promise<void>;
  shot(name: string): Promise<void>;
}

/** A department's browser: no script, its own cookies, one size of screen. */
export interface DeskWindow {
  /** Opens a letter of the mailbox and presses its button. */
  openLetter(mail: Mail): Promise<TaskWindow>;
  open(url: string): Promise<TaskWindow>;
  close(): Promise<void>;
}

const choices: readonly string[] = ['answer', 'department', 'institution', 'outcome', 'reason'];

/** Opens a window of `width` CSS pixels. Pictures have `scale` pixels per CSS pixel. */
export async function deskWindow(
  browser: Browser,
  sandboxUrl: string,
  width: number,
  scale = 1,
): Promise<DeskWindow> {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 740 : 800 },
    deviceScaleFactor: scale,
    javaScriptEnabled: false,
  });
  context.setDefaultTimeout(LONGEST_WAIT_MS);
  return {
    async openLetter(mail) {
      const letter = await context.newPage();
      await letter.goto(`${sandboxUrl}/mailbox/${mail.id}/html`);
      const opens = context.waitForEvent('page');
      await letter.getByRole('link', { name: /^Görevi aç$/ }).click();
      const page = await opens;
      await page.getByRole('heading', { level: 1 }).waitFor();
      await letter.close();
      return taskWindow(page, width);
    },
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return taskWindow(page, width);
    },
    close: () => context.close(),
  };
}

function taskWindow(page: Page, width: number): TaskWindow {
  const of = (action: string): Locator => page.locator(`#${action}-act`);
  const form = async (action: string): Promise<Locator> => {
    await unfold(page, action);
    return of(action);
  };
  return {
    page,
    form,
    async act(action, entries = {}) {
      const open = await form(action);
      for (const [name, entry] of Object.entries(entries)) {
        const field = open.locator(`#${action}-${name}`);
        await (choices.includes(name) ? field.selectOption(entry) : field.fill(entry));
      }
      const box = open.getByRole('checkbox');
      if ((await box.count()) > 0) await box.check();
      await open.locator('button:not([name])').click();
      await page.getByRole('status').getByText('İşleminiz kaydedildi').waitFor();
    },
    async preview(action) {
      await of(action).getByRole('button', { name: 'Önizle' }).click();
      await of(action).getByText('Vatandaş tam olarak bu mesajı alacak').waitFor();
    },
    async shows(words) {
      await page.getByText(words).first().waitFor();
    },
    async shot(name) {
      if (shots === undefined) return;
      mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
    },
  };
}
