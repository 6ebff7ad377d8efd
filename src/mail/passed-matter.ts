import type { Municipality } from '../config/municipality';
import { categoryOf, institutionOf } from '../config/offices';
import { numberSpans, struck } from '../domain/personal-words';
import { placeLine } from '../domain/place/address';
import { oneLine } from '../domain/plain-text';
import { type OpenedCase, placeNow } from '../store/case-records';
import { isPhoto, type Message, type Place } from '../store/message-records';
import type { Store } from '../store/store';
import { writtenIn } from './case-text';
import type { LetterRow } from './letters/letter-frame';
import { coordinatesText, mapUrl } from './map-link';

/** A matter that is passed on, as the institution and our desk see it. */
export interface PassedMatter {
  caseNumber: string;
  /** Names from the configuration. */
  subject: string;
  institution: string;
  /** Neighbourhood and address in one line. */
  address: string | null;
  place: Place | null;
  words: readonly string[];
  /** The ids of the photos, which the page of the hand-off serves. */
  photoIds: readonly string[];
  /** The ids of the messages with words or a photo. */
  messageIds: readonly string[];
  /** The citizen's data that the law asks for, and the law. Null if nothing may be shared. */
  citizen: { name: string | null; phone: string | null; basis: string } | null;
}

/**
 * Returns the matter of a case for an institution (slug), without personal data that the law does not ask for. A matter
 * can leave before anybody has read it, so phone numbers, addresses and the like are hidden in its words.
 */
export async function passedMatter(
  { store, municipality }: { store: Pick<Store, 'messages' | 'citizens'>; municipality: Municipality },
  { caseNumber, intake, progress }: OpenedCase,
  slug: string,
): Promise<PassedMatter> {
  const messages = await store.messages.shown(progress.messageIds);
  const { name, handOff } = institutionOf(municipality, slug);
  const shares = handOff === 'citizen' ? undefined : handOff.shares;
  const citizen = shares ? await store.citizens.get(intake.citizenId) : null;
  return {
    caseNumber,
    subject: categoryOf(municipality, intake.category.slug).name.tr,
    institution: name.tr,
    address: placeLine(intake),
    place: placeNow(intake, messages),
    words: passedWords(messages),
    photoIds: messages.filter(isPhoto).map(({ id }) => id),
    messageIds: messages.filter(each => each.words !== null || isPhoto(each)).map(({ id }) => id),
    citizen:
      shares && citizen
        ? {
            name: shares.data.includes('name') ? citizen.profileName : null,
            phone: shares.data.includes('phone') && citizen.phone ? `+${citizen.phone}` : null,
            basis: shares.basis,
          }
        : null,
  };
}

/** Returns the texts of messages for somebody outside, with numbers, addresses and the like hidden. */
export function passedWords(messages: readonly Message[]): string[] {
  return writtenIn(messages).map(words => struck(words, numberSpans(words)));
}

/** Returns the matter as text to copy into a form or to read out. */
export function readyText(matter: PassedMatter, municipality: string): string {
  const { caseNumber, subject, address, place, words, citizen } = matter;
  const caller = [citizen?.name, citizen?.phone].filter(part => part).join(', ');
  return [
    `${municipality} WhatsApp hattına yapılan ${caseNumber} numaralı bildirim, görev alanınızda olduğu için iletilmektedir.`,
    `Konu: ${subject}`,
    ...(address ? [`Yer: ${address}`] : []),
    ...(place ? [`Konum: ${coordinatesText(place)} ${mapUrl(place)}`] : []),
    ...(words.length > 0 ? [`Bildirim: ${words.join('\n')}`] : []),
    ...(caller ? [`Bildiren: ${caller}`] : []),
  ].join('\n');
}

/** Returns the rows of place and citizen. */
export function matterRows({ subject, address, place, citizen }: PassedMatter): LetterRow[] {
  const caller = [citizen?.name, citizen?.phone].filter(part => part).join(', ');
  return [
    { name: 'Konu', value: subject },
    ...(address ? [{ name: 'Yer', value: oneLine(address, LONGEST_ROW) }] : []),
    ...(place ? [{ name: 'Konum', value: coordinatesText(place), url: mapUrl(place) }] : []),
    ...(caller && citizen
      ? [{ name: `Bildiren (${citizen.basis})`, value: oneLine(caller, LONGEST_ROW) }]
      : []),
  ];
}

const LONGEST_ROW = 200;
