import { DateTime } from 'luxon';
import { internationalNumber, type Municipality } from '../config/municipality';
import { departmentOf, deskName } from '../config/offices';
import { type Language, noticePaths, plannedText, type Say, type TextKey, townDay } from '../config/texts';
import { type CaseProgress, isEnded, isOnHold, isOnService, isWithDepartment } from '../domain/case/case';
import type { CaseIntake, OpenedCase } from '../store/case-records';
import type { CaseFact } from '../domain/case/case-events';
import type { Named } from '../domain/named';
import { objectionRefusal, objectionsUntil } from '../domain/case/acts';
import { placeLine } from '../domain/place/address';
import { plainText } from '../domain/plain-text';
import type { Store } from '../store/store';
import type { NewsDeps } from '../whatsapp/case-news';
import { handOffStepTold, notObjectableWords } from '../whatsapp/case-status';
import { statusForms, type StatusForm, type StatusFormsInput, statusNotice } from './status-forms';
import type { Notice } from './task/act-notices';

/** The status page of a case in its citizen's language. */
export interface StatusView {
  language: Language;
  title: string;
  caseNumber: string;
  stage: string;
  rows: { name: string; value: string; href?: string }[];
  /** The department's open question. */
  question: { title: string; lines: string[] } | null;
  /** The department's answer to the citizen, and the photos of its work. */
  answer: { title: string; lines: string[] } | null;
  photos: { title: string; alt: string; ids: string[] } | null;
  steps: { title: string; all: { at: string; words: string }[] };
  objection: { title: string; lines: string[] } | null;
  /** The citizen's messages for this case, in order. */
  report: { title: string; lines: string[] };
  /** The result of a form that was carried out or that the page no longer shows. */
  notice: Notice | null;
  forms: StatusForm[];
  /** How to reach the municipality. */
  contacts: { name: string; value: string; href: string }[];
  privacy: { text: string; link: string; href: string };
}

export interface StatusDeps {
  store: Pick<Store, 'cases' | 'tasks' | 'workPhotos' | 'messages'>;
  municipality: Municipality;
  say: Say;
}

type Step = Extract<TextKey, `statusSteps.${string}` | `handOffSteps.${string}`>;

/** Returns the step that a citizen sees for an audit entry, or null for internal ones. */
function stepOf(fact: CaseFact): Step | null {
  switch (fact.type) {
    case 'opened':
      return 'statusSteps.received';
    case 'planned':
      return 'statusSteps.forwarded';
    case 'accepted':
    case 'started':
    case 'scheduled':
    case 'rejected':
    case 'handedOff':
    case 'joined':
    case 'reopened':
    case 'plannedAhead':
    case 'planMoved':
    case 'informed':
    case 'objected':
    case 'confirmed':
    case 'objectionWithdrawn':
    case 'withdrawn':
    case 'closed':
      return `statusSteps.${fact.type}`;
    case 'paused':
      return fact.stage === 'duplicate' ? null : `statusSteps.${fact.stage}`;
    case 'resolved':
    case 'followed':
      return 'statusSteps.answered';
    case 'takenBack':
    case 'returned':
      return 'statusSteps.reopened';
    case 'handOff': {
      const step = handOffStepTold(fact.step);
      return step && `handOffSteps.${step}`;
    }
    case 'feedback':
      return fact.answer === 'unsolved' ? 'statusSteps.unhappy' : null;
    default:
      return null;
  }
}

/**
 * Returns the citizen's view of a case: stage, dates, place, department, outcome, the citizen's own text and
 * the department's messages. It contains no name, phone number or internal note.
 */
