import type { Municipality } from '../../config/municipality';
import { categoryOf } from '../../config/offices';
import { TRIAGE } from '../../config/schemas/town';
import { type CaseProgress, isOnHold, isWithDepartment } from '../../domain/case/case';
import { bindingDeadline } from '../../domain/case/case-clocks';
import type { CaseIntake } from '../../store/case-records';
import type { CaseFact } from '../../domain/case/case-events';
import { holdLabels, kindLabels, outcomeLabels, stageLabels } from '../../domain/case/case-labels';
import {
  type DueText,
  dueTextOf,
  entryText,
  metres as metresInWords,
  dayText,
  timeText,
} from '../../mail/case-text';
import type { Store } from '../../store/store';
import type { TaskActionRecord } from '../../store/task-records';
import { actEntry } from './acts';
import { factsUntil, type HistoryEntry, historyOf, holderName, personName } from './case-history';
import { leaderError } from './join-fields';
import { plainText } from '../../domain/plain-text';
import { reportView, type ReportView } from './report-view';
import type { OpenedTask } from '../access';
import { grantsOf, hasRightFor } from '../desk/rights';

export interface TaskView {
  caseNumber: string;
  subject: string;
  kind: string;
  priority: string;
  /** Whether it is a hazard, or has its priority. */
  isUrgent: boolean;
  received: string;
  /** Who has taken the task; null while nobody has. */
  assignee: string | null;
  department: string;
  /** The person or role that the link was issued for. */
  holder: string;
  stage: string;
  /** Why no more acts are possible; null while they are. */
  ended: string | null;
  clocks: ClocksView | null;
  report: ReportView | null;
  /** Why the case came to this desk. */
  why: string[];
  alike: Alike | null;
  muted: Muted;
  /** Whom to call back, if the subject needs it. The letter masks both. */
  callBack: { name: string | null; phone: string } | null;
  /** Whether the holder is a superior who can sign in to the staff pages and sees the case there. */
  isOnDesk: boolean;
  /** The leading case and the followers; null if there are none. */
  cluster: { leader: string | null; members: readonly string[] } | null;
  history: (HistoryEntry & { photos: string[] })[];
}

/** Why the citizen gets no questions and no interim messages; null if there is no reason. */
export type Muted = 'optedOut' | 'noContact' | null;

export interface ViewDeps {
  store: Pick<
    Store,
    'cases' | 'citizens' | 'messages' | 'photos' | 'attachments' | 'outbox' | 'tasks' | 'workPhotos'
  >;
  municipality: Municipality;
}

function endedText(
  { link, progress, sight }: OpenedTask,
  { timeZone }: Municipality,
  now: number,
): string | null {
  if (sight === 'report') return null;
  if (link.task !== progress.task || progress.stage === 'received') {
    return 'Bu bağlantının görevi sona erdi: kayıt başka bir müdürlüğe yönlendirildi ya da yeniden açıldı. Yeni görevin bağlantısı ilgilisine ayrı bir e-postayla gider.';
  }
  if (progress.closeAt !== null && progress.feedback !== null && progress.feedback !== 'solved') {
    return `Görev tamamlandı; vatandaş sonuçtan memnun kalmadı, yönetici kararı bekleniyor. Karar verilmezse kayıt kapanır: ${timeText(progress.closeAt, now, timeZone)}.`;
  }
  if (progress.closeAt !== null) {
    return `Görev tamamlandı; vatandaşın yanıtı bekleniyor. Yanıt gelmezse kayıt kapanır: ${timeText(progress.closeAt, now, timeZone)}.`;
  }
  return `Görev sona erdi${progress.outcome ? `; sonuç: ${outcomeLabels[progress.outcome]}` : ''}. Bu sayfada yapılacak işlem kalmadı.`;
}

const isAboutCluster = ({ type }: CaseFact): boolean => type === 'joined' || type === 'separated';

async function actionsOf({ store }: ViewDeps, facts: readonly CaseFact[]): Promise<TaskActionRecord[]> {
  const ids = new Set(facts.flatMap(fact => ('actionId' in fact && fact.actionId ? [fact.actionId] : [])));
  const found = await Promise.all([...ids].map(id => store.tasks.action(id)));
  return found.filter(action => action !== null);
}

interface Story {
  facts: CaseFact[];
  history: HistoryEntry[];
  actions: ReadonlyMap<string, TaskActionRecord>;
  showsWords: (action: TaskActionRecord) => boolean;
}

/** Returns the part of the case's history that a link may see. */
export async function storyOf(
  deps: ViewDeps,
  { link, progress, sight }: OpenedTask,
  now: number,
): Promise<Story> {
  const isOpen = sight === 'report';
  const all = await deps.store.cases.facts(progress.caseNumber, progress.revision);
  const facts = isOpen ? all : factsUntil(all, link.task);
  const actions = new Map((await actionsOf(deps, facts)).map(action => [action.actionId, action]));
  const showsWords = (action: TaskActionRecord): boolean =>
    isOpen || (action.task === link.task && actEntry(action.action)?.isOutward === true);
  return { facts, actions, showsWords, history: historyOf(facts, actions, { ...deps, now }, showsWords) };
}

