import type { Municipality } from '../config/municipality';
import type { CaseCourse } from './case-course';
import { aligned, shareText } from './figure-text';

/** Who corrected a guess. */
type CorrectedBy = 'list' | 'triage' | 'reroute' | 'correction';

/** One owner guessed instead of another. Owners are `ownerKey`s. */
interface Confusion {
  readonly guessed: string;
  readonly right: string;
  readonly times: Readonly<Record<CorrectedBy, number>>;
}

/** One subject recorded instead of another, as people corrected it. Slugs. */
interface SubjectCorrections {
  readonly recorded: string;
  readonly right: string;
  readonly times: number;
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
  readonly corrections: readonly SubjectCorrections[];
  readonly subjects: readonly SubjectReroutes[];
  readonly terms: readonly MisleadingTerm[];
}

/** A verdict on a guess: who gave it, the guessed owner and the right one. */
interface Verdict {
  readonly by: CorrectedBy;
  readonly guessed: string;
  readonly right: string;
}

function verdictOf({ decidedBy, guessed, first, last, usual, corrected }: CaseCourse): Verdict | null {
  // What people said explicitly counts more than where the case went.
  const wrong = guessed?.owner ?? first;
  if (corrected !== null) {
    return wrong !== null && usual !== null ? { by: 'correction', guessed: wrong, right: usual } : null;
  }
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
    const { times } = found.get(key) ?? { times: { list: 0, triage: 0, reroute: 0, correction: 0 } };
    found.set(key, { guessed, right, times: { ...times, [by]: times[by] + 1 } });
  }
  const all = ({ times }: Confusion): number => times.list + times.triage + times.reroute + times.correction;
  return [...found.values()].sort((a, b) => all(b) - all(a));
}

function correctionsOf(courses: readonly CaseCourse[]): SubjectCorrections[] {
  const found = new Map<string, SubjectCorrections>();
  for (const { subject: recorded, corrected: right } of courses) {
    if (right === null) continue;
    const key = `${recorded} ${right}`;
    found.set(key, { recorded, right, times: (found.get(key)?.times ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.times - a.times);
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
  const choices = verdicts.filter(({ by }) => by === 'list' || by === 'triage');
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
    corrections: correctionsOf(courses),
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
      ['Tahmin', 'Doğrusu', 'Gönderme', 'Masa', 'Liste', 'Düzeltme'],
      ...report.confusions.map(({ guessed, right, times }) => [
        ownerName(names, guessed),
        ownerName(names, right),
        ...[times.reroute, times.triage, times.list, times.correction].map(String),
      ]),
    ]),
    ...section('Düzeltilen konular', [
      ['Kaydedilen', 'Doğrusu', 'Kayıt'],
      ...report.corrections.map(({ recorded, right, times }) => [
        subjectName(names, recorded),
        subjectName(names, right),
        String(times),
      ]),
    ]),
    ...section('Çok gönderilen konular', [
      ['Konu', 'Adı', 'Kayıt', 'Gönderilen', 'Oran'],
      ...report.subjects.map(({ subject, cases: all, rerouted: some }) => [
        subject,
        subjectName(names, subject),
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

function subjectName({ categories }: Names, subject: string): string {
  return categories.find(({ slug }) => slug === subject)?.name.tr ?? subject;
}

/** Returns the display name of an `ownerKey`, or its slug if it is no longer configured. */
function ownerName({ departments, institutions }: Names, key: string): string {
  const [kind, slug = ''] = key.split(' ');
  return (kind === 'institution' ? institutions[slug]?.name.tr : departments[slug]?.name) ?? slug;
}
