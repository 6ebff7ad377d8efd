import { Command } from 'commander';
import { mailLastRungs, planLastRungs } from '../activities/last-rungs';
import { registerAway } from '../src/cli/admin/away';
import { registerAudit } from '../src/cli/admin/audit';
import { registerDuty } from '../src/cli/admin/duty';
import { standInFor } from '../src/domain/absence';
import { takeTurn } from '../src/domain/case/case-life';
import type { AbsenceRecord } from '../src/store/calendar-records';
import { type LetterDesk, startLetterDesk } from './support/letter-desk';
import { at } from './support/town-case';

jest.setTimeout(60_000);

const chief = { name: 'Fen İşleri Müdürü', address: 'fen.isleri.sorumlu@etimesgut.example' };
const deputy = { name: 'Başkan Yardımcısı (Teknik)', address: 'baskan.yardimcisi.teknik@etimesgut.example' };
const ali = { name: 'Ali Er', address: 'ali.er@etimesgut.example' };
const can = { name: 'Can Su', address: 'can.su@etimesgut.example' };

describe('who stands in', () => {
  const [from, to] = [new Date('2026-12-01'), new Date('2026-12-08')];
  const away = (who: typeof chief, instead: typeof chief, over = {}) => ({
    away: who,
    instead,
    from,
    to,
    ...over,
  });

  test.each([
    ['nobody is away', [], '2026-12-02', 'Fen İşleri Müdürü'],
    ['before the absence', [away(chief, ali)], '2026-11-30', 'Fen İşleri Müdürü'],
    ['from its first instant', [away(chief, ali)], '2026-12-01', 'Ali Er'],
    ['not at its end', [away(chief, ali)], '2026-12-08', 'Fen İşleri Müdürü'],
    ['the substitute is away too', [away(chief, ali), away(ali, can)], '2026-12-02', 'Can Su'],
    ['all of a circle are away', [away(chief, ali), away(ali, chief)], '2026-12-02', 'Fen İşleri Müdürü'],
    ['the later decision counts', [away(chief, ali), away(chief, can)], '2026-12-02', 'Can Su'],
  ])('%s', (_when, absences, moment, name) => {
    const acting = standInFor(chief, absences, new Date(moment));
    expect(acting.name).toBe(name);
    expect(acting.insteadOf).toBe(name === chief.name ? undefined : chief.name);
  });
});

