import pLimit from 'p-limit';
import { z } from 'zod';
import { type CaseProgress, type FeedbackAnswer, isEnded } from '../domain/case/case';
import { objectionRefusal } from '../domain/case/acts';
import { LOW_RATING, ratings, tapId } from '../domain/talk/taps';
import { AppError } from '../errors';
import { plainText } from '../domain/plain-text';
import { rewritten } from '../picture';
import type { OpenedCase } from '../store/case-records';
import type { Message } from '../store/message-records';
import type { Store } from '../store/store';
import type { CaseGateway } from '../temporal/case-gateway';
import type { Upload } from './form-body';

/** Acts available to a citizen on the status page. */
const citizenActs = ['add', 'survey', 'object', 'rate'] as const;
export type CitizenAct = (typeof citizenActs)[number];

/** Maximum length of each form's text. */
export const LONGEST_ADDITION = 1_000;
/** The most messages of a case. After that, the citizen is asked to call. */
const MOST_MESSAGES = 60;

const answers = ['solved', 'partly', 'unsolved'] as const satisfies readonly FeedbackAnswer[];

const common = { nonce: z.string().max(100), photos: z.literal('').optional() };
const words = z.string().max(20_000).transform(plainText);
const formSchema = z.discriminatedUnion('act', [
  z.strictObject({ ...common, act: z.literal('add'), words }),
  z.strictObject({ ...common, act: z.literal('survey'), answer: z.enum(answers) }),
  z.strictObject({ ...common, act: z.literal('object'), words }),
  z.strictObject({ ...common, act: z.literal('rate'), rating: z.enum(ratings.map(String)) }),
]);
export type CitizenForm = z.infer<typeof formSchema>;

/** A decoded picture takes hundreds of megabytes, so decode one at a time. */
const inTurn = pLimit(1);

/** Parses a posted form. Returns null if it is damaged or has unknown fields. */
export function readCitizenForm(body: unknown): CitizenForm | null {
  const read = formSchema.safeParse(body);
  return read.success ? read.data : null;
}

/** Why a form is not carried out. Each has a text in the configuration. */
export type Hindrance = 'empty' | 'tooLong' | 'wrongPhoto' | 'notPossible' | 'tooMany' | 'unavailable';

/** Returns the acts that are possible now (`now` is epoch ms UTC), in page order. */
export function legalCitizenActs(progress: CaseProgress, rating: number | null, now: number): CitizenAct[] {
  const { stage } = progress;
  const isLowRated = stage === 'closed' && rating !== null && rating <= LOW_RATING;
  const isPossible: Readonly<Record<CitizenAct, boolean>> = {
    add: isLowRated || (!isEnded(stage) && stage !== 'received'),
    survey: stage === 'resolved',
    object: objectionRefusal(progress, now) === null,
    rate: stage === 'closed' && rating === null,
  };
  return citizenActs.filter(act => isPossible[act]);
}

export interface StatusActDeps {
  store: Pick<Store, 'messages' | 'photos' | 'ratings' | 'identities'>;
  gateway: Pick<CaseGateway, 'addToCase' | 'addToEnded' | 'giveFeedback' | 'object'>;
  now: () => Date;
}

/** Returns why a form cannot be carried out, or null. */
export function hindranceOf(
  form: CitizenForm,
  upload: Upload,
  progress: CaseProgress,
  legal: readonly CitizenAct[],
): Hindrance | null {
  if (!legal.includes(form.act)) return 'notPossible';
  if (upload.error !== null || (form.act !== 'add' && upload.files.length > 0)) return 'wrongPhoto';
  if (progress.messageIds.length >= MOST_MESSAGES) return 'tooMany';
  if (!('words' in form)) return null;
  if (form.words.length > LONGEST_ADDITION) return 'tooLong';
  return form.words === '' && upload.files.length === 0 ? 'empty' : null;
}

/**
 * Carries out a form of the status page like a button tap or message in the chat: the message is stored
 * first, then the case is signalled. The nonce of the form is the message id, so that a resent form has no
 * second effect.
 */
