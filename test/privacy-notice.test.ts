import { readFileSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import type { Deps } from '../activities/deps';
import { reply } from '../activities/reply';
import { createTexts, noticeVersion } from '../src/config/texts';
import type { Reply } from '../src/domain/talk/conversation-state';
import type { CitizenMessage } from '../src/whatsapp/citizen-outbox';
import { wordsMessage } from './support/cases';
import { chromiumArguments } from './support/chromium';
import { chromiumPath } from './support/services';
import { type Desk, municipality, startDesk } from './support/task-desk';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const version = noticeVersion(municipality);
const address = 'https://bildirim.example.org/aydinlatma';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('privacy-notice');
});
afterAll(() => desk.stop());

describe('the version of the notice', () => {
  const { privacy, retention } = municipality;
  const { processing } = privacy;

  it('is the same for the same texts', () => {
    expect(noticeVersion(structuredClone({ privacy, retention }))).toBe(version);
  });

  it.each([
    [
      'a word of one language',
      {
        retention,
        privacy: {
          ...privacy,
          processing: { ...processing, rights: { ...processing.rights, en: ['none'] } },
        },
      },
    ],
    [
      'a period of retention.yaml that it names',
      {
        privacy,
        retention: {
          ...retention,
          families: { ...retention.families, cases: { ...retention.families.cases, days: 731 } },
        },
      },
    ],
  ])('changes with %s', (_, changed) => {
    expect(noticeVersion(changed)).not.toBe(version);
  });

  it('does not change with who decides', () => {
    expect(noticeVersion({ retention, privacy: { ...privacy, approvals: 2 } })).toBe(version);
  });
});

describe('the page of the notice', () => {
  it.each([
    ['tr', '/aydinlatma', 'Veri sorumlusu', 'Kaydınız sonuçlandıktan 730 gün sonra'],
    ['en', '/en/privacy', 'Data controller', 'anonymised 730 days after its end'],
  ] as const)(
    'shows every part in its language with the days of retention.yaml: %s',
    async (language, path, ...shown) => {
      const answer = await fetch(`${desk.base}${path}`);
      const page = await answer.text();
      expect(answer.status).toBe(200);
      expect(page).toContain(`<html lang="${language}">`);
      for (const text of [...shown, version]) expect(page).toContain(text);
      const headings = municipality.texts[language].noticePage;
      for (const part of Object.keys(municipality.privacy.processing)) {
        expect(page).toContain(`<h2>${headings[part as keyof typeof headings]}</h2>`);
      }
      expect(page).not.toMatch(/\{\{|<script|undefined/);
    },
  );

  describe('in a browser without script', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments] });
    });
    afterAll(() => browser.close());

    it.each([
      [390, 'light'],
      [390, 'dark'],
      [1280, 'light'],
      [1280, 'dark'],
    ] as const)(
      'breaks no rule of WCAG 2.2 AA and leads to the other language (%d px, %s)',
      async (width, colorScheme) => {
        const viewport = { width, height: 900 };
        const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
        const page = await context.newPage();
        await page.goto(`${desk.base}/`);
        await page.getByRole('link', { name: municipality.texts.tr.noticePage.title }).click();
        expect(new URL(page.url()).pathname).toBe('/aydinlatma');
        expect((await page.locator('main').boundingBox())?.width).toBeLessThanOrEqual(width);
        // Axe needs a page that allows scripts: a copy.
        const copying = await browser.newContext({ viewport, colorScheme });
        const copy = await copying.newPage();
        await copy.setContent(await page.content());
        await copy.addScriptTag({ content: axe });
        const broken = await copy.evaluate(async () => {
          const { axe: engine } = globalThis as unknown as {
            axe: { run(options: object): Promise<{ violations: { id: string }[] }> };
          };
          const values = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
          return (await engine.run({ runOnly: { type: 'tag', values } })).violations.map(({ id }) => id);
        });
        expect(broken).toEqual([]);
        await page.getByRole('link', { name: 'English' }).click();
        expect(new URL(page.url()).pathname).toBe('/en/privacy');
        await page.getByRole('link', { name: 'Türkçe' }).click();
        expect(new URL(page.url()).pathname).toBe('/aydinlatma');
        await copying.close();
        await context.close();
      },
    );
  });
});

describe('a citizen who was shown', () => {
  async function answered(
    citizenId: string,
    kinds: Reply[],
    given: { noticeGivenAt: Date; noticeVersion: string } | null,
  ): Promise<string[]> {
    const { store } = desk;
    const names = { phone: '905321110001', bsuid: null, profileName: null, language: null };
    await store.citizens.seen(citizenId, { ...names, at: new Date() });
    if (given) await store.citizens.noticeGiven(citizenId, given);
    const bodies: string[] = [];
    const citizenOutbox = {
      send: async ({ content }: CitizenMessage) => void bodies.push('body' in content ? content.body : ''),
    };
    const say = createTexts(municipality, 'https://bildirim.example.org');
    const send = reply({ store, municipality, say, citizenOutbox, now: () => new Date() } as unknown as Deps);
    for (const kind of kinds) {
      const id = `${citizenId}-${bodies.length}`;
      await store.messages.add(wordsMessage({ id, citizenId, words: 'selam' }));
      await send({ citizenId, reply: kind, messageIds: [id] });
    }
    return bodies;
  }
  const noticeGivenAt = new Date(1_000);

  it.each([
    ['an older version', { noticeGivenAt, noticeVersion: '00000000' }],
    ['a notice before versions', { noticeGivenAt, noticeVersion: null as unknown as string }],
  ])('%s gets the link with the next answer, once', async (name, given) => {
    const [question, first, second] = await answered(
      `old ${name}`,
      ['askWords', 'greeting', 'thanks'],
      given,
    );
    expect(question).not.toContain(address);
    expect(first).toContain(address);
    expect(second).not.toContain(address);
    expect(await desk.store.citizens.get(`old ${name}`)).toMatchObject({ noticeVersion: version });
  });

  it.each([
    ['this version', { noticeGivenAt, noticeVersion: version }],
    ['none yet: it comes with the acknowledgement of the first case', null],
  ])('%s gets no link with an answer', async (name, given) => {
    for (const body of await answered(`same ${name}`, ['greeting', 'thanks'], given)) {
      expect(body).not.toContain(address);
    }
    expect(await desk.store.citizens.get(`same ${name}`)).toMatchObject({
      noticeVersion: given?.noticeVersion ?? null,
    });
  });
});
