import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { subjectOf } from '../activities/case-intake';
import { loadMunicipality } from '../src/config/municipality';
import { categoryOf } from '../src/config/offices';
import { type Danger, dangerIn } from '../src/domain/routing/danger';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));

interface Wording {
  readonly words: string;
  /** Whether somebody is hurt by the hazard. */
  readonly hurt?: 'yes' | 'no';
}

function wordingsOf(name: string): Wording[] {
  return parse<Wording>(readFileSync(join(__dirname, `corpus/danger/${name}.csv`), 'utf8'), {
    columns: true,
  });
}

const found = new Map<string, Danger | null>();

function dangerOf({ words }: Wording): Danger | null {
  const danger = found.has(words)
    ? (found.get(words) ?? null)
    : dangerIn(words, municipality.language.danger);
  found.set(words, danger);
  return danger;
}

function calls112(wording: Wording): boolean {
  const danger = dangerOf(wording);
  return danger !== null && (danger.to === 'people' || (danger.to === 'passers' && danger.hurt));
}

function goesToVet({ words }: Wording): boolean {
  const [best] = subjectOf(words, municipality).ranked;
  const { owner } = categoryOf(municipality, best?.category ?? 'other');
  return 'department' in owner && owner.department === 'veteriner-isleri';
}

/**
 * Wordings on which the words were tuned and the model was trained, and others that were written before any result
 * was seen.
 */
const classOf = (name: string) => ({ tuned: wordingsOf(name), unseen: wordingsOf(`${name}-unseen`) });
const people = classOf('people');
const hazard = classOf('hazard');
const harmless = classOf('harmless');
const animal = classOf('animal');
const isHurt = ({ hurt }: Wording): boolean => hurt === 'yes';
const onlyHurt = { tuned: hazard.tuned.filter(isHurt), unseen: [] };

test('each class has at least 150 unseen wordings that are not among the tuned ones', () => {
  for (const { tuned, unseen } of [people, hazard, harmless]) {
    const known = new Set(tuned.map(({ words }) => words));
    expect(unseen.length).toBeGreaterThanOrEqual(150);
    expect(unseen.filter(({ words }) => known.has(words))).toEqual([]);
  }
});

/** The share of right answers, in percent, and the least of each that a change may leave. */
test.each<
  [
    rule: string,
    wordings: typeof people,
    isRight: (wording: Wording) => boolean,
    tuned: number,
    unseen: number | null,
  ]
>([
  ['people in danger get 112', people, calls112, 99, 96],
  ['people in danger get nothing but 112', people, wording => dangerOf(wording)?.to === 'people', 99, 95],
  ['a hazard has the highest priority', hazard, wording => dangerOf(wording)?.to === 'passers', 99, 94],
  ['people hurt by a hazard get 112', onlyHurt, calls112, 98, null],
  ['a hurt animal is not answered with 112', animal, wording => !calls112(wording), 99, 98],
  ['a hurt animal goes to the vet', animal, goesToVet, 98, 95],
  [
    'a name, a figure of speech or an everyday complaint is no danger',
    harmless,
    wording => dangerOf(wording) === null,
    99,
    97,
  ],
])('%s', (rule, wordings, isRight, tuned, unseen) => {
  const share = (of: Wording[]): number => (100 * of.filter(isRight).length) / of.length;
  const tell = (part: string, of: Wording[]): string => `${part} ${share(of).toFixed(1)} % of ${of.length}`;
  const parts = [
    tell('tuned', wordings.tuned),
    ...(unseen === null ? [] : [tell('unseen', wordings.unseen)]),
  ];
  process.stdout.write(`${rule}: ${parts.join(', ')}\n`);
  expect(share(wordings.tuned)).toBeGreaterThanOrEqual(tuned);
  expect(unseen === null ? 0 : share(wordings.unseen)).toBeGreaterThanOrEqual(unseen ?? 0);
});
