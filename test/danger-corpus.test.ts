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

const people = wordingsOf('people');
const hazard = wordingsOf('hazard');
const harmless = wordingsOf('harmless');
const animal = wordingsOf('animal');
const onlyHurt = (wordings: Wording[]): Wording[] => wordings.filter(({ hurt }) => hurt === 'yes');

/** The share of right answers, in percent, with the least that a change may leave. The words were tuned on these wordings. */
test.each<[rule: string, wordings: Wording[], isRight: (wording: Wording) => boolean, least: number]>([
  ['people in danger get 112', people, calls112, 98],
  ['people in danger get nothing but 112', people, wording => dangerOf(wording)?.to === 'people', 95],
  ['a hazard has the highest priority', hazard, wording => dangerOf(wording)?.to === 'passers', 98.5],
  ['people hurt by a hazard get 112', onlyHurt(hazard), calls112, 97],
  ['a hurt animal is not answered with 112', animal, wording => !calls112(wording), 98],
  ['a hurt animal goes to the vet', animal, goesToVet, 98],
  ['a name, a figure of speech or an everyday complaint is no danger', harmless, isHarmless, 99],
])('%s', (rule, wordings, isRight, least) => {
  const share = (100 * wordings.filter(isRight).length) / wordings.length;
  process.stdout.write(`${rule}: ${share.toFixed(1)} % of ${wordings.length}\n`);
  expect(share).toBeGreaterThanOrEqual(least);
});

function isHarmless(wording: Wording): boolean {
  return dangerOf(wording) === null;
}
