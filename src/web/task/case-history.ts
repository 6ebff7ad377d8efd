import type { Municipality } from '../../config/municipality';
import type { Role } from '../../domain/sla/sla';
import type { CaseFact } from '../../domain/case/case-events';
import { feedbackLabels, clockLabels, factLabel, outcomeLabels } from '../../domain/case/case-labels';
import { MINUTE_MS } from '../../domain/durations';
import { dayText, durationText, timeText } from '../../mail/case-text';
import { plainText } from '../../domain/plain-text';
import type { TaskActionRecord } from '../../store/task-records';

/** An entry of the case's history on the page. */
export interface HistoryEntry {
  at: string;
  title: string;
  /** A person's own text, shown as a quotation. */
  words: string | null;
}

/** Returns the configured name of a role in a department. */
export function holderName(
  municipality: Municipality,
  department: string,
  role: Role | 'manager' | 'citizen',
): string {
  if (role === 'manager') return 'Yönetici';
  if (role === 'citizen') return 'Vatandaş';
  const desk = municipality.departments[department];
  if (!desk) return department;
  return role === 'department' ? desk.name : desk[role].name;
}

/** Returns the configured name of an address in a department; of others the part before the @: "ali.usta" is "Ali Usta". */
export function personName({ departments }: Municipality, department: string, address: string): string {
  const desk = departments[department];
  const holders = desk ? [desk.mail, desk.chief, desk.deputyMayor] : [];
  const known = holders.find(holder => holder.address.toLowerCase() === address.toLowerCase());
  if (known) return known.name;
  const [local = address] = address.split('@');
  return local
    .split(/[._-]+/)
    .filter(part => part !== '')
    .map(part => part.charAt(0).toLocaleUpperCase('tr') + part.slice(1))
    .join(' ');
}

function deskName(municipality: Municipality, slug: string): string {
  return municipality.departments[slug]?.name ?? slug;
}

function titleOf(
  fact: CaseFact,
  action: TaskActionRecord | undefined,
  desk: string,
  { municipality, now }: { municipality: Municipality; now: number },
): string {
  const actor = (slug: string): string =>
    action && action.role !== 'institution'
      ? holderName(municipality, slug, action.role) + (action.insteadOf ? ' (vekâleten)' : '')
      : deskName(municipality, slug);
  const time = (at: number): string => timeText(at, now, municipality.timeZone);
  const day = (at: number): string => dayText(at, now, municipality.timeZone);
  switch (fact.type) {
    case 'opened':
      return 'Bildirim alındı';
    case 'handedOff':
      return `Yetkili kuruma yönlendirildi: ${municipality.institutions[fact.institution]?.name.tr ?? fact.institution}`;
    case 'handOff':
    case 'returned': {
      const institution = municipality.institutions[fact.institution]?.name.tr ?? fact.institution;
      return `${factLabel(fact)} (${institution})`;
    }
    case 'planned':
      return `Görev verildi: ${deskName(municipality, fact.desk)}; hedeflenen çözüm ${time(fact.resolveBy)}`;
    case 'replanned':
      return `${factLabel(fact)}; hedeflenen çözüm ${time(fact.resolveBy)}`;
    case 'accepted':
      return `İş kabul edildi: ${actor(fact.desk)}${fact.plannedFor === undefined ? '' : `; çalışma günü ${day(fact.plannedFor)}`}`;
    case 'scheduled':
      return `Çalışma günü planlandı: ${day(fact.plannedFor)}`;
    case 'started':
      return `Çalışma başladı: ${actor(fact.desk)}`;
    case 'paused':
      return `${factLabel(fact)}${fact.until === null ? '' : `; en geç ${time(fact.until)} tarihine kadar`}`;
    case 'resolved':
      return `Sonuçlandırıldı: ${actor(fact.desk)}${fact.outcome === undefined ? '' : ` (${outcomeLabels[fact.outcome]})`}`;
    case 'rejected': {
      const reason = municipality.texts.tr.rejectionReasons[action?.reason ?? ''];
      return `Gerekçeyle reddedildi: ${actor(fact.desk)}${reason ? ` (${reason})` : ''}`;
    }
    case 'plannedAhead':
      return `Programa alındı: ${actor(fact.desk)}; en geç ${day(fact.plannedFor)}`;
    case 'planMoved':
      return `Program değişti: ${actor(fact.desk)}; en geç ${day(fact.plannedFor)}`;
    case 'informed':
      return `Vatandaşa ara bilgi verildi: ${actor(fact.desk)}`;
    case 'objected':
      return `${factLabel(fact)}: ${holderName(municipality, fact.desk, fact.to)}`;
    case 'objectionPlanned':
      return `${factLabel(fact)}: en geç ${time(fact.decideBy)}`;
    case 'confirmed':
      return `İtiraz reddedildi, sonuç uygun bulundu: ${actor(desk)}`;
    case 'overturned':
      return `İtiraz kabul edildi: ${actor(desk)}; kayıt yeniden açılıyor: ${deskName(municipality, fact.department)}`;
    case 'noted':
      return `Not eklendi: ${actor(fact.desk)}`;
    case 'rerouted':
      return `Yönlendirildi: ${actor(fact.from)} → ${deskName(municipality, fact.to)}`;
    case 'reassigned':
      return `Yönetici başka müdürlüğe verdi: ${deskName(municipality, fact.from)} → ${deskName(municipality, fact.to)}`;
    case 'corrected':
      return `Kayıt düzeltildi: ${actor(fact.desk)}; ${changesOf(fact, municipality).join(', ')}`;
    case 'extended':
      return `Yönetici çözüm süresini uzattı: ${time(fact.until)}`;
    case 'handedOver': {
      const colleague = action?.colleague;
      return colleague
        ? `Görev devredildi: ${actor(desk)} → ${personName(municipality, desk, colleague)}`
        : factLabel(fact);
    }
    case 'resumed':
    case 'joined':
    case 'separated':
    case 'followed':
    case 'memberJoined':
    case 'memberLeft':
    case 'incidentJoined':
    case 'incidentLeft':
    case 'incidentEnded':
    case 'prioritised':
    case 'takenBack':
    case 'confirmedForCitizen':
    case 'managerNoted':
    case 'instructed':
    case 'withdrawn':
    case 'surveyRepeated':
    case 'objectionWithdrawn':
    case 'latenessTold':
    case 'decisionAsked':
    case 'answerUndone':
    case 'placed':
      return factLabel(fact);
    case 'escalatedByManager':
      return `Yönetici üst makama bildirdi: ${holderName(municipality, desk, fact.to)}`;
    case 'citizenAdded':
      return 'Vatandaş ekleme yaptı';
    case 'feedback':
      return `Vatandaşın yanıtı: ${feedbackLabels[fact.answer]}`;
    case 'reopened':
      return `Kayıt yeniden açıldı (${fact.count}. kez)`;
    case 'closed':
      return factLabel(fact);
    case 'reminded':
      return `${clockLabels[fact.clock]} azalıyor: hatırlatma gönderildi`;
    case 'breached':
      return `${clockLabels[fact.clock]} doldu: ${holderName(municipality, desk, fact.to)} bilgilendirildi`;
    case 'escalated':
      return `${clockLabels[fact.clock]}: üst makama bildirildi, ${holderName(municipality, desk, fact.to)}`;
    case 'notDelivered': {
      const to = fact.recipient === 'citizen' ? 'vatandaş' : holderName(municipality, desk, fact.recipient);
      return `Bildirim ulaştırılamadı: ${to}`;
    }
    case 'arrivedLate':
    case 'called':
    case 'alarmed':
      return factLabel(fact);
    case 'fileLost':
      return 'Bir dosya alınamadı';
  }
}