export async function statusView(
  { store, municipality, say }: StatusDeps,
  { intake, progress }: Pick<OpenedCase, 'intake' | 'progress'>,
  now: Date,
  forms: StatusFormsInput,
): Promise<StatusView> {
  const { language } = intake;
  const { caseNumber, stage, outcome, outcomeActionId } = progress;
  const facts = await store.cases.facts(caseNumber, progress.revision);
  const action = outcomeActionId === null ? null : await store.tasks.action(outcomeActionId);
  const photoIds = outcomeActionId === null ? [] : await store.workPhotos.ofAct(outcomeActionId);
  const word = (key: Extract<TextKey, `statusPage.${string}`>): string => say(language, key, {});
  const time = (at: number, format: string): string =>
    DateTime.fromMillis(at, { zone: municipality.timeZone, locale: language }).toFormat(format);
  const moment = (at: number): string => time(at, 'd LLLL yyyy, HH:mm');
  // The link can be passed on, and nobody needs the address any more.
  const place = placeLine(isEnded(stage) ? { neighbourhood: intake.neighbourhood } : intake);
  const answer = outcome === null ? '' : plainText(action?.words ?? '');
  const question = await questionOf(store, progress, facts);
  const messages = await store.messages.shown(progress.messageIds);

  return {
    language,
    title: word('statusPage.title'),
    caseNumber,
    stage: say(language, `stages.${stage}`, {}),
    rows: [
      { name: word('statusPage.subject'), value: subjectOf(municipality, intake) },
      ...(place === null ? [] : [{ name: word('statusPage.place'), value: place }]),
      { name: word('statusPage.date'), value: moment(intake.receivedAt.getTime()) },
      ownerRow(municipality, intake, progress, word),
      ...(stage === 'waitingInstitution' && progress.waitingFor
        ? [institutionRow(municipality, language, progress.waitingFor, word('statusPage.waitingFor'))]
        : []),
      ...promisedRows({ municipality, say }, { caseNumber, intake, progress }, now.getTime(), {
        moment,
        day: at => time(at, 'd LLLL yyyy cccc'),
      }),
      ...(outcome === null
        ? []
        : [{ name: word('statusPage.result'), value: say(language, `statusOutcomes.${outcome}`, {}) }]),
    ],
    question: question === null ? null : { title: word('statusPage.question'), lines: question.split('\n') },
    answer: answer === '' ? null : { title: word('statusPage.answer'), lines: answer.split('\n') },
    photos:
      photoIds.length === 0
        ? null
        : { title: word('statusPage.photos'), alt: word('statusPage.photo'), ids: photoIds },
    steps: {
      title: word('statusPage.steps'),
      all: stepsOf(facts, { municipality, say }, language, time),
    },
    objection:
      outcome === null && !isEnded(stage)
        ? null
        : {
            title: word('statusPage.objection'),
            lines: objectionLines({ municipality, say }, { caseNumber, intake, progress }, now),
          },
    report: {
      title: word('statusPage.report'),
      lines: messages.flatMap(({ words, transcript }) => {
        const shown = plainText(words ?? '');
        if (shown === '') return [];
        return (transcript ? say(language, 'transcribed', { words: shown }) : shown).split('\n');
      }),
    },
    notice: statusNotice(say, language, forms),
    forms: statusForms(say, language, question !== null ? 'reply' : isEnded(stage) ? 'missed' : 'add', forms),
    contacts: [
      {
        name: word('statusPage.line'),
        value: municipality.linePhone,
        href: `https://wa.me/${internationalNumber(municipality.linePhone)}`,
      },
      {
        name: municipality.callCentre.name[language],
        value: municipality.callCentre.phone,
        href: phoneHref(municipality.callCentre.phone),
      },
    ],
    privacy: {
      text: word('statusPage.privacy'),
      link: say(language, 'noticePage.title', {}),
      href: `../${noticePaths[language]}`,
    },
  };
}

/**
 * Returns the promised dates like in the chat: no passed date, and no target while the service clock is
 * paused.
 */
