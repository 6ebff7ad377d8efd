import type { CaseFact } from '../../domain/case/case-events';
import { placeNotes } from '../../mail/intake-notes';
import { coordinateWords, mapUrl } from '../../mail/map-link';
import type { CaseIntake, CaseProgress } from '../../store/case-records';
import type { Place } from '../../store/message-records';
import {
  citizenMessageView,
  placeView,
  toldMessages,
  type MessageDeps,
  type MessageView,
  type PlaceView,
} from './message-view';

/** What the citizen reported and what was said since; only for those who still have to do the work. */
export interface ReportView {
  /** The messages that made the report. */
  messages: MessageView[];
  /** What was written since, by both sides, in order. */
  talk: MessageView[];
  place: PlaceView | null;
  /** Where a photo was taken, when there is no pin. */
  photoPlace: { coordinates: string; url: string } | null;
  neighbourhood: string | null;
  /** What must be known of the place; sentences. */
  placeNotes: string[];
  /** Whether a pin came later than the one that the notes speak of. */
  isMoved: boolean;
}

async function photoPlaceOf(
  { store }: MessageDeps,
  messageIds: readonly string[],
): Promise<ReportView['photoPlace']> {
  const photos = await Promise.all(messageIds.map(id => store.photos.about(id)));
  const taken = photos.find(photo => photo?.takenAt)?.takenAt;
  return taken ? { coordinates: coordinateWords(taken), url: mapUrl(taken) } : null;
}

function isElsewhere(now: Place | null, before: Place | null): boolean {
  return now?.latitude !== before?.latitude || now?.longitude !== before?.longitude;
}

/** The report of a case as its page shows it, never with the citizen's name or number. */
export async function reportView(
  deps: MessageDeps,
  { intake, progress }: { intake: CaseIntake; progress: CaseProgress },
  facts: readonly CaseFact[],
): Promise<ReportView> {
  const messages = await deps.store.messages.several(progress.messageIds);
  const added = new Set(facts.flatMap(fact => (fact.type === 'citizenAdded' ? fact.messageIds : [])));
  const place = messages.findLast(message => message.place)?.place ?? intake.place;
  const shown = await Promise.all(
    messages.map(async message => ({
      isAdded: added.has(message.id),
      at: message.sentAt.getTime(),
      view: await citizenMessageView(message, deps, place),
    })),
  );
  const views = (isAdded: boolean) =>
    shown.flatMap(({ view, at, ...message }) => (view && message.isAdded === isAdded ? [{ at, view }] : []));
  const told = await toldMessages(deps, progress.caseNumber, progress.effects);
  const talk = [...views(true), ...told].sort((a, b) => a.at - b.at);
  return {
    messages: views(false).map(({ view }) => view),
    talk: talk.map(({ view }) => view),
    place: place && placeView(place),
    photoPlace: place ? null : await photoPlaceOf(deps, progress.messageIds),
    neighbourhood: intake.neighbourhood?.name ?? null,
    placeNotes: placeNotes(intake),
    isMoved: isElsewhere(place, intake.place),
  };
}
