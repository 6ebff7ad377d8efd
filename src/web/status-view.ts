import { DateTime } from 'luxon';
import type { Municipality } from '../config/municipality';
import { deskName } from '../config/offices';
import type { Language, Say, TextKey } from '../config/texts';
import { plannedText } from '../config/planned-time';
import { type CaseProgress, isEnded, isOnService, isWithDepartment } from '../domain/case/case';
import type { CaseIntake, OpenedCase } from '../store/case-records';
import type { CaseFact } from '../domain/case/case-events';
import { objectionRefusal, objectionsUntil } from '../domain/case/objections';
import { placeLine } from '../domain/place/address';
import { plainText } from '../mail/plain-text';
import type { Store } from '../store/store';
import { type NewsDeps, notObjectableWords, townDay } from '../whatsapp/case-news';

/** The status page of a case, in the words of its citizen's language. */
export interface StatusView {
  language: Language;
  title: string;
  caseNumber: string;
  stage: string;
  rows: { name: string; value: string }[];
  /** What the department wrote to the citizen, and the photos of its work. */
  answer: { title: string; lines: string[] } | null;
  photos: { title: string; alt: string; ids: string[] } | null;
  steps: { title: string; all: { at: string; words: string }[] };
  objection: { title: string; lines: string[] } | null;
  privacy: string;
}

export interface StatusDeps {
  store: Pick<Store, 'cases' | 'tasks' | 'workPhotos'>;
  municipality: Municipality;
  say: Say;
}

type Step = Extract<TextKey, `statusSteps.${string}`>;

/** What a citizen is told of a line of the story; inner matters of the municipality are left out. */
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
      return 'statusSteps.reopened';
    case 'feedback':
      return fact.answer === 'unsolved' ? 'statusSteps.unhappy' : null;
    default:
      return null;
  }
}

/**
 * What the citizen of a case sees: stage, dates, department and outcome, and nothing of what people wrote or who
 * they are; the department's own answer is shown because it was sent to this citizen.
 */
export async function statusView(
  { store, municipality, say }: StatusDeps,
  { intake, progress }: { intake: CaseIntake; progress: CaseProgress },
  now: Date,
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
  const place = placeLine(intake);
  const answer = outcome === null ? '' : plainText(action?.words ?? '');

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
      ...(isOnService(stage)
        ? [{ name: word('statusPage.due'), value: moment(progress.plan.resolveBy) }]
        : []),
      ...(progress.programme
        ? [
            {
              name: word('statusPage.plannedFor'),
              value: plannedText({ municipality, say }, language, progress.programme),
            },
          ]
        : []),
      ...(progress.objection?.decideBy
        ? [{ name: word('statusPage.decision'), value: moment(progress.objection.decideBy) }]
        : []),
      ...(isWithDepartment(stage) && progress.plannedFor
        ? [{ name: word('statusPage.plannedFor'), value: time(progress.plannedFor, 'd LLLL yyyy cccc') }]
        : []),
      ...(outcome === null
        ? []
        : [{ name: word('statusPage.result'), value: say(language, `statusOutcomes.${outcome}`, {}) }]),
    ],
    answer: answer === '' ? null : { title: word('statusPage.answer'), lines: answer.split('\n') },
    photos:
      photoIds.length === 0
        ? null
        : { title: word('statusPage.photos'), alt: word('statusPage.photo'), ids: photoIds },
    steps: {
      title: word('statusPage.steps'),
      all: facts.flatMap(fact => {
        const step = stepOf(fact);
        return step === null ? [] : [{ at: moment(fact.at), words: say(language, step, {}) }];
      }),
    },
    objection:
      outcome === null && !isEnded(stage)
        ? null
        : {
            title: word('statusPage.objection'),
            lines: objectionLines({ municipality, say }, { caseNumber, intake, progress }, now),
          },
    privacy: word('statusPage.privacy'),
  };
}

function subjectOf({ categories }: Municipality, { category, language }: CaseIntake): string {
  return categories.find(({ slug }) => slug === category.slug)?.name[language] ?? category.name;
}

/** Who has the matter in hand: our department, or the institution outside with its number. */
function ownerRow(
  municipality: Municipality,
  { language }: CaseIntake,
  { institution, plan }: CaseProgress,
  word: (key: 'statusPage.institution' | 'statusPage.department') => string,
): { name: string; value: string } {
  if (!institution) {
    return { name: word('statusPage.department'), value: deskName(municipality, language, plan.desk) };
  }
  const known = municipality.institutions[institution.slug];
  const value = known ? `${known.name[language]}, ${known.phone}` : institution.name;
  return { name: word('statusPage.institution'), value };
}

/** How the outcome can be disputed, or why it cannot. */
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
