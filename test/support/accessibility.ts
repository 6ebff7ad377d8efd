import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Returns the WCAG 2.2 AA rules that a page violates, and whether it scrolls horizontally. Axe runs in a copy,
 * because the pages allow no script.
 */
export async function brokenRules(
  browser: Browser,
  html: string,
  { width, colorScheme }: { width: number; colorScheme: 'light' | 'dark' },
): Promise<string[]> {
  const viewport = { width, height: 800 };
  const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
  const page = await context.newPage();
  await page.setContent(html);
  await page.evaluate(axe);
  const found = await page.evaluate<{ id: string; nodes: string[] }[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(result => result.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(node => node.html) })))`,
  );
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  await context.close();
  const rules = found.map(({ id, nodes }) => `${id}: ${nodes.join(' ')}`);
  return overflow > 0 ? [...rules, `scrolls sideways by ${overflow}`] : rules;
}
