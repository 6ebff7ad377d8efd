import { calendarFor, type Closure } from '../config/calendars';
import type { Municipality } from '../config/municipality';
import type { BusinessCalendar } from '../domain/sla/business-calendar';
import { type CaseStory, readStory } from './case-story';
import {
  type Figures,
  figuresOf,
  handOffFigures,
  type HandOffFigures,
  type OnTime,
  type Period,
} from './figures';

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

/** Returns the report of a period from the stories of all cases that were open or changed in it. */
export function reportOf(input: {
  stories: readonly CaseStory[];
  period: Period;
  departments: readonly { slug: string; name: string }[];
  institutions?: readonly { slug: string; name: string }[];
  fewest: number;
  calendarOf: (department: string) => BusinessCalendar;
}): Report {
  const { stories, period, departments, institutions = [], fewest, calendarOf } = input;
  const readings = stories
    .filter(({ receivedAt }) => receivedAt < period.to)
    .map(story => readStory(story, period.to));
  const reports = departments.map(({ slug, name }) => ({
    slug,
    name,
    figures: figuresOf(readings, period, slug, calendarOf),
  }));
  const comparable = reports
    .filter(({ figures: { resolve } }) => resolve.onTime + resolve.late >= fewest)
    .sort((a, b) => compare(a.figures, b.figures));
  const ranked = comparable.map(report => ({
    ...report,
    // Ties share a rank.
    rank: 1 + comparable.findIndex(other => compare(other.figures, report.figures) === 0),
  }));
  const others = reports.filter(report => !comparable.includes(report));
  return {
    period,
    fewest,
    town: figuresOf(readings, period, null, calendarOf),
    departments: [...ranked, ...others.map(report => ({ ...report, rank: null }))],
    institutions: institutions
      .map(({ slug, name }) => {
        const figures = handOffFigures(readings, period, slug);
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

/** Returns the report for all departments, each with its own calendar and the extra closures. */
export function townReport(
  { municipality, closures }: { municipality: Municipality; closures: readonly Closure[] },
  period: Period,
  stories: readonly CaseStory[],
): Report {
  return reportOf({
    stories,
    period,
    departments: Object.values(municipality.departments),
    institutions: Object.values(municipality.institutions).map(({ slug, name }) => ({ slug, name: name.tr })),
    fewest: municipality.managers.fewestToRank,
    calendarOf: slug => calendarFor(municipality, slug, closures),
  });
}
