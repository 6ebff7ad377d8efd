import { outcomeWords } from '../domain/case/case-labels';
import type { Outcome } from '../domain/case/case';
import { ageGroupWords } from './age-words';
import { aligned } from './aligned';
import type { Figures } from './figures';
import { dayWords, minuteWords, shareWords, starWords } from './figure-words';
import { onTimeShare, type Report } from './report';
import { reopenRate } from './report-rows';

interface Column {
  head: string;
  of: (figures: Figures) => string;
}

const columns: readonly Column[] = [
  { head: 'Gelen', of: ({ received }) => String(received) },
  { head: 'Açık', of: ({ open }) => String(open) },
  { head: 'Sonuç', of: ({ answered }) => String(total(answered)) },
  { head: 'Sür. kabul', of: ({ accept }) => shareWords(onTimeShare(accept)) },
  { head: 'Sür. çözüm', of: ({ resolve }) => shareWords(onTimeShare(resolve)) },
  { head: 'Ortanca', of: ({ resolveMinutes }) => minuteWords(resolveMinutes.median) },
  { head: '%90', of: ({ resolveMinutes }) => minuteWords(resolveMinutes.p90) },
  { head: 'Aşım 1/2/3', of: ({ breaches }) => levels(breaches) },
  { head: 'Yen. açma', of: figures => shareWords(reopenRate(figures)) },
  { head: 'Puan', of: ({ ratings }) => starWords(ratings.mean) },
  { head: 'En eski', of: ({ backlog }) => dayWords(backlog.oldest) },
];

/** The report as a table for a terminal of 140 columns, in Turkish. `name` of the period is shown as it is. */
export function reportTable(report: Report, period: string): string {
  const { town, departments, fewest } = report;
  const rows = [
    ['Sıra', 'Müdürlük', ...columns.map(({ head }) => head)],
    ['', 'Tüm belediye', ...columns.map(({ of }) => of(town))],
    ...departments.map(({ rank, name, figures }) => [
      rank === null ? '–' : String(rank),
      name,
      ...columns.map(({ of }) => of(figures)),
    ]),
  ];
  return [
    `Bildirim raporu: ${period}`,
    '',
    ...aligned(rows, [1]),
    '',
    `Sonuçlar: ${outcomeList(town.answered)}`,
    `Vatandaş: çözüldü ${town.opinions.solved}, kısmen ${town.opinions.partly}, çözülmedi ${town.opinions.unsolved}; ${town.ratings.count} puan`,
    `Açık kayıtların yaşı: ${ageList(town.backlog.groups)}`,
    `Yasal süre (3071) uyarıları: ${town.legalWarnings}`,
    '',
    'Ortanca ve %90: görevin verilmesinden sonuca, müdürlüğün çalışma saatiyle, beklemeler düşülerek.',
    `Sıra: süresinde çözüm oranına göre; en az ${fewest} sonucu olmayan müdürlük sıralanmaz.`,
  ].join('\n');
}

function total(answered: Figures['answered']): number {
  return Object.values(answered).reduce((sum, count) => sum + count, 0);
}

function levels(breaches: Figures['breaches']): string {
  return ['1', '2', '3'].map(level => breaches[level] ?? 0).join('/');
}

function outcomeList(answered: Figures['answered']): string {
  const parts = (Object.keys(answered) as Outcome[]).map(
    outcome => `${outcomeWords[outcome]} ${answered[outcome] ?? 0}`,
  );
  return parts.length > 0 ? parts.join(', ') : 'yok';
}

/** "0–3 gün 12, 4–7 gün 3, …" */
function ageList(groups: readonly number[]): string {
  return ageGroupWords()
    .map((words, place) => `${words} ${groups[place] ?? 0}`)
    .join(', ');
}
