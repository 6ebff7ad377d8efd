const timeZone = 'Europe/Istanbul';
const hour = new Intl.DateTimeFormat('tr-TR', {
  timeZone,
  hour: '2-digit',
  minute: '2-digit',
});
const day = new Intl.DateTimeFormat('tr-TR', {
  timeZone,
  day: 'numeric',
  month: 'long',
  weekday: 'long',
});

const short = new Intl.DateTimeFormat('tr-TR', {
  timeZone,
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Formats date and time, such as `24 Kas 14:05`. */
export const dayAndHourOf = (ms: number): string => short.format(ms);

/** Formats the time, such as `14:05`. */
export const hourOf = (ms: number): string => hour.format(ms);

/** Formats the date, such as `24 Kasım Salı`. */
export const shownDay = (ms: number): string => day.format(ms);

/** Returns the rest of the customer service window as text. */
export function windowWords(closesAt: number | null, now: number): string {
  if (closesAt === null) return 'Henüz mesaj yok';
  const minutes = Math.ceil((closesAt - now) / 60_000);
  if (minutes <= 0) return 'Pencere kapalı';
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} dk kaldı` : `${hours} sa ${minutes % 60} dk kaldı`;
}
