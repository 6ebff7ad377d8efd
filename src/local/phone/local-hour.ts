const hour = new Intl.DateTimeFormat('tr-TR', {
  timeZone: 'Europe/Istanbul',
  hour: '2-digit',
  minute: '2-digit',
});
const day = new Intl.DateTimeFormat('tr-TR', {
  timeZone: 'Europe/Istanbul',
  day: 'numeric',
  month: 'long',
  weekday: 'long',
});

const short = new Intl.DateTimeFormat('tr-TR', {
  timeZone: 'Europe/Istanbul',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Day and hour in Ankara, short, like `24 Kas 14:05`. */
export const dayAndHourOf = (ms: number): string => short.format(ms);

/** Hour and minute in Ankara, like `14:05`. */
export const hourOf = (ms: number): string => hour.format(ms);

/** The day in Ankara, like `24 Kasım Salı`. */
export const shownDay = (ms: number): string => day.format(ms);

/** What is left of the customer service window, in words for the phone page. */
export function windowWords(closesAt: number | null, now: number): string {
  if (closesAt === null) return 'Henüz mesaj yok';
  const minutes = Math.ceil((closesAt - now) / 60_000);
  if (minutes <= 0) return 'Pencere kapalı';
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} dk kaldı` : `${hours} sa ${minutes % 60} dk kaldı`;
}