/** Returns whether the citizen opted out of all messages except answers and the outcome, or left no number. */
export async function mutedOf(
  { citizens }: Pick<Store, 'citizens'>,
  { citizenId, entry }: Pick<CaseIntake, 'citizenId' | 'entry'>,
): Promise<Muted> {
  if (entry?.answer === 'none') return 'noContact';
  return ((await citizens.get(citizenId))?.stoppedAt ?? null) === null ? null : 'optedOut';
}

/** Whether a superior's address has a role on the staff pages for the department of the link. */
function isOnDesk({ staff }: Municipality, { role, recipient, department }: OpenedTask['link']): boolean {
  const { name, address } = recipient;
  const grants = role === 'department' ? [] : grantsOf(staff, { name, address, groups: [] });
  return hasRightFor(grants, 'cases', department);
}

async function callBackOf(
  { store, municipality }: ViewDeps,
  intake: CaseIntake,
): Promise<TaskView['callBack']> {
  if (!categoryOf(municipality, intake.category.slug).callBack) return null;
  const citizen = await store.citizens.get(intake.citizenId);
  return citizen?.phone ? { name: citizen.profileName, phone: `+${citizen.phone}` } : null;
}

/** Returns the view of a task. The citizen's text, photos and place are included only with full access. */
export async function viewTask(deps: ViewDeps, task: OpenedTask, now: number): Promise<TaskView> {
  const { link, intake, progress, sight } = task;
  const { municipality, store } = deps;
  const { timeZone } = municipality;
  const { leader, members } = progress;
  const isOpen = sight === 'report';
  const { facts, actions, showsWords, history } = await storyOf(deps, task, now);
  const photosOf = async (fact: CaseFact): Promise<string[]> => {
    const action = fact.type === 'resolved' ? actions.get(fact.actionId) : undefined;
    return action && showsWords(action) ? store.workPhotos.ofAct(action.actionId) : [];
  };
  const photos = await Promise.all(facts.map(photosOf));
  return {
    caseNumber: progress.caseNumber,
    subject: intake.category.name,
    kind: kindLabels[intake.kind],
    priority: progress.priority.toUpperCase(),
    isUrgent: isOpen && (progress.hazard === true || progress.priority === 'p1'),
    received: timeText(intake.receivedAt.getTime(), now, timeZone),
    assignee: isOpen ? assigneeOf(municipality, link.department, { facts, actions }) : null,
    department: holderName(municipality, link.department, 'department'),
    holder: link.recipient.name,
    // A link of an ended task does not see what the next desk does.
    stage: link.task === progress.task ? stageLabels[progress.stage] : 'Görev sona erdi',
    ended: endedText(task, municipality, now),
    clocks: isOpen ? clocksView(progress, now, timeZone) : null,
    muted: isOpen ? await mutedOf(store, intake) : null,
    callBack: isOpen ? await callBackOf(deps, intake) : null,
    isOnDesk: isOpen && isOnDesk(municipality, link),
    report: isOpen ? await reportView({ store, municipality, now }, task, facts, wordsIn(actions)) : null,
    why: isOpen ? whyHere(intake, link.department, municipality) : [],
    alike: isOpen ? await alikeNearby(store, task, facts.some(isAboutCluster)) : null,
    cluster: isOpen && (leader !== null || members.length > 0) ? { leader, members } : null,
    history: history.map((line, place) => ({ ...line, photos: photos[place] ?? [] })),
  };
}

/** Returns the texts of acts, as they stand in our messages. */
function wordsIn(actions: ReadonlyMap<string, TaskActionRecord>): string[] {
  return [...actions.values()].flatMap(({ words }) => (words ? [plainText(words)] : []));
}

/** Returns who has taken the current task: whoever accepted it first, or the colleague who got it last. */
function assigneeOf(
  municipality: Municipality,
  department: string,
  { facts, actions }: Pick<Story, 'facts' | 'actions'>,
): string | null {
  const own = facts.slice(facts.findLastIndex(({ type }) => type === 'planned') + 1);
  const taken =
    own.findLast(({ type }) => type === 'handedOver') ?? own.find(({ type }) => type === 'accepted');
  const action = taken && 'actionId' in taken && taken.actionId ? actions.get(taken.actionId) : undefined;
  const address = action && (action.action === 'handOver' ? action.colleague : action.actor);
  return address ? personName(municipality, department, address) : null;
}

interface ClocksView {
  /** The running clocks, the department's current target first. */
  running: ({ name: string; isBinding: boolean } & DueText)[];
  /** Start, reason and latest end of the pause; null while the clock runs. */
  paused: { reason: string; since: string; limit: string | null; institution: string | null } | null;
  /** The planned day of the work. */
  plannedFor: string | null;
}

