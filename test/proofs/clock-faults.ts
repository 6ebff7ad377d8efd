import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planFor } from '../../src/config/calendars';
import { categoryOf } from '../../src/config/offices';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/domain/durations';
import { startLine, type TestLine } from '../support/line';
import { awaited } from '../support/line/awaited';
import { casesOf, taskLink } from '../support/line/cases-of-line';
import { parcelOf, textOf } from '../support/line/delivery';
import { caseNumberIn } from '../support/line/phones';
import { pothole, roads } from '../support/line/reported';
import { noteFigure } from '../support/proving';
import { municipality } from '../support/town-case';

/**
 * The clocks of web and worker jump, while Temporal, the records and Meta keep the right time. Needs libfaketime
 * (Debian: `apt-get install faketime`).
 */
const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';
const folder = mkdtempSync(join(tmpdir(), 'paydaskent-clock-'));
const clockFile = join(folder, 'clock');
/** What the machine itself may take. */
const TOLERANCE_MS = 20 * SECOND_MS;

let line: TestLine;
beforeAll(async () => {
  if (!existsSync(library)) throw new Error(`${library} is missing: apt-get install faketime`);
  setClock(0);
  line = await startLine('clock-faults', {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clockFile,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  });
}, 180_000);
afterAll(async () => {
  await line.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Sets the clocks of both roles, ms ahead of the right time. */
function setClock(ms: number): void {
  writeFileSync(clockFile, `${ms < 0 ? '-' : '+'}${Math.abs(ms) / SECOND_MS}`);
}

/** Returns how far the worker says that its clock is ahead, ms. */
async function saidSkew(): Promise<number> {
  const text = await (await fetch(line.workerMetricsUrl)).text();
  const gauge = (name: string): number =>
    Number(new RegExp(`^paydaskent_clock_${name}\\S* (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
  return (gauge('ahead') - gauge('behind')) * SECOND_MS;
}

test.each([
  ['ten minutes ahead', 10 * MINUTE_MS],
  ['ten minutes behind', -10 * MINUTE_MS],
  ['one hour behind', -HOUR_MS],
])(
  'clocks %s change no deadline, double nothing and are shown',
  async (_, skew) => {
    setClock(0);
    const citizen = await line.phones.newPerson();
    await line.phones.openWindow(citizen);
    const { body } = parcelOf(citizen, textOf(pothole));
    const began = Date.now();
    expect(await line.post(body)).toBe(200);
    setClock(skew);
    expect(await line.post(body)).toBe(200);
    const caseNumber = caseNumberIn((await line.phones.hears(citizen, 'Bildiriminiz alındı')).text);
    const link = await taskLink(line, roads, caseNumber);
    const another = await line.phones.newPerson();
    await line.phones.write(another, { type: 'text', body: 'Elvan Mahallesi 3456. sokakta çukur var' });
    const later = caseNumberIn((await line.phones.hears(another, 'Bildiriminiz alındı')).text);

    expect(await casesOf(line, citizen)).toEqual([caseNumber]);
    for (const number of [caseNumber, later]) {
      const { progress, intake } = (await line.store.cases.get(number)) ?? {};
      if (!progress || !intake) throw new Error(`${number} is not recorded`);
      const { receivedAt, plan } = progress;
      expect(Math.abs(receivedAt - began)).toBeLessThan(MINUTE_MS + TOLERANCE_MS);
      const { kind, priority } = intake;
      const category = categoryOf(municipality, intake.category.slug);
      const about = { municipality, closures: [], category, kind, priority, department: plan.desk.slug };
      const right = planFor(about, receivedAt);
      expect([plan.acceptBy, plan.resolveBy, plan.legalBy]).toEqual([
        ...[right.acceptBy, right.resolveBy, right.legalBy],
      ]);
    }
    expect((await fetch(link)).status).toBe(200);
    const task = await line.store.tasks.links.findOne({ caseNumber: later }).lean();
    const lasts = municipality.taskLinks.longestDays * DAY_MS;
    expect(Math.abs(Number(task?.expiresAt) - began - lasts)).toBeLessThan(Math.abs(skew) + MINUTE_MS);
    const shown = await awaited(
      'the gauge of the clock',
      async () => {
        const said = await saidSkew();
        return Math.abs(said - skew) < TOLERANCE_MS && said;
      },
      90_000,
    );
    noteFigure(
      1,
      `clock by ${skew / MINUTE_MS} min: deadlines right, one case, gauge ${Math.round(shown / SECOND_MS)} s`,
    );
  },
  240_000,
);
