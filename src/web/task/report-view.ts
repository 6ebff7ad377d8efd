import type { Municipality } from '../../config/municipality';
import type { CaseFact } from '../../domain/case/case-events';
import { placeLine } from '../../domain/place/address';
import type { Reply } from '../../domain/talk/conversation-state';
import { laterPlaceNotes, placeNotes, timeText, transcriptNote } from '../../mail/case-text';
import { coordinatesText, mapSearchUrl, mapUrl } from '../../mail/map-link';
import { plainText } from '../../domain/plain-text';
import { type CaseIntake, placeNow } from '../../store/case-records';
import type { CaseProgress } from '../../domain/case/case';
import type { Media, Message, Place } from '../../store/message-records';
import type { OutboxRecord } from '../../store/outbox-records';
import type { Store } from '../../store/store';
import { effectsByPhone, untoldEffects } from '../../whatsapp/case-talk';

/** The citizen's report and all that was said since. Only for readers who still have to do the work. */
export interface ReportView {
  /** The citizen's photos, shown before the talk. */
  photos: { id: string; at: string }[];
  /** The messages of both sides, in order. */
  talk: MessageView[];
  place: PlaceView | null;
  /** The location in a photo, if there is no pin. */
  photoPlace: { coordinates: string; url: string } | null;
  /** Neighbourhood and address in one line, with a search for it on a public map. */
  address: { words: string; url: string } | null;
  /** Important facts about the place, as sentences. */
  placeNotes: string[];
  /** Whether a later pin has replaced the one in the notes. */
  isMoved: boolean;
}

async function photoPlaceOf(
  { store }: MessageDeps,
  messageIds: readonly string[],
): Promise<ReportView['photoPlace']> {
  const photos = await Promise.all(messageIds.map(id => store.photos.about(id)));
  const taken = photos.find(photo => photo?.takenAt)?.takenAt;
  return taken ? { coordinates: coordinatesText(taken), url: mapUrl(taken) } : null;
}

function isElsewhere(now: Place | null, before: Place | null): boolean {
  return now?.latitude !== before?.latitude || now?.longitude !== before?.longitude;
}

/**
 * Returns the report of a case for its page, without the citizen's name and number. `said` are the texts that the
 * department wrote to the citizen.
 */
export async function reportView(
  deps: MessageDeps,
  { intake, progress }: { intake: CaseIntake; progress: CaseProgress },
  facts: readonly CaseFact[],
  said: readonly string[],
): Promise<ReportView> {
  const { municipality } = deps;
  const messages = await deps.store.messages.shown(progress.messageIds);
  const place = placeNow(intake, messages);
  const shown = await Promise.all(
    messages.map(async message => ({
      at: message.sentAt.getTime(),
      view: await citizenMessageView(message, deps),
    })),
  );
  const told = [
    ...(await repliesTo(deps, messages, said)),
    ...(await toldMessages(deps, progress, facts, said)),
  ];
  const talk = [...shown, ...told].sort((a, b) => a.at - b.at).flatMap(({ view }) => view ?? []);
  const address = placeLine(intake);
  return {
    photos: talk.flatMap(({ file, at }) => (file?.kind === 'photo' ? [{ id: file.id, at }] : [])),
    talk,
    place: place && placeView(place),
    photoPlace: place ? null : await photoPlaceOf(deps, progress.messageIds),
    address:
      address === null
        ? null
        : {
            words: address,
            url: mapSearchUrl(`${address}, ${municipality.name.replace(/ Belediyesi$/, '')}`),
          },
    placeNotes: [...placeNotes(intake), ...laterPlaceNotes(municipality, facts, progress.plan.desk.slug)],
    isMoved: isElsewhere(place, intake.place),
  };
}

interface PlaceView {
  words: string;
  coordinates: string;
  latitude: number;
  longitude: number;
  url: string;
}

/** A file of a message, stored under the message id. */
interface FileView {
  kind: 'photo' | 'audio' | 'video' | 'document';
  id: string;
  name: string;
}

/** One message between citizen and municipality. */
export interface MessageView {
  at: string;
  from: 'citizen' | 'municipality';
  /** The name of the member of staff who wrote it; null for the citizen and the line. */
  by: string | null;
  /** The message whose words or photo can be hidden; null if it has neither. */
  coverable: string | null;
  lines: string[];
  /** Whether the text is that of a button or list row which the citizen tapped. */
  isTap: boolean;
  /** Whether only the first line is shown until somebody unfolds the message. */
  isFolded: boolean;
  /** How far the text can be trusted, if a machine made it. */
  made: string | null;
  file: FileView | null;
  /** Text for a file that cannot be shown. */
  missing: string | null;
  place: PlaceView | null;
}

export interface MessageDeps {
  store: Pick<Store, 'messages' | 'photos' | 'attachments' | 'outbox'>;
  municipality: Municipality;
  /** Epoch ms UTC. */
  now: number;
}

const fileLabels: Readonly<Record<FileView['kind'], string>> = {
  photo: 'Fotoğraf',
  audio: 'Sesli mesaj',
  video: 'Video',
  document: 'Belge',
};

const missingFileTexts: Readonly<Record<Media['kind'], string>> = {
  image: 'Fotoğraf alınamadı veya henüz alınmadı.',
  video: 'Video alınamadı veya henüz alınmadı.',
  audio: 'Sesli mesaj alınamadı veya henüz alınmadı.',
  document: 'Belge alınamadı veya henüz alınmadı.',
  sticker: 'Çıkartma gönderildi.',
};

