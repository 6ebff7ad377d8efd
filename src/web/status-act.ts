import pLimit from 'p-limit';
import { z } from 'zod';
import { type CaseProgress, type FeedbackAnswer, isEnded } from '../domain/case/case';
import { objectionRefusal } from '../domain/case/objections';
import { ratings, tapId } from '../domain/talk/taps';
import { AppError } from '../errors';
import { plainText } from '../mail/plain-text';
import { rewritten } from '../picture';
import type { OpenedCase } from '../store/case-records';
import type { Message } from '../store/message-records';
import type { Store } from '../store/store';
import type { CaseGateway } from '../temporal/case-gateway';
import type { Upload } from './form-body';

/** What a citizen can do on the status page of a case. */
const citizenActs = ['add', 'survey', 'object', 'rate'] as const;
export type CitizenAct = (typeof citizenActs)[number];

/** The longest words of one form. */
export const LONGEST_ADDITION = 1_000;
/** A case takes so many messages in all; whoever has more to say is asked to call. */
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

/** A decoded picture takes hundreds of megabytes, so they are decoded one after the other. */
const inTurn = pLimit(1);

/** Reads a posted form; null when it arrived damaged or has a field that it should not have. */
export function readCitizenForm(body: unknown): CitizenForm | null {
  const read = formSchema.safeParse(body);
  return read.success ? read.data : null;
}

/** Why a form is not carried out; each has a text in the municipality's texts. */
export type Hindrance = 'empty' | 'tooLong' | 'wrongPhoto' | 'notPossible' | 'tooMany' | 'unavailable';

/** What the citizen may do now (`now` is epoch ms UTC), in the order of the page. */
export function legalCitizenActs(progress: CaseProgress, isRated: boolean, now: number): CitizenAct[] {
  const { stage } = progress;
  const isPossible: Readonly<Record<CitizenAct, boolean>> = {
    add: !isEnded(stage) && stage !== 'received',
    survey: stage === 'resolved',
    object: objectionRefusal(progress, now) === null,
    rate: stage === 'closed' && !isRated,
  };
  return citizenActs.filter(act => isPossible[act]);
}

export interface StatusActDeps {
  store: Pick<Store, 'messages' | 'photos' | 'ratings' | 'identities'>;
  gateway: Pick<CaseGateway, 'addToCase' | 'giveFeedback' | 'object'>;
  now: () => Date;
}

/** Returns what keeps a form from being carried out as the case is recorded; null when nothing does. */
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
 * Carries out what a citizen asks for, as a tap or a message in the chat would: the message is stored first, then the
 * case is told of it. The nonce of the form is the id of the message, so that a form sent again has no second effect.
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
      // The camera's place is kept only where the citizen sent no pin, as with photos of the chat.
      const takenAt = intake.place ? null : picture.takenAt;
      await store.photos.add({ ...picture, id, caseNumber, takenAt, keptAt: at });
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'photo-unreadable') return 'wrongPhoto';
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

/** Signals the case; a case that has ended meanwhile is told to the citizen. */
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
        const added = { messageIds, photoMessageIds: hasPhotos ? messageIds : [] };
        return (await gateway.addToCase(caseNumber, added)) ? null : 'notPossible';
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
