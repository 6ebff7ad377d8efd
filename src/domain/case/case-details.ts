import { MINUTE_MS } from '../durations';
import type { CaseState } from './case';
import { bindingDeadline, nextDeadline } from './case-clocks';
import type { CaseFact } from './case-events';
import { deadlineLabel, factLabel, outcomeLabels, roleLabels, slaLabels, stageLabels } from './case-labels';

const FACTS_SHOWN = 6;
/** Limits that keep the details within 2 KB regardless of the length of configured names. */
const LONGEST_NAME = 60;
const LONGEST_FACT = 80;

function cut(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}

/**
 * Escapes Markdown and HTML characters. Names come from the configuration, and the page belongs to the
 * Temporal UI.
 */
function escape(text: string, longest = LONGEST_NAME): string {
  return cut(text, longest).replace(/[\\`*_{}[\]()#+!|<>&~]/g, character => `\\${character}`);
}

/** Returns the case details for the Temporal UI: Markdown of at most 2 KB, without personal data. */
export function caseDetails(state: CaseState, story: readonly CaseFact[]): string {
  const time = (at: number): string => localTime(at, state.plan.utcOffsetMinutes);
  const due = bindingDeadline(state);
  const next = nextDeadline(state);
  const rows: [string, string][] = [
    ['Kayıt', state.caseNumber],
    ['Konu', escape(state.category.name)],
    ['Aşama', stageLabels[state.stage]],
    state.institution
      ? ['Kurum', escape(state.institution.name)]
      : ['Müdürlük', escape(state.plan.desk.name)],
    ['Hizmet süresi', `${slaLabels[state.slaState]}${due === null ? '' : `, hedef ${time(due)}`}`],
    ['Yasal süre', time(state.plan.legalBy)],
  ];
  if (state.pausedSince !== null) rows.push(['Süre durdu', time(state.pausedSince)]);
  if (state.plannedFor !== null) rows.push(['Çalışma günü', time(state.plannedFor)]);
  if (state.programme !== null) rows.push(['Program tarihi', time(state.programme.by)]);
  if (state.objection !== null) rows.push(['İtiraza karar verecek', roleLabels[state.objection.by]]);
  if (state.objectionCount > 0) rows.push(['İtiraz', String(state.objectionCount)]);
  if (state.leader !== null) rows.push(['Bağlı olduğu kayıt', state.leader]);
  if (state.members.length > 0) rows.push(['Bağlı kayıtlar', String(state.members.length)]);
  if (state.escalationLevel > 0) rows.push(['Üst makam', `${state.escalationLevel}. kademe`]);
  if (state.outcome) rows.push(['Sonuç', outcomeLabels[state.outcome]]);
  if (state.reopenCount > 0) rows.push(['Yeniden açılma', String(state.reopenCount)]);
  const following = next && `${deadlineLabel(next.due)} – ${time(next.at)}`;
  return [
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    `**Sıradaki adım:** ${following ?? 'yok'}`,
    '',
    ...story.slice(-FACTS_SHOWN).map(fact => `- ${time(fact.at)} ${escape(factLabel(fact), LONGEST_FACT)}`),
  ].join('\n');
}

const months = ['Oca', 'Şub', 'Mar', 'Nis', 'May', 'Haz', 'Tem', 'Ağu', 'Eyl', 'Eki', 'Kas', 'Ara'];
const weekdays = ['Paz', 'Pzt', 'Sal', 'Çar', 'Per', 'Cum', 'Cmt'];

/**
 * Returns a local time in Turkish, "25 Kas Çar 10:30". `at` is epoch ms UTC. The offset comes from the plan,
 * because workflow code cannot read time zones deterministically.
 */
export function localTime(at: number, utcOffsetMinutes: number): string {
  const local = new Date(at + utcOffsetMinutes * MINUTE_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${local.getUTCDate()} ${months[local.getUTCMonth()]} ${weekdays[local.getUTCDay()]}`;
  return `${day} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}
