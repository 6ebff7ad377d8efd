import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { Mail } from '../../../src/local/mailbox/mails';
import type { TestLine } from '../line';
import { awaited } from './awaited';
import { caseNumberIn } from './phones';

/** Scanners that open the links of messages and letters before a person does. */
const agents = [
  'WhatsApp/2.24.6.77 A',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 SafeLinks',
  'Mozilla/5.0 (compatible; Microsoft-Outlook-SafeLinks/1.0)',
  'Mozilla/5.0 (compatible; Google-Safety; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; GoogleImageProxy)',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
];
const STAYS_MS = 30_000;
const MOST_PAGES = 40;

interface Place {
  browser: () => Browser;
  line: () => TestLine;
  /** A letter whose task link was not opened yet. */
  letter: () => Promise<Mail>;
}

/** A snapshot of a case: state, audit trail and messages. */
async function traces({ store, temporal, phones }: TestLine, caseNumber: string) {
  const progress = (await store.cases.get(caseNumber))?.progress;
  const { historyLength } = await temporal.client.workflow.getHandle(caseNumber).describe();
  const sent = await store.outbox.model.find({ caseNumber }).sort({ _id: 1 }).lean();
  return {
    progress,
    facts: await store.cases.facts(caseNumber, progress?.revision ?? 0),
    events: historyLength,
    actions: (await store.tasks.actionsOf(caseNumber)).length,
    links: await store.tasks.links.countDocuments({ caseNumber }),
    outbox: sent.map(({ _id, state }) => [_id, state]),
    mails: (await phones.mails()).filter(({ subject }) => subject.includes(caseNumber)).length,
  };
}

/** Waits until a new case has sent its first messages. */
async function settled(line: TestLine, caseNumber: string) {
  let before = '';
  return awaited(
    `${caseNumber} to come to rest`,
    async () => {
      const now = await traces(line, caseNumber);
      const isStill = JSON.stringify(now) === before && now.outbox.every(([, state]) => state === 'accepted');
      before = JSON.stringify(now);
      return isStill && now;
    },
    60_000,
    1_000,
  );
}

export function scannersOf({ browser, line, letter }: Place): Record<string, () => Promise<void>> {
  /** Runs a scanner on a letter and compares the case before and after. */
  const unchanged = (look: (mail: Mail, link: string) => Promise<void>) => async (): Promise<void> => {
    const mail = await letter();
    const caseNumber = caseNumberIn(mail.subject);
    const link = mail.links.find(url => url.startsWith(`${line().baseUrl}/t/`)) ?? '';
    const before = await settled(line(), caseNumber);
    await look(mail, link);
    assert.deepEqual(await traces(line(), caseNumber), before);
    assert.equal((await fetch(link)).status, 200);
  };

  const inBrowser = async (look: (page: Page) => Promise<void>): Promise<void> => {
    const context = await browser().newContext({ javaScriptEnabled: true });
    await look(await context.newPage()).finally(() => context.close());
  };

  return {
    'is not changed by HEAD, by twenty GETs, nor by any program that previews links': unchanged(
      async (_, link) => {
        for (const method of ['HEAD', ...Array<string>(20).fill('GET')]) {
          assert.equal((await fetch(link, { method })).status, 200);
        }
        for (const agent of agents) {
          for (const method of ['HEAD', 'GET']) {
            const answer = await fetch(link, { method, headers: { 'user-agent': agent } });
            assert.equal(answer.status, 200);
          }
        }
      },
    ),

    'is not changed by a browser with script that loads every link of letter and page and stays for 30 seconds':
      unchanged(async mail => {
        const end = Date.now() + STAYS_MS;
        await inBrowser(async page => {
          const seen = new Set<string>();
          const ahead = [...mail.links];
          for (let url = ahead.shift(); url !== undefined && seen.size < MOST_PAGES; url = ahead.shift()) {
            if (seen.has(url) || !url.startsWith(line().baseUrl)) continue;
            seen.add(url);
            await page.goto(url).catch(() => undefined);
            ahead.push(...(await linksOn(page)));
          }
          assert.ok(seen.size > 1, `only ${seen.size} links were loaded`);
          await page.goto(mail.links.find(url => url.includes('/t/')) ?? '');
          await page.waitForTimeout(Math.max(0, end - Date.now()));
        });
      }),

    'is not changed by a browser that presses nothing but sends every form it finds': unchanged(
      async (_, link) => {
        await inBrowser(async page => {
          await page.goto(link);
          const forms = await page.locator('form').count();
          assert.ok(forms > 5);
          for (let place = 0; place < forms; place += 1) {
            await page.goto(link);
            const answer = page.waitForResponse(response => response.request().method() === 'POST');
            const form = `document.forms[${place}]`;
            // The way to the department's list changes no case.
            const isList = (await page.evaluate<string>(`${form}.action`)).endsWith('?list');
            await page.evaluate(`${form}.submit()`);
            assert.equal((await answer).status(), isList ? 303 : 400);
            if (!isList) await page.getByText('İşlem henüz yapılmadı').first().waitFor();
          }
        });
      },
    ),
  };
}

const linksOn = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll('[href], [src], [action]')].map(one => one.href || one.src || one.action)`,
  );
