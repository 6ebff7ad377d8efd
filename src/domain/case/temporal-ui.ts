import { MINUTE_MS } from '../durations';
import { type CaseState, isEnded } from './case';
import { bindingDeadline, nextDeadline } from './case-clocks';
import type { CaseFact } from './case-events';
import {
  callLabels,
  deadlineLabel,
  factLabel,
  outcomeLabels,
  roleLabels,
  slaLabels,
  stageLabels,
} from './case-labels';
import { handOffLabels } from './hand-off';

/**
 * Search attributes for managers. Only enums, slugs and times, because Temporal does not encrypt search
 * attributes.
 */
export const attributeTypes = {
  CaseStage: 'Keyword',
  SlaState: 'Keyword',
  Department: 'Keyword',
  Category: 'Keyword',
  Neighbourhood: 'Keyword',
  CaseKind: 'Keyword',
  CasePriority: 'Keyword',
  CaseOutcome: 'Keyword',
  CitizenCall: 'Keyword',
  SlaDueAt: 'Datetime',
  LegalDueAt: 'Datetime',
  ResolvedAt: 'Datetime',
  EscalationLevel: 'Int',
  ReopenCount: 'Int',
  ObjectionCount: 'Int',
  SlaBreached: 'Bool',
} as const;

export type AttributeName = keyof typeof attributeTypes;
type ValueOf<T> = T extends 'Int' | 'Datetime' ? number : T extends 'Bool' ? boolean : string;

/** A value for each search attribute. Datetimes are epoch ms UTC; null means not set. */
export type CaseAttributes = { [Name in AttributeName]: ValueOf<(typeof attributeTypes)[Name]> | null };

export function caseAttributes(state: CaseState): CaseAttributes {
  // A case that belonged to an institution from the start has no task.
  const isOurs = state.task > 0 || state.institution === null;
  return {
    CaseStage: state.stage,
    SlaState: isOurs ? state.slaState : null,
    Department: isOurs ? state.plan.desk.slug : null,
    Category: state.category.slug,
    Neighbourhood: state.neighbourhood?.slug ?? null,
    CaseKind: state.kind,
    CasePriority: state.priority,
    CaseOutcome: state.outcome,
    CitizenCall: state.call?.step ?? null,
    SlaDueAt: bindingDeadline(state),
    LegalDueAt: state.resolvedAt === null && !isEnded(state.stage) ? state.plan.legalBy : null,
    ResolvedAt: state.resolvedAt,
    EscalationLevel: state.escalationLevel,
    ReopenCount: state.reopenCount,
    ObjectionCount: state.objectionCount,
    SlaBreached: state.everBreached,
  };
}

/** Returns the attributes that changed, with their new values. */
export function changedAttributes(before: CaseAttributes, after: CaseAttributes): Partial<CaseAttributes> {
  const names = Object.keys(attributeTypes) as AttributeName[];
  return Object.fromEntries(
    names.filter(name => before[name] !== after[name]).map(name => [name, after[name]]),
  );
}

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
  if (state.call !== null) rows.push(['Vatandaşın aranması', callLabels[state.call.step]]);
  if (state.handOff !== null) rows.push(['Kuruma iletim', handOffLabels[state.handOff.step]]);
  if (state.reopenCount > 0) rows.push(['Yeniden açılma', String(state.reopenCount)]);
  const following = next && `${deadlineLabel(next.due)} – ${time(next.at)}`;
  return [
    '| | |',
    '|---|---|',
    // The Temporal UI draws its tables without space between the columns.
    ...rows.map(([name, value]) => `| ${name}: | ${value} |`),
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
