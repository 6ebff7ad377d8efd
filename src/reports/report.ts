import { calendarFor, calendarNamed, type Closure } from '../config/calendars';
import type { Municipality } from '../config/municipality';
import { type CaseLine, lineOf } from './case-line';
import type { CaseStory } from './case-story';
import { figuresBy, figuresOf } from './figure-groups';
import type { Figures, HandOffFigures, OnTime, Period } from './figures';

export interface DepartmentReport {
  slug: string;
  name: string;
  figures: Figures;
  /** The rank by share of answers in time; null with fewer decided answers than `fewest`. */
  rank: number | null;
}

interface InstitutionReport extends HandOffFigures {
  slug: string;
  name: string;
  /** The share of answered hand-offs, 0 to 1; null without hand-offs. */
  answeredShare: number | null;
}

export interface Report {
  period: Period;
  /** The number of decided answers required for a rank. */
  fewest: number;
  town: Figures;
  /** Ranked departments first, then the others in configuration order. */
  departments: DepartmentReport[];
  /** The institutions with hand-offs, in configuration order. */
  institutions: InstitutionReport[];
}

/** Returns the share in time, 0 to 1; null if nothing was decided. */
export function onTimeShare({ onTime, late }: OnTime): number | null {
  return onTime + late === 0 ? null : onTime / (onTime + late);
}

/** Returns the report of a period from the lines of all cases that were open or changed in it. */
export function reportOf(input: {
  lines: readonly CaseLine[];
  period: Period;
  departments: readonly { slug: string; name: string }[];
  institutions?: readonly { slug: string; name: string }[];
  fewest: number;
}): Report {
  const { lines, period, departments, institutions = [], fewest } = input;
  const found = figuresBy(lines, period, 'department');
  const none = figuresOf([], period);
  const reports = departments.map(({ slug, name }) => ({ slug, name, figures: found.get(slug) ?? none }));
  const comparable = reports
    .filter(({ figures: { resolve } }) => resolve.onTime + resolve.late >= fewest)
    .sort((a, b) => compare(a.figures, b.figures));
  const ranked = comparable.map(report => ({
    ...report,
    // Ties share a rank.
    rank: 1 + comparable.findIndex(other => compare(other.figures, report.figures) === 0),
  }));
  const others = reports.filter(report => !comparable.includes(report));
  const handedOff = figuresBy(lines, period, 'institution');
  return {
    period,
    fewest,
    town: figuresOf(lines, period),
    departments: [...ranked, ...others.map(report => ({ ...report, rank: null }))],
    institutions: institutions
      .map(({ slug, name }) => {
        const figures = (handedOff.get(slug) ?? none).handOffs;
        const answeredShare = figures.count === 0 ? null : figures.answered / figures.count;
        return { slug, name, ...figures, answeredShare };
      })
      .filter(({ count, waiting }) => count + waiting > 0),
  };
}

/** Sorts by higher share, then by shorter median time. */
function compare(a: Figures, b: Figures): number {
  const share = (onTimeShare(b.resolve) ?? 0) - (onTimeShare(a.resolve) ?? 0);
  return share === 0 ? (a.resolveMinutes.median ?? 0) - (b.resolveMinutes.median ?? 0) : share;
}

/** The configuration and the extra closures, of which each department has its own calendar. */
export interface TownFacts {
  municipality: Municipality;
  closures: readonly Closure[];
}

/** Returns the lines of cases, each by the calendars of its departments. */
export function linesOf({ municipality, closures }: TownFacts, stories: readonly CaseStory[]): CaseLine[] {
  const calendars = new Map<string, ReturnType<typeof calendarFor>>();
  const calendarOf = (slug: string): ReturnType<typeof calendarFor> => {
    const known = calendars.get(slug);
    if (known) return known;
    // A department that is no longer configured had office hours.
    const calendar =
      slug in municipality.departments
        ? calendarFor(municipality, slug, closures)
        : calendarNamed(municipality, municipality.sla.officeCalendar, closures);
    calendars.set(slug, calendar);
    return calendar;
  };
  return stories.map(story => lineOf(story, calendarOf));
}

/** Returns the report for all departments and institutions. */
export function townReport(municipality: Municipality, period: Period, lines: readonly CaseLine[]): Report {
  return reportOf({
    lines,
    period,
    departments: Object.values(municipality.departments),
    institutions: Object.values(municipality.institutions).map(({ slug, name }) => ({ slug, name: name.tr })),
    fewest: municipality.managers.fewestToRank,
  });
}
