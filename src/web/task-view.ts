import type { Municipality } from '../config/municipality';
import type { CaseKind } from '../domain/case';
import type { CaseFact } from '../domain/case-facts';
import { outcomeWords, stageWords } from '../domain/case-words';
import { bindingDeadline } from '../domain/sla';
import { dueOf, momentWords, type Due } from '../mail/due-words';
import { coordinateWords, mapUrl } from '../mail/map-link';
import { plainText } from '../mail/plain-text';
import type { CaseIntake, CaseProgress } from '../store/case-records';
import type { Media, Message, Place } from '../store/message-records';
import type { Store } from '../store/store';
import type { TaskActionRecord, TaskLink } from '../store/task-records';
import type { Sight } from './access';
import { factsUntil, historyOf, holderName, type HistoryLine } from './case-history';

/** A task link with the case behind it and what it opens now. */
export interface OpenedTask {
  link: TaskLink;
  intake: CaseIntake;
  progress: CaseProgress;
  sight: Exclude<Sight, 'nothing'>;
}

interface PlaceView {
  words: string;
  coordinates: string;
  url: string;
}

interface MessageView {
  at: string;
  lines: string[];
  /** The file that came with it, when it cannot be shown. */
  file: string | null;
  photoId: string | null;
  place: PlaceView | null;
}

/** What the citizen reported; only for those who still have to do the work. */
interface ReportView {
  messages: MessageView[];
  place: PlaceView | null;
  neighbourhood: string | null;
  /** Whether the pin lies outside the district. */
  isOutside: boolean;
  matchedWords: string[];
}

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
  clocks: ({ name: string; isBinding: boolean } & Due)[];
  report: ReportView | null;
  history: HistoryLine[];
}

export interface ViewDeps {
  store: Pick<Store, 'cases' | 'messages' | 'photos' | 'tasks'>;
  municipality: Municipality;
}

const kindWords: Readonly<Record<CaseKind, string>> = {
  problem: 'Sorun',
  request: 'Talep',
  suggestion: 'Öneri',
  thanks: 'Teşekkür',
  information: 'Bilgi',
};

const fileWords: Readonly<Record<Media['kind'], string>> = {
  image: 'Fotoğraf alınamadı veya henüz alınmadı.',
  video: 'Video gönderildi; bu sayfada gösterilmez.',
  audio: 'Sesli mesaj gönderildi; bu sayfada dinlenemez.',
  document: 'Belge gönderildi; bu sayfada gösterilmez.',
  sticker: 'Çıkartma gönderildi.',
};

/** What a department wrote to the citizen or to the next desk; its notes stay with those who do the work. */
const outwardActions: readonly string[] = ['resolve', 'reject', 'reroute'];

function placeView(place: Place): PlaceView {
  const words = plainText([place.name, place.address].filter(part => part).join(', '));
  return { words, coordinates: coordinateWords(place), url: mapUrl(place) };
}

async function messageView(
  message: Message,
  { store, municipality }: ViewDeps,
  shownPlace: Place | null,
): Promise<MessageView> {
  const { id, media, place } = message;
  const hasPhoto = media !== null && (await store.photos.has(id));
  const words = plainText(message.words ?? '');
  const isShown = place?.latitude === shownPlace?.latitude && place?.longitude === shownPlace?.longitude;
  return {
    at: momentWords(message.sentAt.getTime(), municipality.timeZone),
    lines: words === '' ? [] : words.split('\n'),
    file: media && !hasPhoto ? fileWords[media.kind] : null,
    photoId: hasPhoto ? id : null,
    place: place && !isShown ? placeView(place) : null,
  };
}

async function reportView(deps: ViewDeps, { intake, progress }: OpenedTask): Promise<ReportView> {
  const messages = await deps.store.messages.several(progress.messageIds);
  const place = messages.findLast(message => message.place)?.place ?? intake.place;
  const views = await Promise.all(messages.map(message => messageView(message, deps, place)));
  return {
    messages: views.filter(
      ({ lines, file, photoId, place: own }) => lines.length > 0 || file || photoId || own,
    ),
    place: place && placeView(place),
    neighbourhood: intake.neighbourhood?.name ?? null,
    isOutside: intake.outside,
    matchedWords: intake.matchedWords,
  };
}

function clocksOf(progress: CaseProgress, now: number, { timeZone }: Municipality): TaskView['clocks'] {
  const { plan, stage } = progress;
  const binding = bindingDeadline(progress);
  if (binding === null) return [];
  const clocks = [
    ...(stage !== 'assigned' && stage !== 'triage'
      ? []
      : [{ name: stage === 'triage' ? 'İlk işlem' : 'Kabul', at: plan.acceptBy }]),
    { name: 'Çözüm', at: plan.resolveBy },
    { name: 'Yasal yanıt', at: plan.legalBy },
  ];
  return clocks.map(({ name, at }, place) => ({ name, isBinding: place === 0, ...dueOf(at, now, timeZone) }));
}

function endedWords({ link, progress, sight }: OpenedTask, { timeZone }: Municipality): string | null {
  if (sight === 'report') return null;
  if (link.task !== progress.task || progress.stage === 'received') {
    return 'Bu bağlantının görevi sona erdi: kayıt başka bir müdürlüğe yönlendirildi ya da yeniden açıldı. Yeni görevin bağlantısı ilgilisine ayrı bir e-postayla gider.';
  }
  if (progress.closeAt !== null) {
    return `Görev tamamlandı; vatandaşın yanıtı bekleniyor. Yanıt gelmezse kayıt ${momentWords(progress.closeAt, timeZone)} tarihinde kapanır.`;
  }
  return `Görev sona erdi${progress.outcome ? `; sonuç: ${outcomeWords[progress.outcome]}` : ''}. Bu sayfada yapılacak işlem kalmadı.`;
}

async function actionsOf({ store }: ViewDeps, facts: readonly CaseFact[]): Promise<TaskActionRecord[]> {
  const ids = facts.flatMap(fact => ('actionId' in fact ? [fact.actionId] : []));
  const found = await Promise.all(ids.map(id => store.tasks.action(id)));
  return found.filter(action => action !== null);
}

/** All that a task page tells about the case. The citizen's own words, photos and place only go with the report. */
export async function viewTask(deps: ViewDeps, task: OpenedTask, now: number): Promise<TaskView> {
  const { link, intake, progress, sight } = task;
  const { municipality, store } = deps;
  const all = await store.cases.facts(progress.caseNumber, progress.revision);
  const facts = sight === 'report' ? all : factsUntil(all, link.task);
  const actions = await actionsOf(deps, facts);
  const showsWords = (action: TaskActionRecord): boolean =>
    sight === 'report' || (action.task === link.task && outwardActions.includes(action.action));
  return {
    caseNumber: progress.caseNumber,
    subject: intake.category.name,
    kind: kindWords[intake.kind],
    priority: progress.priority.toUpperCase(),
    department: holderName(municipality, link.department, 'department'),
    holder: holderName(municipality, link.department, link.role),
    stage: stageWords[progress.stage],
    ended: endedWords(task, municipality),
    clocks: sight === 'report' ? clocksOf(progress, now, municipality) : [],
    report: sight === 'report' ? await reportView(deps, task) : null,
    history: historyOf(
      facts,
      new Map(actions.map(action => [action.actionId, action])),
      municipality,
      showsWords,
    ),
  };
}