export async function actOnStatus(
  deps: StatusActDeps,
  opened: OpenedCase,
  form: CitizenForm,
  files: readonly { bytes: Buffer }[],
): Promise<Hindrance | null> {
  const { store, now } = deps;
  const { caseNumber, intake, progress } = opened;
  const at = now();
  const ids = [form.nonce, ...files.slice(1).map((_, place) => `${form.nonce}-${place + 2}`)];
  const earlier = await store.messages.get(form.nonce);
  if (earlier?.handledAt) return null;
  try {
    for (const [place, { bytes }] of files.entries()) {
      const id = ids[place];
      if (id === undefined || (await store.photos.has(id))) continue;
      const picture = await inTurn(() => rewritten(bytes));
      // As in the chat, the location in the photo is used only if the citizen sent no pin.
      const takenAt = intake.place ? null : picture.takenAt;
      await store.photos.add({ ...picture, id, caseNumber, takenAt, keptAt: at });
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'file-unreadable') return 'wrongPhoto';
    throw error;
  }
  const citizenId = await store.identities.currentOf(progress.citizenId);
  for (const [place, id] of ids.entries()) {
    await store.messages.add(messageOf({ id, citizenId, sentAt: at, caseNumber }, form, place, files.length));
  }
  const hindrance = await tell(deps, opened, form, ids.slice(0, Math.max(files.length, 1)), files.length > 0);
  if (hindrance === null) await store.messages.handled(ids, at, caseNumber);
  return hindrance;
}

function messageOf(
  about: { id: string; citizenId: string; sentAt: Date; caseNumber: string },
  form: CitizenForm,
  place: number,
  photos: number,
): Message {
  const { caseNumber, ...rest } = about;
  const text = place === 0 && 'words' in form && form.words !== '' ? form.words : null;
  return {
    ...rest,
    type: 'page',
    words: text,
    place: null,
    media: place < photos ? { kind: 'image', mediaId: '', mimeType: 'image/jpeg' } : null,
    tap: tapOf(form, caseNumber),
    says: saysOf(form, text),
    language: null,
    caseNumber: null,
    handledAt: null,
  };
}

function tapOf(form: CitizenForm, caseNumber: string): string | null {
  switch (form.act) {
    case 'add':
      return null;
    case 'survey':
      return tapId({ kind: 'feedback', answer: form.answer, caseNumber });
    case 'object':
      return tapId({ kind: 'objection', caseNumber });
    case 'rate':
      return tapId({ kind: 'rating', rating: Number(form.rating), caseNumber });
  }
}

function saysOf(form: CitizenForm, text: string | null): Message['says'] {
  switch (form.act) {
    case 'add':
      return text === null ? 'attachment' : 'report';
    case 'survey':
    case 'object':
      return 'endedCase';
    case 'rate':
      return 'rated';
  }
}

/** Signals the case. If it has ended meanwhile, the citizen is told so. */
async function tell(
  { store, gateway, now }: StatusActDeps,
  { caseNumber, progress }: OpenedCase,
  form: CitizenForm,
  messageIds: string[],
  hasPhotos: boolean,
): Promise<Hindrance | null> {
  const said = { messageId: form.nonce, citizenId: progress.citizenId };
  try {
    switch (form.act) {
      case 'add': {
        const sent = { messageIds, fileMessageIds: hasPhotos ? messageIds : [] };
        if (progress.stage === 'closed') {
          await gateway.addToEnded(progress, { ...sent, quietly: true }, 'reasons');
          return null;
        }
        // The page itself confirms the addition.
        return (await gateway.addToCase(caseNumber, { ...sent, quietly: true })) ? null : 'notPossible';
      }
      case 'survey':
        return (await gateway.giveFeedback(caseNumber, { ...said, answer: form.answer }))
          ? null
          : 'notPossible';
      case 'object':
        await gateway.object(progress, said);
        return null;
      case 'rate':
        await store.ratings.add({ caseNumber, rating: Number(form.rating), at: now() });
        return null;
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'temporal-unavailable') return 'unavailable';
    throw error;
  }
}
