import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../src/config/config-error';
import { alarmLine, peopleOnDuty } from '../src/config/duty';
import { loadMunicipality } from '../src/config/municipality';
import { MINUTE, newTerms } from './support/cases';
import { at, municipality, townCase } from './support/town-case';

const etimesgut = join(__dirname, '../config/etimesgut');

describe('who is on duty', () => {
  const crew = 'Fen İşleri Nöbetçi Ekibi';
  const engineer = 'Fen İşleri Nöbetçi Mühendisi';
  const head = 'Belediye Nöbetçi Amiri';

  test.each([
    ['at work', 'fen-isleri', '2026-11-25 10:00', []],
    ['until the minute in which the office closes', 'fen-isleri', '2026-11-25 17:29', []],
    ['from the minute in which the office closes', 'fen-isleri', '2026-11-25 17:30', [crew, engineer]],
    ['past midnight', 'fen-isleri', '2026-11-26 03:00', [crew, engineer]],
    ['until the office opens', 'fen-isleri', '2026-11-26 08:29', [crew, engineer]],
    ['when the office opens', 'fen-isleri', '2026-11-26 08:30', []],
    ['on a Saturday night', 'fen-isleri', '2026-11-28 23:00', [crew, engineer]],
    ['in the first hours of a Monday', 'fen-isleri', '2026-11-30 07:00', [crew, engineer]],
    ['on the eve of a feast before it begins', 'fen-isleri', '2027-03-08 12:59', []],
    ['on the eve of a feast at 13:00', 'fen-isleri', '2027-03-08 13:00', [engineer, crew]],
    ['on a public holiday at noon', 'fen-isleri', '2027-04-23 12:00', [engineer, crew]],
    ['on the night of a changed date', 'fen-isleri', '2026-12-31 23:59', [crew, engineer, head]],
    ['at the end of a changed date', 'fen-isleri', '2027-01-01 08:30', [engineer, crew]],
    ['of a crew that works at any hour', 'temizlik-isleri', '2026-11-28 23:00', []],
    ['of the triage desk at night', 'triage', '2026-11-25 23:00', [head]],
  ])('%s (%s, %s)', (_when, department, moment, names) => {
    const people = peopleOnDuty(municipality, department, [], at(moment));
    expect(people.map(({ name }) => name)).toEqual(names);
  });

  test('an extra closure is a holiday', () => {
    const closures = [{ date: '2026-11-25', closedFrom: '12:00', calendars: null }];
    const names = (moment: string) =>
      peopleOnDuty(municipality, 'fen-isleri', closures, at(moment)).map(({ name }) => name);
    expect(names('2026-11-25 11:59')).toEqual([]);
    expect(names('2026-11-25 12:00')).toEqual([engineer, crew]);
  });

  test('the alarm goes on to the superiors, and begins at the mailbox while nobody is on duty', () => {
    const roles = (moment: string) =>
      alarmLine(municipality, 'fen-isleri', [], at(moment)).map(({ role, address }) => `${role} ${address}`);
    expect(roles('2026-11-28 23:00')).toEqual([
      'department fen.nobet@etimesgut.example',
      'department fen.nobet.muhendis@etimesgut.example',
      'chief fen.isleri.sorumlu@etimesgut.example',
      'deputyMayor baskan.yardimcisi.teknik@etimesgut.example',
    ]);
    expect(roles('2026-11-25 10:00')[0]).toBe('department fen.isleri@etimesgut.example');
  });
});

test('an alarm that nobody accepts slows down after enough turns, and stops when somebody does', () => {
  const alarm = { everyMs: 15 * MINUTE, letters: 2, slow: { afterTurns: 2, everyMs: 120 * MINUTE } };
  const story = townCase('2026-11-28 23:00', {
    over: { terms: { ...newTerms, alarm }, priority: 'p1', hazard: true },
  });
  story.until('2026-11-29 04:10');
  const rings = () =>
    story.told.flatMap(line => (line.endsWith('mail:alarm:department') ? [line.slice(5, 16)] : []));
  const seen = ['23:15', '23:30', '23:45'].map(time => `11-28 ${time}`);
  const slowly = ['00:00', '02:00', '04:00'].map(time => `11-29 ${time}`);
  expect(rings()).toEqual([...seen, ...slowly]);
  story.desk('accept');
  story.until('2026-11-30 04:00');
  expect(rings()).toHaveLength(6);
});

describe('mistakes in duty.yaml', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'paydaskent-duty-'));
    cpSync(etimesgut, folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function problemsWith(...changes: [string, string][]): string[] {
    let text = readFileSync(join(etimesgut, 'duty.yaml'), 'utf8');
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      text = text.replace(from, to);
    }
    writeFileSync(join(folder, 'duty.yaml'), text);
    try {
      loadMunicipality(folder);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ where, what, allowed = '' }) => `${where} ${what} (${allowed})`);
    }
  }

  test('dangling references and unused entries are listed together, each with line and allowed values', () => {
    const found = problemsWith(
      ['  triage: town-hall\n', '  triage: nowhere\n  moon: town-hall\n'],
      ['  muhtarlik-isleri: town-hall\n', ''],
      ['line: [veteriner-nobet, zabita-nobet]\n    holidays', 'line: [nobody, zabita-nobet]\n    holidays'],
      ['rosters:\n', 'rosters:\n  spare: {}\n'],
      ['people:\n', 'people:\n  spare: { name: Yedek, address: yedek@etimesgut.example }\n'],
    );
    expect(found).toEqual([
      expect.stringMatching(/^duty\.yaml:\d+ there is no person of duty "nobody" \(spare, fen-nobet-1, /),
      expect.stringMatching(/^duty\.yaml:\d+ there is no roster "nowhere" \(spare, fen-isleri, /),
      expect.stringMatching(/^duty\.yaml:\d+ there is no department "moon" \(fen-isleri, /),
      expect.stringMatching(/^duty\.yaml:\d+ "muhtarlik-isleri" has no roster \(spare, fen-isleri, /),
      expect.stringMatching(/^duty\.yaml:\d+ no department uses "spare"/),
      expect.stringMatching(/^duty\.yaml:\d+ no roster names "spare"/),
    ]);
  });

  test.each<[string, [string, string], RegExp]>([
    ['hours', ['hours: 17:30-08:30', 'hours: 17:30'], /hours like 17:30-08:30/],
    ['a day', ['[sat, sun]', '[sat, sunday]'], /mon, tue, wed, thu, fri, sat, sun/],
    ['a date', ['from: 2026-12-31T17:30', 'from: 2026-12-32T17:30'], /an existing date/],
    ['an end before the start', ['to: 2027-01-01T08:30', 'to: 2026-12-30T08:30'], /an end after the start/],
    ['an interval', ['everyMinutes: 15', 'everyMinutes: 0'], /at least 1/],
    [
      'a slow alarm that is faster',
      ['everyMinutes: 120', 'everyMinutes: 5'],
      /a slow interval that is not shorter/,
    ],
    ['a person twice', ['[fen-nobet-2, fen-nobet-1]', '[fen-nobet-2, fen-nobet-2]'], /each person once/],
  ])('%s is reported with its line', (_what, change, allowed) => {
    const [problem] = problemsWith(change);
    expect(problem).toMatch(/^duty\.yaml:\d+ /);
    expect(problem).toMatch(allowed);
  });
});
