import type { Municipality } from '../../config/municipality';
import {
  ageGroupLabels,
  daysText,
  minutesText,
  callsText,
  handOffText,
  objectionsText,
  perCaseText,
  programmeText,
  shareText,
  starsText,
} from '../../reports/figure-text';
import { answeredIn, type Figures } from '../../reports/figures';
import { onTimeShare, type DepartmentReport, type Report } from '../../reports/report';
import { reopenRate } from '../../reports/report-table';
import type { Letter } from '../letters/letter-frame';
import { createTemplates } from '../templates';

export interface WeeklyLetterData {
  municipality: Pick<Municipality, 'name'>;
  recipient: string;
  /** "16–22 Kasım 2026". */
  week: string;
  report: Report;
  /** The previous week, for comparison. */
  before: Report;
  /** What changed most since the week before, a sentence each. */
  trends: readonly string[];
  /** The recipient's link to the managers' page. */
  link: string;
}

interface Tile {
  name: string;
  value: string;
  before: string;
}

interface Line {
  name: string;
  value: string;
  /** Length of the bar in percent; null without a bar. */
  percent: number | null;
  tone: 'good' | 'warn' | 'bad' | 'plain';
}

const GOOD_SHARE = 0.9;
const FAIR_SHARE = 0.75;

const templates = createTemplates(__dirname);

/** Composes the weekly letter with statistics for one manager, as HTML and plain text. */
export function composeWeeklyLetter(data: WeeklyLetterData): Letter {
  const { report, before, week, municipality, recipient, trends, link } = data;
  const values = {
    municipality: municipality.name,
    recipient,
    week,
    link,
    lead: leadOf(report.town),
    isQuiet: isQuiet(report.town),
    trends,
    tiles: tilesOf(report.town, before.town),
    departments: report.departments.filter(hasWork).map(lineOf),
    quiet: report.departments.filter(department => !hasWork(department)).map(({ name }) => name),
    fewest: report.fewest,
    facts: factsOf(report),
    ages: agesOf(report.town),
  };
  return {
    subject: `Haftalık bildirim raporu · ${week}`,
    html: templates.html('weekly-html', values),
    text: templates.text('weekly-text', values),
    pictures: [],
  };
}

const breaches = (figures: Figures): number =>
  Object.values(figures.breaches).reduce((sum: number, count) => sum + (count ?? 0), 0);

const isQuiet = (town: Figures): boolean => town.received + answeredIn(town) + town.open === 0;

function leadOf(town: Figures): string {
  if (isQuiet(town)) {
    return 'Bu hafta bildirim gelmedi ve açık kayıt yok.';
  }
  const late = town.resolve.late;
  return late === 0
    ? `Bu hafta ${town.received} bildirim geldi, ${answeredIn(town)} kayıt sonuçlandı; çözüm süresi aşılan kayıt olmadı.`
    : `Bu hafta ${town.received} bildirim geldi, ${answeredIn(town)} kayıt sonuçlandı; ${late} kaydın çözüm süresi aşıldı.`;
}

function tilesOf(town: Figures, before: Figures): Tile[] {
  const share = (figures: Figures): string => shareText(onTimeShare(figures.resolve));
  return [
    { name: 'Gelen', value: String(town.received), before: String(before.received) },
    { name: 'Sonuçlanan', value: String(answeredIn(town)), before: String(answeredIn(before)) },
    { name: 'Süresinde çözüm', value: share(town), before: share(before) },
    { name: 'Açık', value: String(town.open), before: String(before.open) },
  ];
}

function hasWork({ figures }: DepartmentReport): boolean {
  return figures.received + figures.open + answeredIn(figures) + breaches(figures) > 0;
}

function lineOf({ name, figures, rank }: DepartmentReport): Line {
  const share = onTimeShare(figures.resolve);
  const decided = figures.resolve.onTime + figures.resolve.late;
  const place = rank === null ? '' : `${rank}. `;
  const parts = [`${figures.open} açık`, `${answeredIn(figures)} sonuç`, `${breaches(figures)} aşım`];
  return {
    name: `${place}${name}`,
    value: decided === 0 ? parts.join(' · ') : `${shareText(share)} · ${parts.join(' · ')}`,
    percent: share === null ? null : Math.round(share * 100),
    tone: share === null ? 'plain' : share >= GOOD_SHARE ? 'good' : share >= FAIR_SHARE ? 'warn' : 'bad',
  };
}

function factsOf({ town, institutions }: Report): { name: string; value: string }[] {
  const { breaches: byLevel, opinions, ratings, resolveMinutes, firstMessageMinutes, backlog } = town;
  const { received, triaged, messages } = town;
  const levels = ['1', '2', '3'].map(level => `${level}. kademe ${byLevel[level] ?? 0}`).join(', ');
  return [
    { name: 'Süresinde kabul', value: shareText(onTimeShare(town.accept)) },
    {
      name: 'Çözüm süresi',
      value: `ortanca ${minutesText(resolveMinutes.median)}, yüzde 90’ı en çok ${minutesText(resolveMinutes.p90)} (çalışma saati)`,
    },
    {
      name: 'İlk yanıt',
      value: `ortanca ${minutesText(firstMessageMinutes.median)}, yüzde 90’ı en çok ${minutesText(firstMessageMinutes.p90)}`,
    },
    {
      name: 'Masadan geçen',
      value: `${triaged} (${shareText(received === 0 ? null : triaged / received)})`,
    },
    {
      name: 'Mesajlar',
      value: `kayıt başına ${perCaseText(messages.count, received)}, bunun ${perCaseText(messages.templates, received)} kadarı şablon`,
    },
    { name: 'Süre aşımı', value: levels },
    { name: 'Yasal süre uyarısı', value: String(town.legalWarnings) },
    { name: 'İtirazlar', value: objectionsText(town) },
    { name: 'Telefonla bilgilendirme', value: callsText(town) },
    { name: 'Programdaki işler', value: programmeText(town) },
    ...institutions.map(each => ({ name: each.name, value: handOffText(each) })),
    { name: 'Yeniden açılan', value: `${town.reopened} (${shareText(reopenRate(town))})` },
    {
      name: 'Vatandaş yanıtı',
      value: `çözüldü ${opinions.solved}, kısmen ${opinions.partly}, çözülmedi ${opinions.unsolved}`,
    },
    { name: 'Memnuniyet', value: `${starsText(ratings.mean)} (${ratings.count} puan)` },
    { name: 'En eski açık kayıt', value: daysText(backlog.oldest) },
  ];
}

function agesOf({ backlog: { groups }, open }: Figures): Line[] {
  return ageGroupLabels().map((name, place) => {
    const count = groups[place] ?? 0;
    const isOld = place === groups.length - 1;
    return {
      name,
      value: String(count),
      percent: open === 0 ? 0 : Math.round((count / open) * 100),
      tone: isOld && count > 0 ? ('bad' as const) : ('plain' as const),
    };
  });
}
