import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadMunicipality } from '../src/config/municipality';
import { categoryOf } from '../src/config/offices';
import { ownerKey } from '../src/domain/routing/category';
import { classify } from '../src/domain/routing/classify';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));
const folder = join(__dirname, 'corpus');

interface Sentence {
  subject: string;
  text: string;
  /** Every second sentence of a subject is held out for evaluation; no term was chosen for it. */
  part: 'tune' | 'measure';
}

/** Ten sentences of each subject. */
const corpus: Sentence[] = readdirSync(folder)
  .filter(file => file.endsWith('.yaml'))
  .flatMap(file => {
    const bySubject = parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string[]>;
    return Object.entries(bySubject).flatMap(([subject, sentences]) =>
      sentences.map((text, i) => ({
        subject,
        text,
        part: i % 2 === 0 ? ('tune' as const) : ('measure' as const),
      })),
    );
  });

const ownerOf = (subject: string): string => ownerKey(categoryOf(municipality, subject).owner);

function measured(part: Sentence['part']) {
  const answers = corpus
    .filter(sentence => sentence.part === part)
    .map(({ subject, text }) => {
      const { ranked, sure } = classify(text, municipality);
      const guess = ranked[0]?.category ?? '';
      const [owner, right] = [ownerOf(guess), ownerOf(subject)];
      return { sure, isSubject: guess === subject, isOwner: owner === right, owner, right };
    });
  const share = (of: typeof answers, is: (answer: (typeof answers)[number]) => boolean): number =>
    Math.round((1000 * of.filter(is).length) / Math.max(of.length, 1)) / 10;
  const sure = answers.filter(answer => answer.sure);
  const confusions = new Map<string, number>();
  for (const { isOwner, owner, right } of answers) {
    if (!isOwner) confusions.set(`${right} → ${owner}`, (confusions.get(`${right} → ${owner}`) ?? 0) + 1);
  }
  return {
    sentences: answers.length,
    subject: share(answers, ({ isSubject }) => isSubject),
    owner: share(answers, ({ isOwner }) => isOwner),
    sure: share(answers, answer => answer.sure),
    sureRight: share(sure, ({ isOwner }) => isOwner),
    confusions: [...confusions].sort(([, a], [, b]) => b - a),
  };
}

test('each subject of the catalogue has ten sentences', () => {
  const counts = new Map<string, number>();
  for (const { subject } of corpus) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual(municipality.categories.map(({ slug }) => slug).sort());
  expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(10);
  expect(new Set(corpus.map(({ text }) => text)).size).toBe(corpus.length);
});

test.each(['tune', 'measure'] as const)('the %s part is classified correctly, in percent', part => {
  const { confusions, ...figures } = measured(part);
  process.stdout.write(`${part} ${JSON.stringify(figures)}\n`);
  for (const [confusion, times] of confusions) process.stdout.write(`  ${times} × ${confusion}\n`);
  expect(figures.owner).toBeGreaterThanOrEqual(94);
  expect(figures.sure).toBeGreaterThanOrEqual(70);
  expect(figures.sureRight).toBeGreaterThanOrEqual(98);
});
