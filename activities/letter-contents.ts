import { setTimeout } from 'node:timers/promises';
import { categoryOf, departmentOf } from '../src/config/offices';
import type { LetterOrder } from '../src/domain/case/case-events';
import { placeNotes } from '../src/mail/intake-notes';
import type { LetterData, LetterPicture } from '../src/mail/letters/letter-data';
import type { Message } from '../src/store/message-records';
import type { LinkRecipient } from '../src/store/task-records';
import type { OpenedCase } from '../src/store/case-records';
import type { Deps } from './deps';
import { occasionOf } from './letter-occasion';
import { isPhoto } from './message-parts';

const PICTURES_SHOWN = 3;
const PICTURE_BOX_PX = 120;
/** A photo is fetched beside the letter; it is waited for a little, since a picture says more than "1 fotoğraf". */
const PHOTO_WAIT_MS = 3_000;
const PHOTO_POLL_MS = 300;

/** Everything that a letter to a desk tells, with a link of the recipient's own. */
export async function letterContents(
  deps: Deps,
  opened: OpenedCase,
  order: LetterOrder,
  recipient: LinkRecipient,
  link: string,
): Promise<LetterData> {
  const { store, municipality, now } = deps;
  const { caseNumber, intake, progress } = opened;
  const { to, department, rung } = order;
  const category = categoryOf(municipality, intake.category.slug);
  const messages = await store.messages.several(progress.messageIds);
  const shown = order.added ? messages.filter(({ id }) => order.added?.includes(id)) : messages;
  const photoIds = shown.filter(isPhoto).map(({ id }) => id);
  return {
    municipality,
    now: now().getTime(),
    caseNumber,
    subject: category.name.tr,
    department: departmentOf(municipality, department).name,
    neighbourhood: intake.neighbourhood?.name ?? null,
    place: placeOf(messages),
    placeNotes: placeNotes(intake),
    words: shown.flatMap(({ words }) => words ?? []),
    photos: photoIds.length,
    pictures: await picturesOf(deps, photoIds),
    others: progress.members.length,
    ...(await occasionOf(deps, opened, order)),
    callBack: category.callBack ? await callBackOf(deps, intake.citizenId) : null,
    stage: progress.stage,
    acceptBy: progress.plan.acceptBy,
    resolveBy: progress.plan.resolveBy,
    legalBy: progress.plan.legalBy,
    plannedFor: progress.plannedFor,
    pauseLimitAt: progress.pauseLimitAt,
    closeAt: progress.closeAt,
    ...(progress.plan.overall && { overallBy: progress.plan.overall.by }),
    ...(rung && { rung }),
    recipient: { name: recipient.name, role: to },
    link,
  };
}

function placeOf(messages: readonly Message[]): LetterData['place'] {
  return messages.findLast(({ place }) => place !== null)?.place ?? null;
}

async function callBackOf({ store }: Deps, citizenId: string): Promise<LetterData['callBack']> {
  const citizen = await store.citizens.get(citizenId);
  return citizen?.phone ? { name: citizen.profileName, phone: `+${citizen.phone}` } : null;
}

/** The first photos as small pictures; one that somebody flagged is left to those who open the page. */
async function picturesOf({ store }: Deps, photoIds: readonly string[]): Promise<LetterPicture[]> {
  const wanted = photoIds.slice(0, PICTURES_SHOWN);
  const areKept = async (): Promise<boolean> =>
    (await Promise.all(wanted.map(id => store.photos.has(id)))).every(Boolean);
  for (let waited = 0; waited < PHOTO_WAIT_MS && !(await areKept()); waited += PHOTO_POLL_MS) {
    await setTimeout(PHOTO_POLL_MS);
  }
  const pictures = await Promise.all(wanted.map(id => pictureOf({ store }, id)));
  return pictures.filter(picture => picture !== null);
}

async function pictureOf({ store }: Pick<Deps, 'store'>, id: string): Promise<LetterPicture | null> {
  const [about, small] = await Promise.all([store.photos.about(id), store.photos.thumbnail(id)]);
  if (!about || !small || about.flagged) return null;
  const scale = PICTURE_BOX_PX / Math.max(about.width, about.height, 1);
  const shown = (side: number): number => Math.max(1, Math.round(side * scale));
  return { id, jpeg: small.thumbnail, width: shown(about.width), height: shown(about.height) };
}
