import { dueTextOf, dueText, durationText, momentText } from '../src/mail/case-text';

const zone = 'Europe/Istanbul';
/** Parses a local time in Istanbul, UTC+3. */
const at = (local: string): number => Date.parse(`${local}+03:00`);
const now = at('2026-11-24T14:00');

describe('a deadline in words', () => {
  it.each([
    ['2026-11-24T17:00', "bugün 17:00'ye kadar, 3 saat kaldı"],
    ['2026-11-24T14:45', "bugün 14:45'e kadar, 45 dakika kaldı"],
    ['2026-11-24T15:20', "bugün 15:20'ye kadar, 1 saat 20 dakika kaldı"],
    ['2026-11-25T10:00', "yarın 10:00'a kadar, 20 saat kaldı"],
    ['2026-11-27T17:30', "27 Kasım Cuma 17:30'a kadar, 3 gün kaldı"],
    ['2027-01-05T09:00', "5 Ocak 2027 Salı 09:00'a kadar, 41 gün kaldı"],
    ['2026-11-24T12:00', 'süre doldu: bugün 12:00, 2 saat geçti'],
    ['2026-11-23T17:30', 'süre doldu: dün 17:30, 20 saat geçti'],
    ['2026-11-19T09:00', 'süre doldu: 19 Kasım Perşembe 09:00, 5 gün geçti'],
  ])('%s is "%s"', (due, words) => {
    expect(dueText(at(due), now, zone)).toBe(words);
  });

  it('is overdue from its exact time', () => {
    expect(dueTextOf(now, now, zone).isOverdue).toBe(true);
    expect(dueTextOf(now + 1, now, zone).isOverdue).toBe(false);
  });

  it.each([
    ['00:00', 'a'],
    ['01:00', 'e'],
    ['02:00', 'ye'],
    ['03:00', 'e'],
    ['04:00', 'e'],
    ['05:00', 'e'],
    ['06:00', 'ya'],
    ['07:00', 'ye'],
    ['08:00', 'e'],
    ['09:00', 'a'],
    ['10:00', 'a'],
    ['12:00', 'ye'],
    ['16:00', 'ya'],
    ['20:00', 'ye'],
    ['08:30', 'a'],
    ['12:40', 'a'],
    ['12:50', 'ye'],
    ['13:15', 'e'],
    ['13:06', 'ya'],
  ])("%s gets the suffix '%s", (time, ending) => {
    const day = at(`2026-11-25T${time}`);
    expect(dueTextOf(day, at('2026-11-24T12:00'), zone).until).toBe(`yarın ${time}'${ending} kadar`);
  });

  it('is in the municipality’s time zone, independent of the machine’s', () => {
    expect(momentText(Date.UTC(2026, 10, 24, 22, 30), zone)).toBe('25 Kasım 2026 Çarşamba 01:30');
  });
});

describe('a duration in words', () => {
  it.each([
    [0, '1 dakika'],
    [59_999, '1 dakika'],
    [59, '1 dakika'],
    [60 * 60_000, '1 saat'],
    [61 * 60_000, '1 saat 1 dakika'],
    [7 * 3_600_000 + 59 * 60_000, '7 saat'],
    [24 * 3_600_000, '1 gün'],
    [38 * 3_600_000, '1 gün 14 saat'],
    [80 * 3_600_000, '3 gün'],
  ])('%d ms is "%s"', (ms, words) => {
    expect(durationText(ms)).toBe(words);
  });
});
