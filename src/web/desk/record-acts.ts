import type { Municipality } from '../../config/municipality';
import { roleLabels } from '../../domain/case/case-labels';
import { plainText } from '../../domain/plain-text';
import type { Role } from '../../domain/sla/sla';
import { momentText } from '../../mail/case-text';
import type { OpenedCase } from '../../store/case-records';
import type { OutboxRecord } from '../../store/outbox-records';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';
import { resend, resendHindrance } from '../../temporal/resend';
import type { Notice } from '../task/act-notices';
import type { ActChoices, DeskForm, RecordAction } from './desk-acts';

export interface RecordActDeps {
  store: Pick<Store, 'outbox' | 'tasks' | 'photos' | 'blocks' | 'citizens' | 'trail'>;
  municipality: Municipality;
  gateway: Pick<CaseGateway, 'sendAgain'>;
  now: () => Date;
}

const MOST_SENT = 30;
const LONGEST_NAME = 90;
const FLAG = 'flag';
const CLEAR = 'clear';

/** Returns what the acts on the records of a case can choose from, newest first. */
export async function besideOf(
  { store, municipality, now }: RecordActDeps,
  opened: OpenedCase,
): Promise<ActChoices> {
  const { caseNumber, intake } = opened;
  const time = (at: Date): string => momentText(at.getTime(), municipality.timeZone);
  const [sent, photos, citizen] = await Promise.all([
    store.outbox.ofCase(caseNumber),
    store.photos.ofCase(caseNumber),
    store.citizens.get(intake.citizenId),
  ]);
  const again = sent.filter(record => resendHindrance(opened, record) === null).slice(-MOST_SENT);
  return {
    messages: again
      .reverse()
      .map(record => ({ value: record.key, name: `${time(record.createdAt)}, ${nameOf(record)}` })),
    photos: photos.map(({ id, keptAt, flagged }, place) => ({
      value: `${flagged ? CLEAR : FLAG}:${id}`,
      name: `${place + 1}. fotoğraf, ${time(keptAt)}: ${flagged ? 'yeniden e-postalara konsun' : 'e-postalara konmasın'}`,
    })),
    isBlocked: citizen && (await store.blocks.isBlocked([citizen.id, ...citizen.formerIds], now())),
  };
}

/** "E-posta (müdür): Yol çukuru …", or the first words of a message to the citizen. */
function nameOf({ channel, recipient, content }: OutboxRecord): string {
  const { subject = '', body = '' } = content as { subject?: string; body?: string };
  const role = recipient.split(':')[0] as Role;
  const to =
    channel === 'mail' ? `E-posta (${roleLabels[role] ?? 'diğer'}): ${subject}` : `Mesaj: ${plainText(body)}`;
  return Array.from(to.replace(/\s+/g, ' ')).slice(0, LONGEST_NAME).join('');
}

const alarm = (text: string): Notice => ({ tone: 'alarm', title: 'İşlem yapılmadı', text });

/** Carries out an act on the records of a case. Returns the status and notice of a refusal, or null. */
export async function actOnRecords(
  deps: RecordActDeps,
  opened: OpenedCase,
  actor: string,
  { action, reason, message, photo, day }: DeskForm & { action: RecordAction },
): Promise<readonly [number, Notice] | null> {
  const { store, now } = deps;
  const { caseNumber, intake } = opened;
  const at = now();
  switch (action) {
    case 'resend': {
      const result = await resend(deps, opened, { key: message ?? '', actor, reason });
      if (result.type === 'hindered')
        return [409, alarm('Bu gönderi yeniden gönderilemez; listeden başka birini seçiniz.')];
      if (result.type === 'refused') return [409, alarm(`Gönderi kabul edilmedi (${result.reason}).`)];
      return null;
    }
    case 'flagPhoto': {
      const [what, id = ''] = (photo ?? '').split(':');
      const about = await store.photos.about(id);
      if (about?.caseNumber !== caseNumber || (what !== FLAG && what !== CLEAR))
        return [400, alarm('Lütfen kaydın bir fotoğrafını seçiniz.')];
      const trace = what === FLAG ? 'photoFlagged' : 'photoCleared';
      await store.trail.add({
        at,
        actor,
        reason,
        what: trace,
        caseNumber,
        citizenId: null,
        detail: `photo ${id}`,
      });
      await store.photos.flag(id, what === FLAG);
      return null;
    }
    case 'block':
    case 'unblock': {
      const citizen = await store.citizens.get(intake.citizenId);
      if (!citizen) return [409, alarm('Bu vatandaşın verileri artık yok.')];
      const act = { citizenId: citizen.id, at, actor, reason };
      if (action === 'unblock') await store.blocks.unblock(act);
      else if (day === null || day <= at.getTime())
        return [400, alarm('Lütfen bugün veya sonrası bir gün seçiniz.')];
      else await store.blocks.block({ ...act, until: new Date(day) });
      return null;
    }
  }
}
