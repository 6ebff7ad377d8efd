import { DateTime } from 'luxon';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/durations';
import type { Municipality } from '../config/municipality';
import type { CaseFact } from '../domain/case/case-events';
import type { CaseIntake, StaffEntry } from '../store/case-records';
import type { Message } from '../store/message-records';

/** Turkish dative suffixes by the last spoken word of a number, a digit or a ten: "yediye", "ona", "otuza". */
const oneSuffix = ['a', 'e', 'ye', 'e', 'e', 'e', 'ya', 'ye', 'e', 'a'];
const tenSuffix = ['a', 'a', 'ye', 'a', 'a', 'ye'];

function dative(clockTime: string): string {
  const [hour, minute] = clockTime.split(':').map(Number);
  const spoken = minute || hour || 0;
  const suffix = spoken > 0 && spoken % 10 === 0 ? tenSuffix[spoken / 10] : oneSuffix[spoken % 10];
  return `${clockTime}'${suffix}`;
}

function local(at: number, timeZone: string): DateTime {
  return DateTime.fromMillis(at, { zone: timeZone, locale: 'tr' });
}

function relativeDay(at: DateTime, now: DateTime): string {
  const days = at.startOf('day').diff(now.startOf('day'), 'days').days;
  if (days === -1) return 'dün';
  if (days === 0) return 'bugün';
  if (days === 1) return 'yarın';
  return at.toFormat(at.year === now.year ? 'd LLLL cccc' : 'd LLLL yyyy cccc');
}

/** Formats an instant (epoch ms UTC) in local time, "24 Kasım 2026 Salı 10:30". */
export function momentText(at: number, timeZone: string): string {
  return local(at, timeZone).toFormat('d LLLL yyyy cccc HH:mm');
}

/** Formats an instant for a page that is read now: "17:30", on other days "dün 17:30" or "24 Kasım 17:30". */
export function timeText(at: number, now: number, timeZone: string): string {
  const moment = local(at, timeZone);
  const today = local(now, timeZone);
  const days = moment.startOf('day').diff(today.startOf('day'), 'days').days;
  const day = moment.toFormat(moment.year === today.year ? 'd LLLL' : 'd LLLL yyyy');
  const named: Readonly<Record<number, string>> = { [-1]: 'dün ', 0: '', 1: 'yarın ' };
  return `${named[days] ?? `${day} `}${moment.toFormat('HH:mm')}`;
}

/**
 * Returns the masked name and number of somebody to call back: "A*** I***" and "+90 *** *** 33". `phone` has digits only,
 * with the country code.
 */
export function maskedCaller(name: string | null, phone: string): { name: string | null; phone: string } {
  const words = name?.split(/\s+/).filter(word => word !== '') ?? [];
  const initials = words.map(word => `${Array.from(word)[0] ?? ''}***`).join(' ');
  return {
    name: initials === '' ? null : initials,
    phone: `+${phone.slice(0, 2)} *** *** ${phone.slice(-2)}`,
  };
}

/** Formats the local date of an instant (epoch ms UTC), "24 Kasım 2026 Salı". */
export function dateText(at: number, timeZone: string): string {
  return local(at, timeZone).toFormat('d LLLL yyyy cccc');
}

/** Formats a local date relative to now: "bugün", "yarın", "27 Kasım Cuma". Times are epoch ms UTC. */
export function dayText(at: number, now: number, timeZone: string): string {
  return relativeDay(local(at, timeZone), local(now, timeZone));
}

/** Formats a duration: "45 dakika", "2 saat 15 dakika", "3 gün". The minimum is one minute. */
export function durationText(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / MINUTE_MS));
  const hours = Math.floor(ms / HOUR_MS);
  if (hours === 0) return `${minutes} dakika`;
  if (ms < DAY_MS)
    return minutes % 60 === 0 || hours > 5 ? `${hours} saat` : `${hours} saat ${minutes % 60} dakika`;
  const days = Math.floor(ms / DAY_MS);
  const rest = hours % 24;
  return days > 2 || rest === 0 ? `${days} gün` : `${days} gün ${rest} saat`;
}

export interface DueText {
  isOverdue: boolean;
  /** "bugün 17:00'ye kadar", or "süre doldu: bugün 17:00" after the deadline. */
  until: string;
  /** "3 saat kaldı", or "2 saat geçti" after the deadline. */
  left: string;
}

/** Formats a deadline in local time. Times are epoch ms UTC. */
export function dueTextOf(at: number, now: number, timeZone: string): DueText {
  const moment = local(at, timeZone);
  const day = relativeDay(moment, local(now, timeZone));
  const time = moment.toFormat('HH:mm');
  return at > now
    ? { isOverdue: false, until: `${day} ${dative(time)} kadar`, left: `${durationText(at - now)} kaldı` }
    : { isOverdue: true, until: `süre doldu: ${day} ${time}`, left: `${durationText(now - at)} geçti` };
}

/** Formats a deadline on one line: "bugün 17:00'ye kadar, 3 saat kaldı". */
export function dueText(at: number, now: number, timeZone: string): string {
  const { until, left } = dueTextOf(at, now, timeZone);
  return `${until}, ${left}`;
}

/** A pin nearer to the border than this may be meant for the other side. */
const NEAR_BORDER_METRES = 150;

const precisionLabels = {
  street: 'sokak adı',
  neighbourhood: 'mahalle adı',
} as const;

