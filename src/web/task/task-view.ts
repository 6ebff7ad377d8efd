import type { Municipality } from '../../config/municipality';
import type { CaseKind } from '../../domain/case/case';
import type { CaseFact } from '../../domain/case/case-events';
import { outcomeWords, stageWords } from '../../domain/case/case-labels';
import { momentText } from '../../mail/due-text';
import type { CaseIntake } from '../../store/case-records';
import type { Store } from '../../store/store';
import type { TaskActionRecord } from '../../store/task-records';
import { factsUntil, historyOf, holderName, type HistoryLine } from './case-history';
import { clocksView, type ClocksView } from './clocks-view';
import type { OpenedTask } from './opened-task';
import { reportView, type ReportView } from './report-view';
import { alikeNearby, whyHere, type Alike } from './why-here';

export interface TaskView {
  caseNumber: string;
  subject: string;
  kind: string;
  priority: string;
  department: string;
  /** Whom the link was made for. */
  holder: string;
  stage: string;
  /** Why there is no more to do here; null while there is. */
  ended: string | null;
  clocks: ClocksView | null;
  report: ReportView | null;
  /** Why the case came to this desk. */
  why: string[];
  alike: Alike | null;
  /** Whether the citizen has asked for no messages but the outcome. */
  isMuted: boolean;
  /** The case that this one follows, and those that follow it; null when it stands alone. */
  cluster: { leader: string | null; members: readonly string[] } | null;
  history: (HistoryLine & { photos: string[] })[];
}

export interface ViewDeps {
  store: Pick<
    Store,
    'cases' | 'citizens' | 'messages' | 'photos' | 'attachments' | 'outbox' | 'tasks' | 'workPhotos'
  >;
  municipality: Municipality;
}

const kindWords: Readonly<Record<CaseKind, string>> = {
  problem: 'Sorun',
  request: 'Talep',
  suggestion: 'Öneri',
  thanks: 'Teşekkür',
  information: 'Bilgi',
};

/** What a department wrote to the citizen or to the next desk; its notes stay with those who do the work. */
const outwardActions: readonly string[] = ['resolve', 'reject', 'reroute', 'handOff'];

function endedWords({ link, progress, sight }: OpenedTask, { timeZone }: Municipality): string | null {
  if (sight === 'report') return null;
  if (link.task !== progress.task || progress.stage === 'received') {
    return 'Bu bağlantının görevi sona erdi: kayıt başka bir müdürlüğe yönlendirildi ya da yeniden açıldı. Yeni görevin bağlantısı ilgilisine ayrı bir e-postayla gider.';
  }
  if (progress.closeAt !== null) {
    return `Görev tamamlandı; vatandaşın yanıtı bekleniyor. Yanıt gelmezse kayıt ${momentText(progress.closeAt, timeZone)} tarihinde kapanır.`;
  }
  return `Görev sona erdi${progress.outcome ? `; sonuç: ${outcomeWords[progress.outcome]}` : ''}. Bu sayfada yapılacak işlem kalmadı.`;
}

const isAboutCluster = ({ type }: CaseFact): boolean => type === 'joined' || type === 'separated';

async function actionsOf({ store }: ViewDeps, facts: readonly CaseFact[]): Promise<TaskActionRecord[]> {
  const ids = new Set(facts.flatMap(fact => ('actionId' in fact && fact.actionId ? [fact.actionId] : [])));
  const found = await Promise.all([...ids].map(id => store.tasks.action(id)));
  return found.filter(action => action !== null);
}

interface Story {
  facts: CaseFact[];
  history: HistoryLine[];
  actions: ReadonlyMap<string, TaskActionRecord>;
  showsWords: (action: TaskActionRecord) => boolean;
}

/** The case's story as far as a link may know it. */
export async function storyOf(deps: ViewDeps, { link, progress, sight }: OpenedTask): Promise<Story> {
  const isOpen = sight === 'report';
  const all = await deps.store.cases.facts(progress.caseNumber, progress.revision);
  const facts = isOpen ? all : factsUntil(all, link.task);
  const actions = new Map((await actionsOf(deps, facts)).map(action => [action.actionId, action]));
  const showsWords = (action: TaskActionRecord): boolean =>
    isOpen || (action.task === link.task && outwardActions.includes(action.action));
  return { facts, actions, showsWords, history: historyOf(facts, actions, deps.municipality, showsWords) };
}

/** Whether the citizen of a report has asked for no messages but answers and the outcome. */
export async function isMuted(
  { citizens }: Pick<Store, 'citizens'>,
  { citizenId }: Pick<CaseIntake, 'citizenId'>,
): Promise<boolean> {
  return ((await citizens.get(citizenId))?.stoppedAt ?? null) !== null;
}

/** All that a task page tells about the case. The citizen's own words, photos and place only go with the report. */
export async function viewTask(deps: ViewDeps, task: OpenedTask, now: number): Promise<TaskView> {
  const { link, intake, progress, sight } = task;
  const { municipality, store } = deps;
  const { timeZone } = municipality;
  const { leader, members } = progress;
  const isOpen = sight === 'report';
  const { facts, actions, showsWords, history } = await storyOf(deps, task);
  const photosOf = async (fact: CaseFact): Promise<string[]> => {
    const action = fact.type === 'resolved' ? actions.get(fact.actionId) : undefined;
    return action && showsWords(action) ? store.workPhotos.ofAct(action.actionId) : [];
  };
  const photos = await Promise.all(facts.map(photosOf));
  return {
    caseNumber: progress.caseNumber,
    subject: intake.category.name,
    kind: kindWords[intake.kind],
    priority: progress.priority.toUpperCase(),
    department: holderName(municipality, link.department, 'department'),
    holder: link.recipient.name,
    // What the next desk makes of it is no matter of a link whose turn is over.
    stage: link.task === progress.task ? stageWords[progress.stage] : 'Görev sona erdi',
    ended: endedWords(task, municipality),
    clocks: isOpen ? clocksView(progress, now, timeZone) : null,
    isMuted: isOpen && (await isMuted(store, intake)),
    report: isOpen ? await reportView({ store, timeZone }, task, facts) : null,
    why: isOpen ? whyHere(intake, link.department, municipality) : [],
    alike: isOpen ? await alikeNearby(store, task, facts.some(isAboutCluster)) : null,
    cluster: isOpen && (leader !== null || members.length > 0) ? { leader, members } : null,
    history: history.map((line, place) => ({ ...line, photos: photos[place] ?? [] })),
  };
}
