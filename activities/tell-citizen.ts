import type { Municipality } from '../src/config/municipality';
import { deskName } from '../src/config/offices';
import { type TemplateName, templateParams } from '../src/config/schemas/templates';
import type { Language } from '../src/config/texts';
import type { CitizenNews } from '../src/domain/case/case-events';
import { feedbackButtonId } from '../src/domain/identifiers';
import { tapId } from '../src/domain/talk/taps';
import type { OpenedCase } from '../src/store/case-records';
import type { TaskActionRecord } from '../src/store/task-records';
import { newsContent, type NewsContent, type NewsMatter, townDay } from '../src/whatsapp/case-news';
import { clamped, type TemplateContent } from '../src/whatsapp/outgoing';
import type { Activities } from '../workflows/contract';
import { caseOf } from './case-lookup';
import type { Deps } from './deps';

export function tellCitizen(deps: Deps): Activities['tellCitizen'] {
  const { store, citizenOutbox } = deps;
  return async ({ caseNumber, effect, news, actionId, refusal }) => {
    const opened = await caseOf(store, caseNumber);
    const action = actionId ? await store.tasks.action(actionId) : null;
    const { leader } = opened.progress;
    const matter: NewsMatter = {
      action,
      leader: leader === null ? null : ((await store.cases.get(leader))?.progress ?? null),
      link: null,
      refusal,
      now: deps.now().getTime(),
    };
    const link = newsWithPage.includes(news) ? await statusLink(deps, caseNumber) : null;
    const content = {
      ...newsContent(deps, opened, news, { ...matter, link }),
      ...(await pictureOf(deps, news, actionId)),
    };
    const citizen = await store.citizens.get(opened.intake.citizenId);
    if (citizen?.stoppedAt && isOnTheWay(news)) return;
    await citizenOutbox.send({
      key: `${caseNumber}:${effect}`,
      citizenId: opened.intake.citizenId,
      caseNumber,
      content,
      // The value of a template may be cut, and a cut link leads nowhere.
      outsideWindow: templatesFor(deps, opened, news, newsContent(deps, opened, news, matter), action),
    });
  };
}

/**
 * Whether it is news on the way to an outcome, which ends with a wish for no more messages. Answers to what the
 * citizen writes go on, and so does the outcome, which is owed to whoever reported (Law 3071, article 7). A question is
 * refused where it is asked; one that crossed the wish on its way goes, since the clock stands for its answer.
 */
function isOnTheWay(news: CitizenNews): boolean {
  return newsOnTheWay.includes(news);
}

const newsOnTheWay: readonly CitizenNews[] = [
  'joined',
  'rerouted',
  'scheduled',
  'waitingInstitution',
  'interim',
  'planMoved',
  'planPassed',
  'late',
  'surveyReminder',
];

/** News that bring the status page: the first ones of a case, and every outcome. */
const newsWithPage: readonly CitizenNews[] = [
  'acknowledged',
  'known',
  'handedOff',
  'passedOn',
  'resolved',
  'partlyResolved',
  'planned',
  'planMoved',
  'answered',
  'rejected',
  'outcomeConfirmed',
];

const newsOfWork: readonly CitizenNews[] = ['resolved', 'partlyResolved', 'answered'];

/** Returns the first photo of the finished work, which the citizen sees above the outcome. */
async function pictureOf(
  { store }: Deps,
  news: CitizenNews,
  actionId: string | undefined,
): Promise<{ pictureId?: string }> {
  if (actionId === undefined || !newsOfWork.includes(news)) return {};
  const [pictureId] = await store.workPhotos.ofAct(actionId);
  return pictureId === undefined ? {} : { pictureId };
}

/** News that have a template of their own; all others share `case_update`. */
const ownTemplates: Partial<Record<CitizenNews, TemplateName>> = {
  resolved: 'case_resolved',
  partlyResolved: 'case_resolved',
  question: 'case_question',
  surveyReminder: 'case_reminder',
};

/**
 * The same news as approved templates: cases take days, and the window closes after one (Cloud API). The general one
 * comes last, for the time in which Meta has paused a more special one.
 */
function templatesFor(
  { municipality, say }: Deps,
  { caseNumber, intake, progress }: OpenedCase,
  news: CitizenNews,
  content: NewsContent,
  action: TaskActionRecord | null,
): TemplateContent[] {
  const { language } = intake;
  const values = {
    caseNumber,
    news: content.type === 'link' ? `${content.body}\n${say(language, 'statusLink', content)}` : content.body,
    department: deskName(municipality, language, progress.plan.desk),
    words: action?.words ?? '',
    date: progress.closeAt === null ? '' : townDay(municipality, language, progress.closeAt),
  };
  const own = isDisputable(content) ? 'case_decided' : ownTemplates[news];
  return [...(own ? [own] : []), 'case_update' as const].map(name =>
    filledTemplate(municipality, name, language, values),
  );
}

/** Whether the message offers nothing but the objection. */
function isDisputable(content: NewsContent): boolean {
  return content.type === 'buttons' && content.buttons.length === 1;
}

/** What templates can be filled with; each takes what it needs. */
export type TemplateValues = Record<(typeof templateParams)[TemplateName][number], string>;

/**
 * A template of the municipality about a case, filled in: each value at most as long as the configuration says, and
 * the quick replies with the ids of the buttons that are sent inside the window.
 */
export function filledTemplate(
  { templates }: Municipality,
  name: TemplateName,
  language: Language,
  values: TemplateValues,
): TemplateContent {
  const { parameters, buttons } = templates[name];
  return {
    type: 'template',
    name,
    language,
    parameters: templateParams[name].map(param => clamped(values[param], parameters[param]?.longest ?? 0)),
    replyIds: buttons.map(button =>
      button === 'object'
        ? tapId({ kind: 'objection', caseNumber: values.caseNumber })
        : feedbackButtonId(values.caseNumber, button),
    ),
  };
}

/**
 * A new link to the status page of a case, for a message to its citizen. Each call makes another one, since only the
 * hash is kept; all of them are good until some time after the case has ended.
 */
async function statusLink(
  { store, taskLinks, now }: Pick<Deps, 'store' | 'taskLinks' | 'now'>,
  caseNumber: string,
): Promise<string> {
  const { tokenHash, url } = taskLinks.issue('status');
  await store.statusLinks.add({ tokenHash, caseNumber, createdAt: now() });
  return url;
}
