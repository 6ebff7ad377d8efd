import type { Language } from '../config/texts';
import { ageGroups, type Figures, type HandOffFigures } from './figures';

const decimal = (value: number, digits: number, language: Language): string =>
  language === 'tr' ? value.toFixed(digits).replace('.', ',') : value.toFixed(digits);

/** Formats a share (0 to 1) as "% 93", in English "93%", or a dash for null. */
export function shareText(share: number | null, language: Language = 'tr'): string {
  if (share === null) return '–';
  const percent = Math.round(share * 100);
  return language === 'tr' ? `% ${percent}` : `${percent}%`;
}

const units = { tr: { minutes: 'dk', hours: 'sa' }, en: { minutes: 'min', hours: 'h' } } as const;

/** Formats business minutes: "45 dk", "6,5 sa". Hours are working hours. */
export function minutesText(minutes: number | null, language: Language = 'tr'): string {
  if (minutes === null) return '–';
  return minutes < 60
    ? `${Math.round(minutes)} ${units[language].minutes}`
    : `${decimal(minutes / 60, 1, language)} ${units[language].hours}`;
}

/** Formats days: "12 gün", or "bugün" for less than one. */
export function daysText(days: number | null): string {
  if (days === null) return '–';
  return days < 1 ? 'bugün' : `${Math.floor(days)} gün`;
}

/** Formats a rating: "4,3 / 5". */
export function starsText(mean: number | null, language: Language = 'tr'): string {
  return mean === null ? '–' : `${decimal(mean, 1, language)} / 5`;
}

/** Formats how many messages a case needed: "3,2"; a dash without a case. */
export function perCaseText(messages: number, cases: number): string {
  return cases === 0 ? '–' : decimal(messages / cases, 1, 'tr');
}

/** Formats objections: "3 yapıldı, 1 kabul edildi, … ; 1 karar bekliyor, 1 gecikmiş". */
export function objectionsText({ objections }: Pick<Figures, 'objections'>): string {
  const { made, accepted, confirmed, withdrawn, waiting, overdue } = objections;
  return `${made} yapıldı, ${accepted} kabul edildi, ${confirmed} reddedildi, ${withdrawn} geri alındı; ${waiting} karar bekliyor, ${overdue} gecikmiş`;
}

/** Formats planned work: "4 iş bekliyor, 1 tarihi geçmiş, 2 kez ertelendi". */
export function programmeText({ programme }: Pick<Figures, 'programme'>): string {
  const { waiting, overdue, moved } = programme;
  return `${waiting} iş bekliyor, ${overdue} tarihi geçmiş, ${moved} kez tarihi değişti`;
}

/** Formats calls that replace undelivered messages: "3 istendi, 2 ulaşıldı, …; 1 bekliyor". */
export function callsText({ calls }: Pick<Figures, 'calls'>): string {
  const { asked, reached, unreached, wrongNumber, arrived, waiting } = calls;
  return `${asked} istendi, ${reached} kişiye ulaşıldı, ${unreached} kişiye ulaşılamadı, ${wrongNumber} numara yanlış, ${arrived} mesaj sonradan ulaştı; ${waiting} arama bekliyor`;
}

/** Formats hand-offs: "12 iletildi, 9 yanıtlandı (% 75), ortanca 3 gün; 2 yanıt bekleniyor". */
export function handOffText(figures: HandOffFigures & { answeredShare: number | null }): string {
  const { count, answered, answeredShare, medianDays, waiting } = figures;
  return `${count} iletildi, ${answered} yanıtlandı (${shareText(answeredShare)}), ortanca ${daysText(medianDays)}; ${waiting} yanıt bekleniyor`;
}

/** The labels of the age groups of open cases, youngest first. */
export function ageGroupLabels(): string[] {
  const ends = ageGroups.map((end, place) => `${(ageGroups[place - 1] ?? -1) + 1}–${end} gün`);
  return [...ends, `${ageGroups.at(-1)} günden eski`];
}

/** Aligns rows as columns: those at the indexes `names` to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[], names: readonly number[]): string[] {
  const widths = (rows[0] ?? []).map((_, place) =>
    Math.max(...rows.map(row => [...(row[place] ?? '')].length)),
  );
  return rows.map(row =>
    row
      .map((cell, place) => {
        const width = widths[place] ?? 0;
        return names.includes(place) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
