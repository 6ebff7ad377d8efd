import type { Municipality } from '../src/config/municipality';
import { deskName } from '../src/config/offices';
import { type TemplateButton, type TemplateName, templateParams } from '../src/config/schemas/templates';
import { type Language, townDay } from '../src/config/texts';
import type { CitizenNews } from '../src/domain/case/case-events';
import { feedbackButtonId } from '../src/domain/identifiers';
import { tapId } from '../src/domain/talk/taps';
import { AppError } from '../src/errors';
import type { CaseIntake, OpenedCase, StaffEntry } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import { newsContent, type NewsContent, type NewsMatter } from '../src/whatsapp/case-news';
import { clamped, type OutgoingContent, type TemplateContent } from '../src/whatsapp/outgoing';
import type { Activities } from '../workflows/contract';
import { caseOf } from './case-lookup';
import type { Deps } from './deps';

/**
 * Creates a link to the status page of a case. Each call creates another link, because only hashes are
 * stored. All links are valid until some time after the end of the case.
 */
export async function statusLink(
  { store, taskLinks, now }: Pick<Deps, 'store' | 'taskLinks' | 'now'>,
  caseNumber: string,
): Promise<{ url: string; token: string }> {
  const { token, tokenHash, url } = taskLinks.issue('status');
  await store.statusLinks.add({ tokenHash, caseNumber, createdAt: now() });
  return { token, url };
}

export function tellCitizen(deps: Deps): Activities['tellCitizen'] {
  const { store, citizenOutbox } = deps;
  return async ({ caseNumber, effect, news, actionId, refusal }) => {
    const opened = await caseOf(store, caseNumber);
    const citizen = await store.citizens.get(opened.intake.citizenId);
    if (citizen?.stoppedAt && isOnTheWay(news)) return;
    const way = wayTo(citizen, opened.intake);
    if (way !== 'whatsapp' && !(way === 'call' && isReadOut(news))) return;
    const action = actionId ? await store.tasks.action(actionId) : null;
    const { leader } = opened.progress;
    const matter: NewsMatter = {
      action,
      leader: leader === null ? null : ((await store.cases.get(leader))?.progress ?? null),
      link: null,
      refusal,
      incident: await incidentIn(deps, opened, news),
      now: deps.now().getTime(),
    };
    const { url, token } = await statusLink(deps, caseNumber);
    const link = newsWithPage.includes(news) ? url : null;
    const content = {
      ...newsContent(deps, opened, news, { ...matter, link }),
      ...(await pictureOf(deps, news, actionId)),
    };
    await citizenOutbox.send({
      key: `${caseNumber}:${effect}`,
      citizenId: opened.intake.citizenId,
      caseNumber,
      content,
      byPhone: toldByPhone[news],
      onlyByPhone: way === 'call',
      // Template values may be truncated, which would break a link. A template has the link behind a button.
      outsideWindow: templatesFor(deps, opened, news, newsContent(deps, opened, news, matter), {
        words: action?.words ?? (matter.incident ? (content.body.split('\n')[0] ?? '') : ''),
        token,
      }),
    });
  };
}

/**
 * Sends what a member of staff wrote in the chat with a citizen, as the outbox holds it. After the 24-hour window a text
 * about a case goes out as an approved template.
 */
export function sendWords(deps: Deps): Activities['sendWords'] {
  const { store, municipality, citizenOutbox } = deps;
  return async ({ citizenId, key }) => {
    const record = await store.outbox.get(key);
    if (!record) throw new AppError('message-missing');
    const { caseNumber } = record;
    const content = record.content as Extract<OutgoingContent, { type: 'text' }>;
    let outsideWindow: TemplateContent[] = [];
    if (caseNumber !== null) {
      const { language } = (await caseOf(store, caseNumber)).intake;
      const { token } = await statusLink(deps, caseNumber);
      const none = { department: '', words: '', date: '' };
      const values = { ...none, caseNumber, news: content.body, token };
      const filled = filledTemplate(municipality, 'case_update', language, values);
      outsideWindow = [filled, ...withoutLink(filled)];
    }
    await citizenOutbox.send({ key, citizenId, caseNumber, content, outsideWindow });
  };
}

/** Returns the incident that news are about. */
async function incidentIn(
  { store }: Deps,
  { intake: { incident } }: OpenedCase,
  news: CitizenNews,
): Promise<NewsMatter['incident']> {
  const isOfIncident = news === 'incident' || news === 'incidentEnded';
  return isOfIncident && incident !== undefined ? store.incidents.get(incident) : null;
}

/**
 * Returns how a citizen gets news of a case. Somebody whose report was entered by staff and who writes to the line
 * later is answered there.
 */
function wayTo(citizen: Citizen | null, { entry, receivedAt }: CaseIntake): StaffEntry['answer'] {
  if (!entry || (citizen && citizen.lastInboundAt > receivedAt)) return 'whatsapp';
  return entry.answer;
}

/** Whether the news is worth a call. The number of the case was told when the report was entered. */
function isReadOut(news: CitizenNews): boolean {
  return toldByPhone[news] && news !== 'acknowledged' && news !== 'known' && news !== 'incident';
}

/**
 * Whether news is sent before the outcome and therefore suppressed after an opt-out. Answers to the citizen's
 * messages and the outcome are still sent; the law requires the outcome (Law 3071, article 7). New questions
 * are refused at the task page. A question already on its way is still sent, because the clock is paused for
 * its answer.
 */