/** Returns the clocks of a task in words, or null if none is running. `now` is epoch ms UTC. */
function clocksView(progress: CaseProgress, now: number, timeZone: string): ClocksView | null {
  const { plan, stage, pausedSince, pauseLimitAt, waitingFor, plannedFor, programme, objection } = progress;
  if (stage === 'planned' && programme) return oneClock('Program tarihi', programme.by, now, timeZone);
  if (objection?.decideBy) return oneClock('Karar', objection.decideBy, now, timeZone);
  if (!isWithDepartment(stage)) return null;
  const accept = { name: stage === 'triage' ? 'İlk işlem' : 'Kabul', at: plan.acceptBy };
  const isAccepting = stage === 'triage' || stage === 'assigned';
  const service = isOnHold(stage)
    ? []
    : [
        ...(isAccepting ? [accept] : []),
        { name: 'Çözüm', at: plan.resolveBy },
        ...(plan.overall ? [{ name: 'Toplam çözüm (ilk müdürlükten beri)', at: plan.overall.by }] : []),
      ];
  const binding = bindingDeadline(progress);
  return {
    running: [...service, { name: 'Yasal yanıt', at: plan.legalBy }].map(({ name, at }) => ({
      name,
      isBinding: at === binding,
      ...dueTextOf(at, now, timeZone),
    })),
    paused:
      pausedSince !== null && isOnHold(stage)
        ? {
            reason: holdLabels[stage],
            since: timeText(pausedSince, now, timeZone),
            limit: pauseLimitAt === null ? null : timeText(pauseLimitAt, now, timeZone),
            institution: waitingFor?.name ?? null,
          }
        : null,
    plannedFor: plannedFor === null ? null : dayText(plannedFor, now, timeZone),
  };
}

function oneClock(name: string, at: number, now: number, timeZone: string): ClocksView {
  return {
    running: [{ name, isBinding: true, ...dueTextOf(at, now, timeZone) }],
    paused: null,
    plannedFor: null,
  };
}

/** Less likely subjects are not worth showing. */
const LEAST_SHARE = 0.05;
const MOST_OTHERS = 3;

const percent = (share: number): string => `%${Math.round(share * 100)}`;

function otherSubjects({ guessed = [], category }: CaseIntake, { categories }: Municipality): string[] {
  const likely = guessed
    .filter(({ slug, confidence }) => slug !== category.slug && confidence >= LEAST_SHARE)
    .slice(0, MOST_OTHERS)
    .flatMap(({ slug, confidence }) => {
      const name = categories.find(candidate => candidate.slug === slug)?.name.tr;
      return name === undefined ? [] : [`${name} (${percent(confidence)})`];
    });
  return likely.length > 0 ? [`Metne göre öteki olası konular: ${likely.join(', ')}`] : [];
}

/** Returns why a report came to this desk, in Turkish. The triage desk also sees other likely subjects. */
function whyHere(intake: CaseIntake, department: string, municipality: Municipality): string[] {
  const { matchedWords, chosenByCitizen, confidence, desk, deskReason, entry } = intake;
  const sorts = department === TRIAGE;
  const sure = sorts && confidence > 0 && !chosenByCitizen ? ` (eminlik ${percent(confidence)})` : '';
  return [
    ...(entry ? [entryText(entry)] : []),
    ...(chosenByCitizen ? [entry ? 'Konuyu kaydı giren seçti.' : 'Konuyu vatandaş listeden seçti.'] : []),
    ...(matchedWords.length > 0
      ? [`Konu şu sözcüklerden belirlendi: ${matchedWords.join(', ')}${sure}`]
      : []),
    ...(sorts ? otherSubjects(intake, municipality) : []),
    ...(deskReason && department === desk ? [deskReason] : []),
  ];
}

/** Open reports that may describe the same problem. */
interface Alike {
  words: string;
  /** The case to join; null if this desk has no such open case. */
  leader: string | null;
}

/**
 * Returns nearby open reports that the case could join, or null if there are none or somebody has decided.
 * Case numbers of other departments are not shown.
 */
async function alikeNearby(
  store: Pick<Store, 'cases'>,
  { intake, link, progress }: OpenedTask,
  wasDecided: boolean,
): Promise<Alike | null> {
  const { similar } = intake;
  if (!similar || wasDecided || progress.leader !== null) return null;
  const canJoin = (await leaderError(store, { link }, similar.leader)) === null;
  const { reports, metres, likeness } = similar;
  const many = reports === 1 ? 'bir açık bildirim' : `${reports} açık bildirim`;
  const [where, distance] =
    metres === null
      ? ['Aynı sokakta', 'konumu belirtilmemiş']
      : ['Yakında', `en yakını ${metresInWords(metres)} uzaklıkta`];
  return {
    words: `${where} aynı konuda ${many} daha var: ${distance}, sözcükleri ${percent(likeness)} ortak.`,
    leader: canJoin ? similar.leader : null,
  };
}