function changesOf(
  { subject, priority, place }: Extract<CaseFact, { type: 'corrected' }>,
  { categories, neighbourhoods }: Municipality,
): string[] {
  const subjectName = (slug: string): string => categories.find(each => each.slug === slug)?.name.tr ?? slug;
  const where = neighbourhoods.find(({ slug }) => slug === place?.neighbourhood)?.name;
  return [
    ...(subject ? [`konu ${subjectName(subject.from)} → ${subjectName(subject.to)}`] : []),
    ...(priority ? [`öncelik ${priority.from.toUpperCase()} → ${priority.to.toUpperCase()}`] : []),
    ...(place ? [where ? `yer ${where} Mahallesi` : 'yer'] : []),
  ];
}

/** Steps that the worker took later than this after their time are marked as late. */
const LATE_MS = 5 * MINUTE_MS;

function latenessOf(fact: CaseFact): string {
  return 'lateMs' in fact && fact.lateMs >= LATE_MS ? ` (${durationText(fact.lateMs)} geç)` : '';
}

/** Returns the facts up to the end of a task. Tasks are counted by their plans. */
export function factsUntil(facts: readonly CaseFact[], task: number): CaseFact[] {
  let turn = 0;
  return facts.filter(fact => {
    if (fact.type === 'planned') turn += 1;
    return turn <= task;
  });
}

/**
 * Returns the history in words and in order, as read now (epoch ms UTC). `actions` are the acts by id. `showsWords`
 * decides whose text may be quoted.
 */
export function historyOf(
  facts: readonly CaseFact[],
  actions: ReadonlyMap<string, TaskActionRecord>,
  { municipality, now }: { municipality: Municipality; now: number },
  showsWords: (action: TaskActionRecord) => boolean,
): HistoryEntry[] {
  let desk = '';
  return facts.map(fact => {
    if (fact.type === 'opened' || fact.type === 'planned') desk = fact.desk;
    const action = 'actionId' in fact ? actions.get(fact.actionId) : undefined;
    return {
      at: timeText(fact.at, now, municipality.timeZone),
      title: titleOf(fact, action, desk, { municipality, now }) + latenessOf(fact),
      words: action?.words && showsWords(action) ? plainText(action.words) : null,
    };
  });
}