function isOnTheWay(news: CitizenNews): boolean {
  return newsOnTheWay.includes(news);
}

const newsOnTheWay: readonly CitizenNews[] = [
  'joined',
  'rerouted',
  'corrected',
  'scheduled',
  'waitingInstitution',
  'passedOnByDesk',
  'institutionTook',
  'interim',
  'planMoved',
  'planPassed',
  'late',
  'surveyReminder',
];

/** News that contain a link to the status page: the first ones of a case, every outcome, and its status. */
const newsWithPage: readonly CitizenNews[] = [
  'acknowledged',
  'known',
  'incident',
  'incidentLeft',
  'handedOff',
  'passedOn',
  'passedOnByDesk',
  'institutionDone',
  'returned',
  'resolved',
  'partlyResolved',
  'planned',
  'planMoved',
  'answered',
  'rejected',
  'outcomeConfirmed',
  'status',
];

/**
 * News that the citizen must hear by telephone if WhatsApp does not deliver them: the number, questions,
 * outcomes and decisions. The rest confirms the citizen's own message or can be read later.
 */
const toldByPhone: Readonly<Record<CitizenNews, boolean>> = {
  acknowledged: true,
  known: true,
  joined: false,
  incident: true,
  incidentEnded: true,
  incidentLeft: true,
  handedOff: true,
  passedOn: true,
  passedOnByDesk: false,
  notPassedOn: true,
  institutionTook: false,
  institutionDone: true,
  institutionSilent: true,
  returned: true,
  added: false,
  question: true,
  scheduled: false,
  waitingInstitution: false,
  rerouted: false,
  corrected: true,
  amended: false,
  heardAfterEnd: false,
  resolved: true,
  partlyResolved: true,
  planned: true,
  planMoved: true,
  planPassed: true,
  late: true,
  interim: true,
  answered: true,
  surveyReminder: false,
  rejected: true,
  reopened: true,
  answerUndone: false,
  managerDecides: true,
  objected: true,
  notObjectable: true,
  objectionAccepted: true,
  outcomeConfirmed: true,
  objectionWithdrawn: false,
  withdrawn: false,
  closed: false,
  status: false,
  alreadyClosed: false,
};

const newsOfWork: readonly CitizenNews[] = ['resolved', 'partlyResolved', 'answered'];

/** Returns the first photo of the finished work, shown above the outcome message. */
async function pictureOf(
  { store }: Deps,
  news: CitizenNews,
  actionId: string | undefined,
): Promise<{ pictureId?: string }> {
  if (actionId === undefined || !newsOfWork.includes(news)) return {};
  const [pictureId] = await store.workPhotos.ofAct(actionId);
  return pictureId === undefined ? {} : { pictureId };
}

/** News with a template of their own. All others share `case_update`. */
const ownTemplates: Partial<Record<CitizenNews, TemplateName>> = {
  resolved: 'case_resolved',
  partlyResolved: 'case_resolved',
  question: 'case_question',
  surveyReminder: 'case_reminder',
};

/**
 * Returns the news as approved templates, because cases take days and the window closes after 24 hours (Cloud
 * API). The general template comes after the specific one, for the case that Meta has paused that.
 */
function templatesFor(
  { municipality }: Deps,
  { caseNumber, intake, progress }: OpenedCase,
  news: CitizenNews,
  content: NewsContent,
  { words, token }: { words: string; token: string },
): TemplateContent[] {
  const { language } = intake;
  const values = {
    caseNumber,
    news: content.body,
    department: deskName(municipality, language, progress.plan.desk),
    words,
    date: progress.closeAt === null ? '' : townDay(municipality, language, progress.closeAt),
  };
  const asksSolved = news === 'incidentEnded' && progress.stage === 'resolved';
  const own = isDisputable(content) ? 'case_decided' : ownTemplates[asksSolved ? 'resolved' : news];
  const names = [...(own ? [own] : []), 'case_update' as const];
  const filled = names.map(name => filledTemplate(municipality, name, language, { ...values, token }));
  return [...filled, ...filled.flatMap(withoutLink)];
}

/** Until Meta has approved a template with its link, it accepts the version without. */
function withoutLink({ urlSuffix, ...content }: TemplateContent): TemplateContent[] {
  return urlSuffix === undefined ? [] : [content];
}

/** Whether the only button of the message is the objection. */
function isDisputable(content: NewsContent): boolean {
  return content.type === 'buttons' && content.buttons.length === 1;
}

/** Values available to templates, with the token of the status page for their link. */
export type TemplateValues = Record<(typeof templateParams)[TemplateName][number] | 'token', string>;

/**
 * Returns a filled template. Values are truncated to the configured length. Quick replies carry the ids of
 * the buttons used within the window.
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
    replyIds: buttons.flatMap(button => replyId(values.caseNumber, button) ?? []),
    ...(buttons.includes('openCase') && { urlSuffix: values.token }),
  };
}

/** Returns the id that a tap on the button sends. A link sends none. */
function replyId(caseNumber: string, button: TemplateButton): string | null {
  switch (button) {
    case 'object':
      return tapId({ kind: 'objection', caseNumber });
    case 'openCase':
      return null;
    case 'solved':
    case 'partly':
    case 'unsolved':
      return feedbackButtonId(caseNumber, button);
  }
}
