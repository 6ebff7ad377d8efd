import { overlaps, personalSpans, type Span, wordSpans } from '../../domain/personal-words';
import { plainText } from '../../domain/plain-text';
import { digestOf } from '../../store/message-records';
import type { Region } from '../../store/photo-records';
import type { Store } from '../../store/store';
import type { Notice } from '../task/act-notices';

/** What can be hidden: regions of a photo, or words. */
export type Hidable = 'photo' | 'words';

/** The forms whose fields can be wrong. */
export type CoverErrors = Partial<Record<'blur' | 'strike' | Hidable, string>>;

/** The page on which personal data of a message or a photo of the work are hidden from everybody who opens the case. */
export interface CoverView {
  caseNumber: string;
  notice: Notice | null;
  /** Relative addresses of this page and of the page of the case. */
  self: string;
  back: string;
  nonce: string;
  errors: CoverErrors;
  passage: string;
  /** The number of cells over the photo. */
  cells: number;
  photo: { src: string; alt: string; revision: number; blurred: number } | null;
  text: {
    revision: number;
    words: { place: number; text: string; isHidden: boolean; isSuggested: boolean }[];
    suggested: number;
    /** Whether the citizen changed the text after words were hidden, so that all of it is. */
    isEdited: boolean;
    /** The text as it was written, once it was asked for. */
    original: string[] | null;
  } | null;
  /** What is hidden now, with the forms that show or open it. */
  hidden: { what: Hidable; title: string; revision: number; show: string; open: string }[];
}

/** A message of a case or a photo of the work, with what is hidden of it. */
export interface Coverable {
  /** Null for a message without a stored photo. */
  photo: { isOfWork: boolean; revision: number; regions: readonly Region[] } | null;
  /** Null for a message without words, and for a photo of the work. */
  words: {
    citizenId: string;
    text: string;
    revision: number;
    spans: readonly Span[];
    isEdited: boolean;
  } | null;
}

type CoverStore = Pick<Store, 'messages' | 'photos' | 'photoCovers' | 'workPhotos'>;

/** Returns a message or a photo of the work with what is hidden of it; null if the case has neither. */
export async function coverableOf(
  store: CoverStore,
  id: string,
  { caseNumber, messageIds }: { caseNumber: string; messageIds: readonly string[] },
): Promise<Coverable | null> {
  const isMessage = messageIds.includes(id);
  const cover = await store.photoCovers.coverOf(id);
  const hidden = { revision: cover?.revision ?? 0, regions: cover?.regions ?? [] };
  if (!isMessage) {
    const photo = await store.workPhotos.get(id);
    return photo?.caseNumber === caseNumber ? { photo: { isOfWork: true, ...hidden }, words: null } : null;
  }
  const [message, hasPhoto, strike] = await Promise.all([
    store.messages.get(id),
    store.photos.has(id),
    store.messages.strikeOf(id),
  ]);
  if (!message) return null;
  const { words: text, citizenId } = message;
  return {
    photo: hasPhoto ? { isOfWork: false, ...hidden } : null,
    words:
      text === null || plainText(text) === ''
        ? null
        : {
            ...{ citizenId, text },
            revision: strike?.revision ?? 0,
            spans: strike?.spans ?? [],
            isEdited: Boolean(strike?.spans.length) && strike?.digest !== digestOf(text),
          },
  };
}

/** The cells lie over the photo in rows of eight, numbered from 1. */
const CELLS_IN_ROW = 8;
export const CELLS = CELLS_IN_ROW * CELLS_IN_ROW;

/** Returns the region under a cell. */
export function cellRegion(cell: number): Region {
  const side = 1_000 / CELLS_IN_ROW;
  const [row, column] = [Math.floor((cell - 1) / CELLS_IN_ROW), (cell - 1) % CELLS_IN_ROW];
  return { left: column * side, top: row * side, width: side, height: side };
}

export function coverView(
  { photo, words }: Coverable,
  given: Pick<CoverView, 'caseNumber' | 'notice' | 'nonce' | 'errors' | 'passage'> & {
    id: string;
    token: string;
    showsOriginal: boolean;
  },
): CoverView {
  const { id, token, showsOriginal, ...rest } = given;
  return {
    ...rest,
    ...{ self: id, back: `../../${token}`, cells: CELLS },
    // The revision is for the browser, which would show an earlier picture otherwise.
    photo: photo && {
      src: `../${photo.isOfWork ? 'work' : 'photos'}/${id}?revision=${photo.revision}`,
      alt: photo.isOfWork ? 'Yapılan işin fotoğrafı' : 'Vatandaşın gönderdiği fotoğraf',
      revision: photo.revision,
      blurred: photo.regions.length,
    },
    text: words && textView(words, showsOriginal),
    hidden: [
      ...(photo && photo.regions.length > 0
        ? [
            {
              ...{ what: 'photo' as const, revision: photo.revision },
              title: `Fotoğrafta ${photo.regions.length} bölge`,
              ...{ show: 'Fotoğrafın aslını göster', open: 'Bulanıklığı kaldır' },
            },
          ]
        : []),
      ...(words && words.spans.length > 0
        ? [
            {
              ...{ what: 'words' as const, revision: words.revision, title: 'Metinde kapatılan sözcükler' },
              ...{ show: 'Metnin aslını göster', open: 'Kapatılan sözcükleri aç' },
            },
          ]
        : []),
    ],
  };
}

function textView(
  { text, revision, spans, isEdited }: NonNullable<Coverable['words']>,
  showsOriginal: boolean,
): CoverView['text'] {
  const suspects = personalSpans(text);
  const words = wordSpans(text).map((span, place) => {
    const isHidden = isEdited || spans.some(each => overlaps(each, span));
    return {
      ...{ place, isHidden, text: isHidden ? '' : plainText(text.slice(...span)) },
      isSuggested: !isHidden && suspects.some(each => overlaps(each, span)),
    };
  });
  return {
    ...{ revision, words, isEdited },
    suggested: words.filter(({ isSuggested }) => isSuggested).length,
    original: showsOriginal ? plainText(text).split('\n') : null,
  };
}