describe('on the line', () => {
  let desk: LetterDesk;
  const before = { ...process.env };
  const printed: string[] = [];
  const complained: string[] = [];

  beforeAll(async () => {
    desk = await startLetterDesk('absences');
    process.env = { ...before, MONGODB_URI: desk.mongoUri, TEMPORAL_ADDRESS: '127.0.0.1:7233' };
  });
  afterAll(async () => {
    process.env = before;
    await desk.stop();
  });
  beforeEach(() => {
    printed.length = complained.length = 0;
    jest.spyOn(console, 'log').mockImplementation(line => void printed.push(String(line)));
    jest.spyOn(console, 'error').mockImplementation(line => void complained.push(String(line)));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
    await desk.store.absences.model.deleteMany({});
  });

  async function run(...args: string[]): Promise<void> {
    const program = new Command();
    program.exitOverride().configureOutput({ writeErr: words => void complained.push(words) });
    registerAway(program);
    registerAudit(program);
    registerDuty(program);
    const copyDown = (command: Command): void => {
      for (const below of command.commands) {
        below.copyInheritedSettings(command);
        copyDown(below);
      }
    };
    copyDown(program);
    await program.parseAsync(args, { from: 'user' }).catch((error: Error) => {
      if (error.constructor.name !== 'CommanderError' && error.constructor.name !== 'InvalidArgumentError')
        throw error;
    });
  }

  const add = (role: string, instead: string, over: { from?: string; to?: string } = {}) =>
    run(
      ...['away', 'add', '--role', role, '--instead', instead, '--actor', 'Ayşe Kaya'],
      ...['--from', over.from ?? '2026-01-01', '--to', over.to ?? '2099-12-31'],
    );

  const inForce = (): Promise<AbsenceRecord[]> => desk.store.absences.since(new Date());

  test('an absence is added, listed and ended with the name of the actor', async () => {
    await add('chief:fen-isleri', 'Ali Er <ali.er@etimesgut.example>', { to: '2099-12-30' });
    expect(complained).toEqual([]);
    const [absence] = await inForce();
    expect(absence).toMatchObject({
      role: 'chief:fen-isleri',
      away: chief,
      instead: ali,
      addedBy: 'Ayşe Kaya',
    });
    // The last day is part of the absence.
    expect(absence?.to.toISOString()).toBe('2099-12-30T21:00:00.000Z');
    await run('away', 'list');
    expect(printed.at(-1)).toContain(
      'Ali Er <ali.er@etimesgut.example> instead of Fen İşleri Müdürü  Ayşe Kaya',
    );
    await run('away', 'end', '--role', 'chief:fen-isleri', '--actor', 'Veli Ak');
    expect(await inForce()).toEqual([]);
    await run('away', 'list', '--all');
    expect(printed.at(-1)).toContain('ended by Veli Ak');
  });

  test.each<[string, () => Promise<void>, string]>([
    ['an unknown role', () => add('chief:moon', 'chief:zabita'), 'Allowed: chief:DEPARTMENT'],
    [
      'a substitute without an address',
      () => add('chief:zabita', 'Ali Er'),
      'Ad Soyad <ad.soyad@example.org>',
    ],
    [
      'an end before the start',
      () => add('chief:zabita', 'chief:fen-isleri', { from: '2098-01-02', to: '2098-01-01' }),
      'ends before it begins',
    ],
    [
      'a time in the past',
      () => add('chief:zabita', 'chief:fen-isleri', { to: '2026-01-02' }),
      'in the past',
    ],
    ['oneself', () => add('chief:zabita', 'chief:zabita'), 'stand in for each other'],
  ])('%s is refused', async (_what, given, words) => {
    await given();
    expect(complained.join('\n')).toContain(words);
    expect(await inForce()).toEqual([]);
  });

  test('a second absence at the same time and a circle of substitutes are refused', async () => {
    await add('chief:fen-isleri', 'chief:zabita');
    await add('chief:fen-isleri', 'chief:park-ve-bahceler', { from: '2030-01-01' });
    expect(complained.at(-1)).toContain('is away then already');
    await add('chief:zabita', 'chief:fen-isleri');
    expect(complained.at(-1)).toContain('stand in for each other');
    expect(await inForce()).toHaveLength(1);
  });

  test('the list of those on duty names the substitute at that time', async () => {
    await add('chief:fen-isleri', 'Ali Er <ali.er@etimesgut.example>', {
      from: '2027-03-01',
      to: '2027-03-05',
    });
    const dutyAt = async (day: string): Promise<string> => {
      printed.length = 0;
      await run('duty', 'show', '--department', 'fen-isleri', '--at', `${day}T10:00`);
      return printed.join('\n');
    };
    expect(await dutyAt('2027-03-02')).toContain(
      'Ali Er <ali.er@etimesgut.example> instead of Fen İşleri Müdürü',
    );
    expect(await dutyAt('2027-03-08')).not.toContain('Ali Er');
  });

  test('letters go to the substitute from the next one on, and say for whom', async () => {
    const { caseNumber } = await desk.openCase();
    const breach = { letter: 'breach', to: 'chief', rung: { clock: 'accept', level: 1 } } as const;
    await desk.send(caseNumber, 1, breach);
    await add('chief:fen-isleri', 'Ali Er <ali.er@etimesgut.example>');
    await desk.send(caseNumber, 2, breach);
    const letters = desk.box.mails.filter(({ subject }) => subject?.includes(caseNumber));
    expect(letters.flatMap(({ to }) => to)).toEqual([chief.address, ali.address]);
    expect(letters[0]?.text).toContain('Sayın Fen İşleri Müdürü,');
    expect(letters[1]?.text).toContain('Sayın Ali Er (Fen İşleri Müdürü yerine),');
    await run('audit', caseNumber);
    expect(printed.join('\n')).toContain(
      'mailed            Ali Er (Fen İşleri Müdürü yerine) <ali.er@etimesgut.example>',
    );
  });

  test('a decision on an objection and the daily list go to the substitute as well', async () => {
    const { caseNumber } = await desk.openCase();
    await add('chief:fen-isleri', 'Ali Er <ali.er@etimesgut.example>');
    await add('department:fen-isleri', 'Can Su <can.su@etimesgut.example>');
    await desk.send(caseNumber, 2, { letter: 'objection', to: 'chief' });
    await desk.digest('fen-isleri', at('2026-11-25 10:00'));
    const [objection] = desk.box.mails.filter(({ subject }) => subject?.includes(caseNumber));
    expect(objection?.text).toContain('Ali Er (Fen İşleri Müdürü yerine)');
    const digest = desk.box.mails.find(({ subject }) => subject?.startsWith('Açık görevler'));
    expect(digest?.text).toContain('Sayın Can Su (Fen İşleri Müdürlüğü yerine),');
  });

  describe('after the last step of the ladder', () => {
    /** A case whose whole ladder was climbed at a time, and that nobody has touched. */
    async function stuck(climbedAt: string): Promise<string> {
      const { caseNumber } = await desk.openCase({ openedAt: at('2026-11-16 10:00') });
      await advance(caseNumber, climbedAt);
      return caseNumber;
    }

    async function advance(caseNumber: string, moment: string): Promise<void> {
      const progress = (await desk.store.cases.get(caseNumber))?.progress;
      if (!progress) throw new Error('no case');
      const { state, facts } = takeTurn({ ...progress, handled: [] }, { type: 'timePassed' }, at(moment));
      const { handled, ...after } = state;
      await desk.store.cases.write(after, facts);
    }

    const due = async (moment: string): Promise<string[]> =>
      (await planLastRungs(desk.deps)({ at: at(moment) })).superiors;

    afterEach(() => desk.store.cases.model.deleteMany({}));

    test('its recipient is reminded every week, on the next working day, until the case moves', async () => {
      const caseNumber = await stuck('2026-11-21 12:00');
      expect(await due('2026-11-27 08:45')).toEqual([]);
      // A Saturday: the reminder waits for Monday.
      expect(await due('2026-11-28 08:45')).toEqual([]);
      expect(await due('2026-11-30 08:45')).toEqual(['deputyMayor:fen-isleri']);
      expect(await due('2026-12-01 08:45')).toEqual([]);
      expect(await due('2026-12-07 08:45')).toEqual(['deputyMayor:fen-isleri']);
      const { progress } = (await desk.store.cases.get(caseNumber)) ?? {};
      if (!progress) throw new Error('no case');
      const accepting = { type: 'acted', act: { actionId: 'a-1', action: 'accept', task: 1 } } as const;
      const { state, facts } = takeTurn({ ...progress, handled: [] }, accepting, at('2026-12-08 10:00'));
      const { handled, ...after } = state;
      await desk.store.cases.write(after, facts);
      expect(await due('2026-12-14 08:45')).toEqual([]);
    });

    test('a superior gets one letter a day for all cases, the substitute instead of an absent one', async () => {
      const numbers = [await stuck('2026-11-23 10:00'), await stuck('2026-11-23 11:00')];
      await add('deputyMayor:fen-isleri', 'Can Su <can.su@etimesgut.example>');
      const given = { at: at('2026-11-30 08:45'), superior: 'deputyMayor:fen-isleri' };
      await mailLastRungs(desk.deps)(given);
      await mailLastRungs(desk.deps)(given);
      const letters = desk.box.mails.filter(({ subject }) => subject?.startsWith('İlerlemeyen kayıtlar'));
      expect(letters).toHaveLength(1);
      expect(letters[0]?.subject).toContain('İlerlemeyen kayıtlar: 2');
      const text = letters[0]?.text ?? '';
      expect(text).toContain(`Sayın Can Su (${deputy.name} yerine),`);
      for (const caseNumber of numbers) expect(text).toContain(caseNumber);
      expect(text.match(/https:\/\/bildirim\.example\.org\/t\//g)).toHaveLength(2);
    });
  });
});
