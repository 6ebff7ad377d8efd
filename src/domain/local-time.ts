import { MINUTE_MS } from './durations';

const months = ['Oca', 'Şub', 'Mar', 'Nis', 'May', 'Haz', 'Tem', 'Ağu', 'Eyl', 'Eki', 'Kas', 'Ara'];
const weekdays = ['Paz', 'Pzt', 'Sal', 'Çar', 'Per', 'Cum', 'Cmt'];

/**
 * A moment in the town's words, "25 Kas Çar 10:30". `at` is epoch ms UTC; the offset is a fact of the plan, because
 * workflow code must not ask the machine for time zones.
 */
export function localTime(at: number, utcOffsetMinutes: number): string {
  const local = new Date(at + utcOffsetMinutes * MINUTE_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${local.getUTCDate()} ${months[local.getUTCMonth()]} ${weekdays[local.getUTCDay()]}`;
  return `${day} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}
