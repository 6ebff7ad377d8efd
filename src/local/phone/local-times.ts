/** Formats points in time (epoch ms) for the sandbox's pages, in the municipality's time zone. */
export interface LocalTimes {
  /** Such as `24 Kas 14:05`. */
  dayAndHour(ms: number): string;
  /** Such as `14:05`. */
  hour(ms: number): string;
  /** Such as `24 Kasım Salı`. */
  day(ms: number): string;
}

export function localTimes(timeZone: string): LocalTimes {
  const formatter = (parts: Intl.DateTimeFormatOptions): ((ms: number) => string) => {
    const format = new Intl.DateTimeFormat('tr-TR', { timeZone, ...parts });
    return ms => format.format(ms);
  };
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return {
    dayAndHour: formatter({ day: 'numeric', month: 'short', ...time }),
    hour: formatter(time),
    day: formatter({ day: 'numeric', month: 'long', weekday: 'long' }),
  };
}

/** Returns the rest of the customer service window as text. */
export function windowText(closesAt: number | null, now: number): string {
  if (closesAt === null) return 'Henüz mesaj yok';
  const minutes = Math.ceil((closesAt - now) / 60_000);
  if (minutes <= 0) return 'Pencere kapalı';
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} dk kaldı` : `${hours} sa ${minutes % 60} dk kaldı`;
}
