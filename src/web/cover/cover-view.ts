import { overlaps, personalSpans, type Span, wordSpans } from '../../domain/personal-words';
import { plainText } from '../../domain/plain-text';
import type { Region } from '../../store/file-records';
import { digestOf, type Message } from '../../store/message-records';
import type { Store } from '../../store/store';
import type { Notice } from '../task/act-notices';

/** What can be hidden: regions of a photo, or words. */
export type Hidable = 'photo' | 'words';

/** The forms whose fields can be wrong. */
export type CoverErrors = Partial<Record<'blur' | 'strike' | Hidable, string>>;

/** The page on which personal data of one message are hidden from everybody who opens the case. */
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
  photo: { src: string; revision: number; blurred: number } | null;
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

/** A message with what is hidden of it. */
export interface Coverable {
  message: Message;
  /** Null for a message without a stored photo. */
  photo: { revision: number; regions: readonly Region[] } | null;
  /** Null for a message without words. */
  words: { text: string; revision: number; spans: readonly Span[]; isEdited: boolean } | null;
}

/** Returns a message of a case with what is hidden of it; null if the case has no such message. */
export async function coverableOf(
  { messages, photos }: Pick<Store, 'messages' | 'photos'>,
  id: string,
): Promise<Coverable | null> {
  const message = await messages.get(id);
  if (!message) return null;
  const [hasPhoto, cover, strike] = await Promise.all([
    photos.has(id),
    photos.coverOf(id),
    messages.strikeOf(id),
  ]);
  const { words: text } = message;
  return {
    message,
    photo: hasPhoto ? { revision: cover?.revision ?? 0, regions: cover?.regions ?? [] } : null,
    words:
      text === null || plainText(text) === ''
        ? null
        : {
            text,
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
      src: `../photos/${id}?revision=${photo.revision}`,
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
