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

/** Every second wording, from the first on, was used to tune the lexicon. The others evaluate it. */
function halvesOf(name: string): { tuned: Wording[]; kept: Wording[] } {
  const file = readFileSync(join(__dirname, `corpus/danger/${name}.csv`), 'utf8');
  const all = parse<Wording>(file, { columns: true });
  return { tuned: all.filter((_, i) => i % 2 === 0), kept: all.filter((_, i) => i % 2 === 1) };
}

const dangerOf = ({ words }: Wording): Danger | null => dangerIn(words, municipality.language.danger);

function calls112(wording: Wording): boolean {
  const danger = dangerOf(wording);
  return danger !== null && (danger.to === 'people' || (danger.to === 'passers' && danger.hurt));
}

function goesToVet({ words }: Wording): boolean {
  const [best] = subjectOf(words, municipality).ranked;
  const { owner } = categoryOf(municipality, best?.category ?? 'other');
  return 'department' in owner && owner.department === 'veteriner-isleri';
}

const people = halvesOf('people');
const hazard = halvesOf('hazard');
const animal = halvesOf('animal');
const harmless = halvesOf('harmless');
/** Wordings in other styles, written before the rules for kinds of danger. */
const otherHazards = halvesOf('hazard-fresh');
const everyday = halvesOf('harmless-fresh');

test('each class has at least 200 wordings', () => {
  for (const { tuned, kept } of [people, hazard, animal, harmless])
    expect(tuned.length + kept.length).toBeGreaterThanOrEqual(200);
});

/** The share of right answers in each half, in percent. The held-out half must reach `least`. */
test.each<[rule: string, halves: typeof people, isRight: (wording: Wording) => boolean, least: number]>([
  ['people in danger get 112', people, calls112, 98],
  ['people in danger get nothing but 112', people, wording => dangerOf(wording)?.to === 'people', 98],
  ['a hazard has the highest priority', hazard, wording => dangerOf(wording)?.to === 'passers', 97],
  ['a hazard in another style has it too', otherHazards, wording => dangerOf(wording)?.to === 'passers', 84],
  ['an everyday complaint is no danger', everyday, wording => dangerOf(wording) === null, 98],
  ['people hurt by a hazard get 112', onlyHurt(hazard), calls112, 98],
  ['a hurt animal is not answered with 112', animal, wording => !calls112(wording), 98],
  ['a hurt animal goes to the vet', animal, goesToVet, 98],
  ['a name or figure of speech is not a danger', harmless, wording => dangerOf(wording) === null, 97],
])('%s', (rule, { tuned, kept }, isRight, least) => {
  const share = (half: Wording[]): number => (100 * half.filter(isRight).length) / half.length;
  process.stdout.write(
    `${rule}: tuned ${share(tuned).toFixed(1)} %, kept apart ${share(kept).toFixed(1)} %\n`,
  );
  expect(share(kept)).toBeGreaterThanOrEqual(least);
});

function onlyHurt({ tuned, kept }: typeof people): typeof people {
  const isHurt = ({ hurt }: Wording): boolean => hurt === 'yes';
  return { tuned: tuned.filter(isHurt), kept: kept.filter(isHurt) };
}