/** Returns Turkish sentences about doubts on the place; empty if pin and text agree. */
export function placeNotes({ location, neighbourhood, outside, place }: CaseIntake): string[] {
  if (!location) return outside ? ['Gönderilen konum ilçe sınırları dışında görünüyor.'] : [];
  const { source, precision, street, namedInWords, borderMetres, neighbour, road, keptRoad, roadGuessed } =
    location;
  const notes: string[] = [];
  if (outside) {
    const distance = borderMetres === null ? '' : `, sınıra ${metres(borderMetres)} uzaklıkta`;
    const whose = neighbour ? `; en yakın komşu: ${neighbour.name}` : '';
    notes.push(`Gönderilen konum ilçe sınırları dışında görünüyor${distance}${whose}.`);
  } else if (borderMetres !== null && borderMetres < NEAR_BORDER_METRES) {
    notes.push(`Konum ilçe sınırına ${metres(borderMetres)} uzaklıkta.`);
  }
  if (namedInWords) {
    const where = neighbourhood ? `${neighbourhood.name} Mahallesi’nde` : 'başka bir yerde';
    notes.push(`Metinde ${namedInWords.name} Mahallesi geçiyor, gönderilen konum ise ${where}.`);
  }
  if (source === 'words' && place === null && (precision === 'street' || precision === 'neighbourhood')) {
    const told = street === null ? '' : ` (“${street}”)`;
    notes.push(`Yer, bildirim metnindeki ${precisionLabels[precision]} ile belirlendi${told}.`);
  }
  if (road === 'artery' && keptRoad !== null) {
    notes.push(`Yol: ${keptRoad}; bakımı ilçe belediyesinde olmayan yollardandır.`);
  }
  if (road === 'unknown' && keptRoad === null && source === 'pin' && !outside) {
    notes.push('Konumun hangi yolda olduğu, yolun kimin sorumluluğunda olduğu bilinmiyor.');
  }
  if (roadGuessed && !outside) {
    notes.push(
      'Vatandaş yol adı yazmadı; konum, belediyenin sokağı sayıldı. Başka kurumun yoluysa kaydı düzeltiniz.',
    );
  }
  return notes;
}

/** Returns Turkish sentences about the place of the last pin, for the current desk. */
export function laterPlaceNotes(
  { neighbourhoods, departments, institutions }: Municipality,
  facts: readonly CaseFact[],
  desk: string,
): string[] {
  const placed = facts.findLast(fact => fact.type === 'placed');
  if (!placed) return [];
  const { neighbourhood, outside, department, institution, similar } = placed;
  const name = neighbourhoods.find(({ slug }) => slug === neighbourhood)?.name;
  const notes = [
    name ? `Vatandaş sonradan konum gönderdi: ${name} Mahallesi.` : 'Vatandaş sonradan konum gönderdi.',
  ];
  if (outside) notes.push('Bu konum ilçe sınırları dışında görünüyor.');
  if (institution !== null) {
    const owner = institutions[institution]?.name.tr ?? institution;
    notes.push(`Konu bu yerde ${owner} görev alanında görünüyor; gerekiyorsa kuruma yönlendiriniz.`);
  }
  if (department !== null && department !== desk) {
    const owner = departments[department]?.name ?? department;
    notes.push(`Konu bu yerde ${owner} görev alanında görünüyor; gerekiyorsa yönlendiriniz.`);
  }
  if (similar > 0) notes.push(`Bu konumun yakınında aynı konuda ${similar} açık bildirim daha var.`);
  return notes;
}

/** Formats a distance: "yaklaşık 240 metre", "yaklaşık 1,2 km". Pins are not more precise. */
export function metres(value: number): string {
  if (value < 1_000) return `yaklaşık ${Math.max(10, Math.round(value / 10) * 10)} metre`;
  return `yaklaşık ${(value / 1_000).toFixed(1).replace('.', ',')} km`;
}

/** The mark of a machine-made text, on pages and in letters. */
const MADE_BY_MACHINE = 'Otomatik yazıya döküldü';

/** Returns the texts of messages for a letter. Transcripts of voice notes are marked. */
export function writtenIn(messages: readonly Pick<Message, 'words' | 'transcript'>[]): string[] {
  return messages.flatMap(({ words, transcript }) => {
    if (words === null) return [];
    return transcript ? `${MADE_BY_MACHINE}: ${words}` : words;
  });
}

const transcriptNotes = {
  unconfirmed: `${MADE_BY_MACHINE}; vatandaş onaylamadı.`,
  confirmed: `${MADE_BY_MACHINE}; vatandaş onayladı.`,
  refused: 'Vatandaş otomatik yazının yanlış olduğunu bildirdi; lütfen kaydı dinleyiniz.',
} as const satisfies Record<NonNullable<Message['transcript']>, string>;

/** Returns how far the text of a voice note can be trusted; null for other messages. */
export function transcriptNote({ transcript }: Pick<Message, 'transcript'>): string | null {
  return transcript ? transcriptNotes[transcript] : null;
}

const entryTexts: Readonly<Record<StaffEntry['source'], string>> = {
  phone: 'Bildirim telefonla geldi.',
  counter: 'Bildirim danışma masasından geldi.',
  muhtar: 'Bildirim muhtardan geldi.',
};

const answerTexts: Readonly<Record<StaffEntry['answer'], string>> = {
  whatsapp: 'Sonuç başvurana WhatsApp ile bildirilir.',
  call: 'Sonuç başvurana telefonla bildirilir.',
  none: 'Başvuran numara bırakmadı; sonucu kayıt numarasıyla kendisi sorabilir.',
};

/** Returns how a report that a member of staff entered reached the line, and how it is answered. */
export function entryText({ source, answer, by }: StaffEntry): string {
  const who = by === '' ? [] : [`Kaydı giren: ${by}.`];
  return [entryTexts[source], ...who, answerTexts[answer]].join(' ');
}
