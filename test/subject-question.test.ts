import { join } from 'node:path';
import { subjectQuestion } from '../activities/answers';
import type { Deps } from '../activities/deps';
import { loadMunicipality } from '../src/config/municipality';
import { categoryOf, dependsOnPlace } from '../src/config/offices';
import { createTexts, type Language } from '../src/config/texts';
import { classify } from '../src/domain/routing/classify';
import type { OutgoingContent } from '../src/whatsapp/outgoing';
import { wordsMessage } from './support/cases';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));
const deps = { municipality, say: createTexts(municipality) } as unknown as Deps;

function asked(words: string, language: Language = 'tr'): OutgoingContent {
  return subjectQuestion(deps, language, [wordsMessage({ words })]);
}

const likely = 'parkta kopek var saldiriyo';
const unclear = 'çöpler alınmadı, köpekler geziyor, ağaçlar kurumuş';

test('a likely subject is confirmed by two buttons', () => {
  const best = classify(likely, municipality).ranked[0];
  expect(best?.confidence).toBeGreaterThanOrEqual(0.85);
  expect(asked(likely)).toMatchObject({
    type: 'buttons',
    body: expect.stringContaining('Sahipsiz hayvan') as string,
    buttons: [{ id: 'subject:stray-animal', title: 'Evet' }, { id: 'list:subjects' }],
  });
});

test('otherwise a list shows the three most likely subjects with their owners, and a row for everything else', () => {
  const content = asked(unclear);
  if (content.type !== 'list') throw new Error(`not a list: ${content.type}`);
  expect(content.rows.length).toBeGreaterThan(1);
  expect(content.rows.length).toBeLessThanOrEqual(4);
  expect(content.rows.at(-1)?.id).toBe('subject:other');
  for (const { description } of content.rows.slice(0, -1))
    expect(description).toMatch(/Müdürlüğü|Belediye|ASKİ|EGO/);
});

test.each([
  ['bus', false],
  ['water-cut', false],
  ['pothole', true],
  ['main-road', true],
])('%s needs a place: %s', (slug, needed) => {
  expect(dependsOnPlace(municipality, categoryOf(municipality, slug))).toBe(needed);
});
