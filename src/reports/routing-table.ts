import type { Municipality } from '../config/municipality';
import { aligned } from './aligned';
import { shareWords } from './figure-words';
import type { RoutingReport } from './routing-report';

type Names = Pick<Municipality, 'departments' | 'institutions' | 'categories'>;

const MOST_LINES = 20;

/** The report as text for a terminal, in Turkish, the worst twenty of each kind. */
export function routingTable(names: Names, report: RoutingReport, period: string): string {
  const { cases, decidedBy, rerouted, choices } = report;
  const share = (part: number, all: number): string => shareWords(all === 0 ? null : part / all);
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

/** The name that people read for an `ownerKey`; what is no longer configured keeps its slug. */
function ownerName({ departments, institutions }: Names, key: string): string {
  const [kind, slug = ''] = key.split(' ');
  return (kind === 'institution' ? institutions[slug]?.name.tr : departments[slug]?.name) ?? slug;
}
