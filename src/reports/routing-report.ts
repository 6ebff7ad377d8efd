import type { Municipality } from '../config/municipality';
import type { CaseCourse } from './case-course';
import { aligned, shareText } from './figure-text';

/** Who corrected a guess. */
type CorrectedBy = 'list' | 'triage' | 'reroute';

/** One owner guessed instead of another. Owners are `ownerKey`s. */
interface Confusion {
  readonly guessed: string;
  readonly right: string;
  readonly times: Readonly<Record<CorrectedBy, number>>;
}

interface SubjectReroutes {
  readonly subject: string;
  readonly cases: number;
  readonly rerouted: number;
}

/** A term and how often it matched for a wrong and for the right owner. */
interface MisleadingTerm {
  readonly term: string;
  readonly wrong: number;
  readonly right: number;
}

/** Statistics of the routing in a period. */
export interface RoutingReport {
  readonly cases: number;
  /** Who chose the first owner. */
  readonly decidedBy: Readonly<Record<CaseCourse['decidedBy'], number>>;
  readonly rerouted: number;
  /** Choices by citizens and the triage desk that agree with the text's most likely subject. */
  readonly choices: { readonly made: number; readonly asGuessed: number };
  readonly confusions: readonly Confusion[];
  readonly subjects: readonly SubjectReroutes[];
  readonly terms: readonly MisleadingTerm[];
}

/** A verdict on a guess: who gave it, the guessed owner and the right one. */
interface Verdict {
  readonly by: CorrectedBy;
  readonly guessed: string;
  readonly right: string;
}

function verdictOf({ decidedBy, guessed, first, last, usual }: CaseCourse): Verdict | null {
  switch (decidedBy) {
    case 'citizen':
      return guessed && usual !== null ? { by: 'list', guessed: guessed.owner, right: usual } : null;
    case 'nobody':
      return guessed && last !== null ? { by: 'triage', guessed: guessed.owner, right: last } : null;
    case 'words':
      return first !== null && last !== null ? { by: 'reroute', guessed: first, right: last } : null;
  }
}

function confusionsOf(verdicts: readonly Verdict[]): Confusion[] {
  const found = new Map<string, Confusion>();
  for (const { by, guessed, right } of verdicts) {
    if (guessed === right) continue;
    const key = `${guessed} ${right}`;
    const { times } = found.get(key) ?? { times: { list: 0, triage: 0, reroute: 0 } };
    found.set(key, { guessed, right, times: { ...times, [by]: times[by] + 1 } });
  }
  const all = ({ times }: Confusion): number => times.list + times.triage + times.reroute;
  return [...found.values()].sort((a, b) => all(b) - all(a));
}

function subjectsOf(courses: readonly CaseCourse[]): SubjectReroutes[] {
  const found = new Map<string, SubjectReroutes>();
  for (const { subject, reroutes } of courses) {
    const { cases, rerouted } = found.get(subject) ?? { cases: 0, rerouted: 0 };
    found.set(subject, { subject, cases: cases + 1, rerouted: rerouted + (reroutes > 0 ? 1 : 0) });
  }
  return [...found.values()].filter(({ rerouted }) => rerouted > 0).sort((a, b) => b.rerouted - a.rerouted);
}

function termsOf(judged: readonly { course: CaseCourse; verdict: Verdict }[]): MisleadingTerm[] {
  const found = new Map<string, MisleadingTerm>();
  for (const { course, verdict } of judged) {
    const isRight = verdict.guessed === verdict.right;
    for (const term of course.matched) {
      const { wrong, right } = found.get(term) ?? { wrong: 0, right: 0 };
      found.set(term, { term, wrong: wrong + (isRight ? 0 : 1), right: right + (isRight ? 1 : 0) });
    }
  }
  return [...found.values()]
    .filter(({ wrong }) => wrong > 0)
    .sort((a, b) => b.wrong - a.wrong || a.right - b.right);
}

/** Counts which owners are confused, who corrected it, and which terms caused it. */
export function routingReportOf(courses: readonly CaseCourse[]): RoutingReport {
  const judged = courses.flatMap(course => {
    const verdict = verdictOf(course);
    return verdict ? [{ course, verdict }] : [];
  });
  const verdicts = judged.map(({ verdict }) => verdict);
  const choices = verdicts.filter(({ by }) => by !== 'reroute');
  const decided = (by: CaseCourse['decidedBy']): number =>
    courses.filter(({ decidedBy }) => decidedBy === by).length;
  return {
    cases: courses.length,
    decidedBy: { words: decided('words'), citizen: decided('citizen'), nobody: decided('nobody') },
    rerouted: courses.filter(({ reroutes }) => reroutes > 0).length,
    choices: {
      made: choices.length,
      asGuessed: choices.filter(({ guessed, right }) => guessed === right).length,
    },
    confusions: confusionsOf(verdicts),
    subjects: subjectsOf(courses),
    terms: termsOf(judged),
  };
}

type Names = Pick<Municipality, 'departments' | 'institutions' | 'categories'>;

const MOST_LINES = 20;

/** Formats the report in Turkish for a terminal, with the twenty worst of each kind. */
export function routingTable(names: Names, report: RoutingReport, period: string): string {
  const { cases, decidedBy, rerouted, choices } = report;
  const share = (part: number, all: number): string => shareText(all === 0 ? null : part / all);
  return [
    `Yönlendirme raporu: ${period}`,
    '',
    `Kayıt: ${cases}; sorulmadan ${decidedBy.words}, listeden seçilen ${decidedBy.citizen}, bildirim masasına giden ${decidedBy.nobody}`,
    `Başka müdürlüğe gönderilen: ${rerouted} (${share(rerouted, cases)})`,
    `Seçimlerde ilk tahmin: ${choices.made} seçimin ${choices.asGuessed} tanesi (${share(choices.asGuessed, choices.made)})`,
    ...section('Karıştırılanlar', [
      ['Tahmin', 'Doğrusu', 'Gönderme', 'Masa', 'Liste'],
      ...report.confusions.map(({ guessed, right, times }) => [
        ownerName(names, guessed),
        ownerName(names, right),
        ...[times.reroute, times.triage, times.list].map(String),
      ]),
    ]),
    ...section('Çok gönderilen konular', [
      ['Konu', 'Adı', 'Kayıt', 'Gönderilen', 'Oran'],
      ...report.subjects.map(({ subject, cases: all, rerouted: some }) => [
        subject,
        names.categories.find(({ slug }) => slug === subject)?.name.tr ?? '',
        String(all),
        String(some),
        share(some, all),
      ]),
    ]),
    ...section('Yanıltan sözcükler', [
      ['Sözcük', '', 'Yanlış', 'Doğru'],
      ...report.terms.map(({ term, wrong, right }) => [term, '', String(wrong), String(right)]),
    ]),
  ].join('\n');
}

function section(title: string, [head = [], ...rows]: string[][]): string[] {
  const lines = rows.length > 0 ? aligned([head, ...rows.slice(0, MOST_LINES)], [0, 1]) : ['yok'];
  return ['', title, ...lines];
}

/** Returns the display name of an `ownerKey`, or its slug if it is no longer configured. */
function ownerName({ departments, institutions }: Names, key: string): string {
  const [kind, slug = ''] = key.split(' ');
  return (kind === 'institution' ? institutions[slug]?.name.tr : departments[slug]?.name) ?? slug;
}
