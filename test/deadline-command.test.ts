import { Command } from 'commander';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerDeadline } from '../src/cli/admin/deadline';
import { registerCheckConfig } from '../src/cli/admin/upkeep';

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

test.each(['99999999', '-99999999', '1.5', '1e3', ''])(
  'deadline rejects --minutes=%s and names the allowed values',
  minutes => {
    const said = jest.spyOn(console, 'error').mockReturnValue();
    const admin = new Command();
    registerDeadline(admin);
    admin.parse(['deadline', '--calendar', 'office', '--from', '2027-05-14T16:00', `--minutes=${minutes}`], {
      from: 'user',
    });
    expect(said).toHaveBeenCalledWith(expect.stringMatching(/allowed: a whole number like 120/));
    expect(process.exitCode).toBe(1);
  },
);

describe('the end of the configured holidays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holidays-'));
  cpSync('config/etimesgut', folder, { recursive: true });
  const file = join(folder, 'calendar.yaml');
  const written = readFileSync(file, 'utf8');
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs an admin command on the folder and returns all that it prints. */
  function said(...args: string[]): string {
    jest.restoreAllMocks();
    const log = jest.spyOn(console, 'log').mockReturnValue();
    jest.replaceProperty(process, 'env', { ...process.env, CONFIG_DIR: folder });
    const admin = new Command();
    registerDeadline(admin);
    registerCheckConfig(admin);
    admin.parse(args, { from: 'user' });
    return log.mock.calls.flat().join('\n');
  }

  const thisYear = new Date().getUTCFullYear();
  const endingIn = (year: number): string => written.replace(/lastYear: \d+/, `lastYear: ${year}`);

  test('check-config warns if it is less than a year away', () => {
    writeFileSync(file, endingIn(thisYear));
    expect(said('check-config')).toMatch(`public holidays only to ${thisYear}-12-31`);
    writeFileSync(file, written);
    expect(said('check-config')).not.toMatch('public holidays');
  });

  test('check-config warns of a year that lacks a feast', () => {
    const feast = new RegExp(`.*Ramazan Bayramı ${thisYear + 1}.*\n`);
    writeFileSync(file, written.replace(feast, ''));
    expect(said('check-config')).toMatch(`public holidays only to ${thisYear}-12-31`);
  });

  test('deadline says when it counts beyond it', () => {
    writeFileSync(file, written);
    const asked = (from: string) =>
      said('deadline', '--calendar', 'office', '--minutes', '120', '--from', from);
    expect(asked('2032-12-30T10:00')).not.toMatch('note');
    expect(asked('2033-01-05T10:00')).toMatch('no public holidays after 2032-12-31');
    expect(said('deadline', '--category', 'pothole', '--from', '2032-12-30T10:00')).toMatch('"note"');
    expect(
      said('deadline', '--calendar', 'crew', '--minutes', '120', '--from', '2033-01-05T10:00'),
    ).not.toMatch('note');
  });
});