function placeView(place: Place): PlaceView {
  const { latitude, longitude } = place;
  const words = plainText([place.name, place.address].filter(part => part).join(', '));
  return { words, coordinates: coordinatesText(place), latitude, longitude, url: mapUrl(place) };
}

async function fileOf({ photos, attachments }: MessageDeps['store'], id: string): Promise<FileView | null> {
  if (await photos.has(id)) return { kind: 'photo', id, name: fileLabels.photo };
  const attachment = await attachments.get(id);
  return attachment && { kind: attachment.kind, id, name: fileLabels[attachment.kind] };
}

/** Returns the view of a citizen's message, or null if it is empty. */
async function citizenMessageView(
  { id, sentAt, media, place, tap, ...message }: Message,
  { store, municipality: { timeZone }, now }: MessageDeps,
): Promise<MessageView | null> {
  const file = media && (await fileOf(store, id));
  const words = plainText(message.words ?? '');
  const view: MessageView = {
    at: timeText(sentAt.getTime(), now, timeZone),
    from: 'citizen',
    by: null,
    coverable: words !== '' || file?.kind === 'photo' ? id : null,
    lines: words === '' ? [] : words.split('\n'),
    isTap: tap !== null,
    isFolded: false,
    made: transcriptNote(message),
    file,
    missing: media && !file ? missingFileTexts[media.kind] : null,
    place: place && placeView(place),
  };
  return view.lines.length > 0 || media || view.place ? view : null;
}

/** The link to the status page is for the citizen only. */
const STATUS_LINK = /https?:\/\/\S+\/s\/\S+/g;

function bodyOf(content: unknown): string {
  if (typeof content !== 'object' || content === null) return '';
  if ('body' in content && typeof content.body === 'string') return content.body;
  return '';
}

/** Returns our message with its time; null if it has no text. What the department wrote itself is not folded. */
function toldView(
  { channel, content, createdAt, state, by }: OutboxRecord,
  { municipality: { timeZone }, now }: MessageDeps,
  {
    said,
    isOpen = false,
    missing = null,
  }: { said: readonly string[]; isOpen?: boolean; missing?: string | null },
): { at: number; view: MessageView } | null {
  const words =
    channel === 'whatsapp' ? plainText(bodyOf(content)).replace(STATUS_LINK, '[durum bağlantısı]') : '';
  if (words === '') return null;
  const at = createdAt.getTime();
  const lines = words.split('\n');
  const isOwn = said.some(text => words.includes(text));
  const lost = state === 'failed' ? 'Bu mesaj vatandaşa ulaştırılamadı.' : null;
  const view: MessageView = {
    at: timeText(at, now, timeZone),
    from: 'municipality',
    by: by?.replace(/ <[^>]*>$/, '') ?? null,
    coverable: null,
    lines,
    isTap: false,
    isFolded: lines.length > 1 && !isOwn && !isOpen && by === undefined,
    made: null,
    file: null,
    missing: missing ?? lost,
    place: null,
  };
  return { at, view };
}

/** Returns a whole chat: the messages of the citizen and ours, in order. */
export async function talkView(
  deps: MessageDeps,
  messages: readonly Message[],
  sent: readonly OutboxRecord[],
): Promise<MessageView[]> {
  const said = await Promise.all(
    messages.map(async message => ({
      at: message.sentAt.getTime(),
      view: await citizenMessageView(message, deps),
    })),
  );
  const told = sent.flatMap(record => toldView(record, deps, { said: [], isOpen: true }) ?? []);
  return [...said, ...told].sort((a, b) => a.at - b.at).flatMap(({ view }) => view ?? []);
}

/** Returns our messages about a case. */
async function toldMessages(
  deps: MessageDeps,
  { caseNumber, effects }: CaseProgress,
  facts: readonly CaseFact[],
  said: readonly string[],
): Promise<{ at: number; view: MessageView }[]> {
  const byPhone = effectsByPhone(facts);
  const untold = new Set(untoldEffects(facts));
  const numbers = Array.from({ length: effects }, (_, place) => place + 1);
  const told = await Promise.all(
    numbers.map(async effect => {
      const record = await deps.store.outbox.get(`${caseNumber}:${effect}`);
      const missing = byPhone.has(effect)
        ? 'Bu metin vatandaşa telefonda okundu.'
        : untold.has(effect)
          ? 'Bu mesaj vatandaşa ulaştırılamadı.'
          : null;
      return record && toldView(record, deps, { said, missing });
    }),
  );
  return told.filter(one => one !== null);
}

/** What the line answers to the messages of a report before it has a number, above all the warning to call 112. */
const repliesBefore: readonly Reply[] = [
  'emergency',
  'askPlace',
  'askWords',
  'askVoice',
  'askSubject',
  'listSubjects',
  'askMatters',
  'askWhich',
  'lostFile',
];

/** Returns what the line answered to these messages. Each answer is found by the first message it answers. */
async function repliesTo(
  deps: MessageDeps,
  messages: readonly Message[],
  said: readonly string[],
): Promise<{ at: number; view: MessageView }[]> {
  const asked = messages.flatMap(({ id }) => repliesBefore.map(reply => ({ id, reply })));
  const found = await Promise.all(
    asked.map(async ({ id, reply }) => {
      const record = await deps.store.outbox.get(`${id}:${reply}`);
      return record && toldView(record, deps, { said, isOpen: reply === 'emergency' });
    }),
  );
  return found.filter(one => one !== null);
}
