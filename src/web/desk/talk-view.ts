import type { Municipality } from '../../config/municipality';
import { correctSubjects } from '../../config/correction';
import { isEnded } from '../../domain/case/case';
import { DAY_MS } from '../../domain/durations';
import { plainText } from '../../domain/plain-text';
import { timeText } from '../../mail/case-text';
import type { OpenedCase } from '../../store/case-records';
import type { Citizen } from '../../store/citizen-records';
import { staffId } from '../../store/staff-records';
import type { Store } from '../../store/store';
import type { TalkHolder } from '../../temporal/talk-gateway';
import { isInWindow, isNumberWrong } from '../../whatsapp/citizen-outbox';
import { type MessageDeps, type MessageView, talkView } from '../task/report-view';
import type { TalkContent, TalkRow } from './desk-pages';

export interface TalkDeps extends Omit<MessageDeps, 'now'> {
  store: MessageDeps['store'] & Pick<Store, 'citizens' | 'cases' | 'hashId' | 'callLinks'>;
  municipality: Municipality;
}

const MOST_MESSAGES = 60;
const MOST_WISHES = 50;
const WISH_MS = 7 * DAY_MS;

/** Returns the citizens who wanted to speak to somebody within a week, newest first. `now` is epoch ms UTC. */
export async function talkRows(deps: TalkDeps, now: Date, home: string): Promise<TalkRow[]> {
  const { store, municipality } = deps;
  const wishes = await store.callLinks.wishes(new Date(now.getTime() - WISH_MS), MOST_WISHES);
  const rows = await Promise.all(
    wishes.map(async ({ citizenId, messageIds, at }): Promise<TalkRow[]> => {
      const citizen = await store.citizens.get(citizenId);
      if (!citizen) return [];
      const said = await store.messages.shown(messageIds);
      return [
        {
          href: `${home}/talks/${citizen.id}`,
          name: citizen.profileName ?? 'Adı bilinmiyor',
          at: timeText(at.getTime(), now.getTime(), municipality.timeZone),
          words: plainText(said.flatMap(({ words }) => words ?? []).join(' · ')).slice(0, 160),
          isOpen: isInWindow(citizen, now),
        },
      ];
    }),
  );
  return rows.flat();
}

/** Returns the messages of both sides in a chat, at most the latest sixty of the citizen. */
export async function wholeTalk(deps: TalkDeps, citizen: Citizen, now: number): Promise<MessageView[]> {
  const { store, municipality } = deps;
  const ids = [citizen.id, ...citizen.formerIds];
  const messages = await store.messages.latestOf(ids, MOST_MESSAGES);
  const from = messages[0]?.sentAt ?? new Date(now - WISH_MS);
  const sent = (await Promise.all(ids.map(id => store.outbox.sentTo(id, 'whatsapp', from)))).flat();
  return talkView({ store, municipality, now }, messages, sent);
}

/** Returns who holds a talk as the page tells it. */
export async function holderOfTalk(
  { store, municipality }: TalkDeps,
  holder: TalkHolder | null,
  reader: string,
): Promise<TalkContent['holder']> {
  if (holder === null) return null;
  const idOf = await store.hashId();
  const known = Object.values(municipality.staff.people).find(
    ({ address }) => staffId(idOf, address) === holder.person,
  );
  return { isReader: holder.person === reader, name: known?.name ?? 'başka bir görevli' };
}

/** Returns why nobody can write to a citizen now, or null. */
export function closedText(citizen: Citizen, about: OpenedCase | null, now: Date): string | null {
  if (isNumberWrong(citizen)) return 'Bu numara başkasına ait çıktı; buradan yazılamaz.';
  if (isInWindow(citizen, now)) return null;
  const since = 'Vatandaş son 24 saatte yazmadı';
  if (about === null) return `${since}; kayıt olmadan buradan yazılamaz. Telefonla arayabilirsiniz.`;
  return citizen.stoppedAt === null ? null : `${since} ve bilgilendirme istemiyor; buradan yazılamaz.`;
}

/** Returns the subjects that a new case can have. */
export function talkSubjects(municipality: Municipality): TalkContent['subjects'] {
  return correctSubjects(municipality)
    .map(({ slug, name }) => ({ value: slug, name: name.tr }))
    .sort((a, b) => a.name.localeCompare(b.name, 'tr'));
}

/** Returns whether a talk can add to a case: it is the citizen's own and open. */
export function isOpenFor({ id, formerIds }: Citizen, { intake, progress }: OpenedCase): boolean {
  return [id, ...formerIds].includes(intake.citizenId) && !isEnded(progress.stage);
}
