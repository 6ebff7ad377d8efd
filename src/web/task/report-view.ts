import type { Municipality } from '../../config/municipality';
import type { CaseFact } from '../../domain/case/case-events';
import { placeLine } from '../../domain/place/address';
import { laterPlaceNotes, momentText, placeNotes, transcriptNote } from '../../mail/case-text';
import { coordinatesText, mapUrl } from '../../mail/map-link';
import { plainText } from '../../domain/plain-text';
import { type CaseIntake, placeNow } from '../../store/case-records';
import type { CaseProgress } from '../../domain/case/case';
import type { Media, Message, Place } from '../../store/message-records';
import type { Store } from '../../store/store';
import { effectsByPhone, untoldEffects } from '../../whatsapp/case-talk';

/** The citizen's report and the later messages. Only for readers who still have to do the work. */
export interface ReportView {
  /** The messages of the original report. */
  messages: MessageView[];
  /** Later messages of both sides, in order. */
  talk: MessageView[];
  place: PlaceView | null;
  /** The location in a photo, if there is no pin. */
  photoPlace: { coordinates: string; url: string } | null;
  /** Neighbourhood and address in one line. */
  address: string | null;
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

/** Returns the report of a case for its page, without the citizen's name and number. */
export async function reportView(
  deps: MessageDeps & { municipality: Municipality },
  { intake, progress }: { intake: CaseIntake; progress: CaseProgress },
  facts: readonly CaseFact[],
): Promise<ReportView> {
  const messages = await deps.store.messages.shown(progress.messageIds);
  const added = new Set(facts.flatMap(fact => (fact.type === 'citizenAdded' ? fact.messageIds : [])));
  const place = placeNow(intake, messages);
  const shown = await Promise.all(
    messages.map(async message => ({
      isAdded: added.has(message.id),
      at: message.sentAt.getTime(),
      view: await citizenMessageView(message, deps, place),
    })),
  );
  const views = (isAdded: boolean) =>
    shown.flatMap(({ view, at, ...message }) => (view && message.isAdded === isAdded ? [{ at, view }] : []));
  const told = await toldMessages(deps, progress.caseNumber, progress.effects, facts);
  const talk = [...views(true), ...told].sort((a, b) => a.at - b.at);
  return {
    messages: views(false).map(({ view }) => view),
    talk: talk.map(({ view }) => view),
    place: place && placeView(place),
    photoPlace: place ? null : await photoPlaceOf(deps, progress.messageIds),
    address: placeLine(intake),
    placeNotes: [
      ...placeNotes(intake),
      ...laterPlaceNotes(deps.municipality, facts, progress.plan.desk.slug),
    ],
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
interface MessageView {
  at: string;
  from: 'citizen' | 'municipality';
  /** The message whose words or photo can be hidden; null if it has neither. */
  coverable: string | null;
  lines: string[];
  /** How far the text can be trusted, if a machine made it. */
  made: string | null;
  file: FileView | null;
  /** Text for a file that cannot be shown. */
  missing: string | null;
  place: PlaceView | null;
}

export interface MessageDeps {
  store: Pick<Store, 'messages' | 'photos' | 'attachments' | 'outbox'>;
  timeZone: string;
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

/**
 * Returns the view of a citizen's message, or null if it is empty. A pin that the page already shows is left
 * out.
 */
async function citizenMessageView(
  { id, sentAt, media, place, ...message }: Message,
  { store, timeZone }: MessageDeps,
  shownPlace: Place | null,
): Promise<MessageView | null> {
  const file = media && (await fileOf(store, id));
  const words = plainText(message.words ?? '');
  const isShown = place?.latitude === shownPlace?.latitude && place?.longitude === shownPlace?.longitude;
  const view: MessageView = {
    at: momentText(sentAt.getTime(), timeZone),
    from: 'citizen',
    coverable: words !== '' || file?.kind === 'photo' ? id : null,
    lines: words === '' ? [] : words.split('\n'),
    made: transcriptNote(message),
    file,
    missing: media && !file ? missingFileTexts[media.kind] : null,
    place: place && !isShown ? placeView(place) : null,
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

/** Returns our messages to the citizen about a case, in order, with their times. */
async function toldMessages(
  { store, timeZone }: MessageDeps,
  caseNumber: string,
  effects: number,
  facts: readonly CaseFact[],
): Promise<{ at: number; view: MessageView }[]> {
  const byPhone = effectsByPhone(facts);
  const untold = new Set(untoldEffects(facts));
  const keys = Array.from({ length: effects }, (_, place) => `${caseNumber}:${place + 1}`);
  const records = await Promise.all(keys.map(key => store.outbox.get(key)));
  return records.flatMap((record, place) => {
    const effect = place + 1;
    const words = record?.channel === 'whatsapp' ? plainText(bodyOf(record.content)) : '';
    if (!record || words === '') return [];
    const at = record.createdAt.getTime();
    const lines = words.replace(STATUS_LINK, '[durum bağlantısı]').split('\n');
    const isLost = record.state === 'failed' || untold.has(effect);
    const missing = byPhone.has(effect)
      ? 'Bu metin vatandaşa telefonda okundu.'
      : isLost
        ? 'Bu mesaj vatandaşa ulaştırılamadı.'
        : null;
    const view: MessageView = {
      at: momentText(at, timeZone),
      from: 'municipality',
      coverable: null,
      lines,
      made: null,
      file: null,
      missing,
      place: null,
    };
    return [{ at, view }];
  });
}