function promisedRows(
  deps: NewsDeps,
  { intake: { language }, progress }: OpenedCase,
  now: number,
  words: { moment: (at: number) => string; day: (at: number) => string },
): StatusView['rows'] {
  const { municipality, say } = deps;
  const { stage, plan, plannedFor, programme, objection } = progress;
  const row = (key: Extract<TextKey, `statusPage.${string}`>, value: string): StatusView['rows'][number] => ({
    name: say(language, key, {}),
    value,
  });
  const rows: StatusView['rows'] = [];
  if (isOnService(stage) && !isOnHold(stage)) {
    const isAhead = plan.resolveBy > now;
    rows.push(
      row('statusPage.due', isAhead ? words.moment(plan.resolveBy) : say(language, 'statusOverdue', {})),
    );
  }
  if (programme) {
    const isAhead = programme.by > now;
    const when = isAhead ? plannedText(deps, language, programme) : say(language, 'statusPlanPassed', {});
    rows.push(row('statusPage.plannedFor', when));
  }
  if (objection?.decideBy) {
    const { by, decideBy } = objection;
    const decider = departmentOf(municipality, plan.desk.slug)[by].name;
    const isAhead = decideBy > now;
    const when = isAhead ? words.moment(decideBy) : say(language, 'statusDecisionLate', { decider });
    rows.push(row('statusPage.decision', when));
  }
  if (isWithDepartment(stage) && plannedFor !== null && plannedFor > now)
    rows.push(row('statusPage.plannedFor', words.day(plannedFor)));
  return rows;
}

/** Returns the text of the open question, or null. */
async function questionOf(
  { tasks }: StatusDeps['store'],
  { stage }: CaseProgress,
  facts: readonly CaseFact[],
): Promise<string | null> {
  if (stage !== 'waitingCitizen') return null;
  const asked = facts.findLast(fact => fact.type === 'paused');
  const action = asked?.actionId === undefined ? null : await tasks.action(asked.actionId);
  return action?.words ? plainText(action.words) : null;
}

/** Returns the steps in order, with department and planned day. Repeated steps are left out. */
function stepsOf(
  facts: readonly CaseFact[],
  { municipality, say }: NewsDeps,
  language: Language,
  time: (at: number, format: string) => string,
): StatusView['steps']['all'] {
  const steps = facts.flatMap(fact => {
    const step = stepOf(fact);
    if (step === null) return [];
    const department = fact.type === 'planned' ? municipality.departments[fact.desk]?.name : undefined;
    const planned = fact.type === 'scheduled' || fact.type === 'accepted' ? fact.plannedFor : undefined;
    const detail = department ?? (planned === undefined ? undefined : time(planned, 'd LLLL yyyy cccc'));
    const words = say(language, step, {});
    return [{ at: time(fact.at, 'd LLLL yyyy, HH:mm'), words: detail ? `${words}: ${detail}` : words }];
  });
  return steps.filter(({ words }, place) => words !== steps[place - 1]?.words);
}

function phoneHref(phone: string): string {
  const digits = internationalNumber(phone);
  return digits.length > 6 ? `tel:+${digits}` : `tel:${digits}`;
}

function subjectOf({ categories }: Municipality, { category, language }: CaseIntake): string {
  return categories.find(({ slug }) => slug === category.slug)?.name[language] ?? category.name;
}

/** Returns the owner of the case: our department, or the institution with its phone number. */
function ownerRow(
  municipality: Municipality,
  { language }: CaseIntake,
  { institution, plan }: CaseProgress,
  word: (key: 'statusPage.institution' | 'statusPage.department') => string,
): StatusView['rows'][number] {
  return institution
    ? institutionRow(municipality, language, institution, word('statusPage.institution'))
    : { name: word('statusPage.department'), value: deskName(municipality, language, plan.desk) };
}

function institutionRow(
  { institutions }: Municipality,
  language: Language,
  { slug, name: named }: Named,
  name: string,
): StatusView['rows'][number] {
  const known = institutions[slug];
  if (!known) return { name, value: named };
  return { name, value: `${known.name[language]}, ${known.phone}`, href: phoneHref(known.phone) };
}

/** Returns how to object to the outcome, or why that is not possible. */
function objectionLines(deps: NewsDeps, opened: OpenedCase, now: Date): string[] {
  const { municipality, say } = deps;
  const { caseNumber, intake, progress } = opened;
  const refusal = objectionRefusal(progress, now.getTime());
  if (refusal) return notObjectableWords(deps, opened, refusal).split('\n');
  const line = municipality.linePhone;
  const date = townDay(municipality, intake.language, objectionsUntil(progress));
  const how =
    progress.stage === 'resolved'
      ? say(intake.language, 'howToSayUnsolved', { line, caseNumber })
      : say(intake.language, 'howToObject', { line, date, caseNumber });
  return how.split('\n');
}
