import { resolve } from 'node:path';
import { fastConfig } from '../src/cli/start/fast-config';
import { loadMunicipality } from '../src/config/municipality';
import { ownFolder } from './support/own-folder';

const root = resolve(__dirname, '..');

describe('the fast copy of the municipality', () => {
  const usual = loadMunicipality(resolve(root, 'config/etimesgut'));
  const fast = loadMunicipality(fastConfig(root, ownFolder('fast'), 'config/etimesgut'));

  test('has an accept target of one minute and a resolve target of three for every priority', () => {
    const targets = Object.values(fast.sla.classes).flatMap(({ priorities = {}, ...usual }) => [
      usual,
      ...Object.values(priorities),
    ]);
    for (const target of targets) expect(target).toEqual({ acceptMinutes: 1, resolveMinutes: 3 });
    expect(Object.keys(fast.sla.classes)).toEqual(Object.keys(usual.sla.classes));
  });

  test('reaches the last step of the ladder within five minutes', () => {
    expect(fast.sla.ladder).toEqual(usual.sla.ladder);
    expect(Math.max(...fast.sla.ladder.map(({ share = 0 }) => share))).toBeLessThanOrEqual(5 / 3);
  });

  test('is open round the clock, holidays included', () => {
    for (const { observesHolidays, week } of Object.values(fast.calendars.calendars)) {
      expect(observesHolidays).toBe(false);
      expect(Object.values(week)).toEqual(Array.from({ length: 7 }, () => ['00:00-24:00']));
    }
  });

  test('waits five seconds for the rest of a report', () => {
    expect(fast.conversation.quietSeconds).toBe(5);
  });

  test('keeps departments and subjects', () => {
    expect(fast.departments).toEqual(usual.departments);
    expect(fast.categories).toEqual(usual.categories);
  });
});
