import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapConcurrently } from '../../src/whatsapp/hand-over';
import { startLine, type TestLine } from '../support/line';
import { awaited } from '../support/line/awaited';
import { caseEnds, stageOf, taskLink } from '../support/line/cases-of-line';
import { parcelOf, textOf } from '../support/line/delivery';
import { caseNumberIn, type Person } from '../support/line/phones';
import { projectFolder, type RoleProcess } from '../support/line/role-process';
import { actOn } from '../support/line/task-page';
import { noteFigure } from '../support/proving';

const CASES = Number(process.env['TWO_BUILDS_CASES'] ?? 200);
/** The commit of the earlier build. */
const EARLIER = process.env['EARLIER_COMMIT'] ?? 'HEAD~40';
const AT_ONCE = 8;
const roads = 'fen.isleri@etimesgut.example';

interface Open {
  readonly citizen: Person;
  readonly caseNumber: string;
  readonly link: string;
}

let line: TestLine;
let earlier: string;
let old: RoleProcess;
let cases: Open[];

beforeAll(async () => {
  earlier = buildOf(EARLIER);
  line = await startLine('builds');
  old = await line.workerOf({ project: earlier, environment: { CONFIG_DIR: townOf(earlier) } });
  await line.worker.stop();
  await old.start();
  const numbers = Array.from({ length: CASES }, (_, index) => index + 1);
  cases = await mapConcurrently(numbers, AT_ONCE, report);
}, 900_000);
afterAll(async () => {
  await line.stop();
  execFileSync('git', ['worktree', 'remove', '--force', earlier], { cwd: projectFolder });
});

/** Builds a commit in a folder of its own, with the packages of this checkout. Returns the folder. */
function buildOf(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'paydaskent-earlier-'));
  rmSync(folder, { recursive: true });
  execFileSync('git', ['worktree', 'add', '--quiet', '--detach', folder, commit], { cwd: projectFolder });
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, ['src/cli/prepare.mjs'], { cwd: folder, stdio: 'ignore' });
  return folder;
}

/** Shortens the time that a talk waits for more words. A newer configuration may have keys unknown to the build. */
function townOf(project: string): string {
  const folder = join(project, 'config/etimesgut');
  const file = join(folder, 'municipality.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/quietSeconds: \d+/, 'quietSeconds: 1'));
  return folder;
}

async function report(number: number): Promise<Open> {
  const citizen = await line.phones.newPerson({ name: `Vatandaş ${number}` });
  await line.phones.openWindow(citizen);
  const words = textOf(`Süvari mahallesi ${1_000 + number}. sokakta çukur var`);
  await line.deliver(parcelOf(citizen, words).body);
  const caseNumber = caseNumberIn((await line.phones.hears(citizen, 'Bildiriminiz alındı', 120_000)).text);
  return { citizen, caseNumber, link: await taskLink(line, roads, caseNumber) };
}

async function resolve({ citizen, caseNumber, link }: Open): Promise<void> {
  await actOn(link, 'resolve', { words: 'Çukur dolduruldu.' });
  const question = await line.phones.hears(citizen, 'Çukur dolduruldu.', 120_000);
  await line.phones.tap(citizen, question, 'Çözüldü');
  await caseEnds(line, caseNumber);
}

test(`${CASES} cases go on beside the new build, after it, and back with the earlier build`, async () => {
  const third = Math.floor(CASES / 3);
  const [first, second, last] = [
    cases.slice(0, third),
    cases.slice(third, 2 * third),
    cases.slice(2 * third),
  ];
  await mapConcurrently(first.slice(0, third / 2), AT_ONCE, async ({ link }) => actOn(link, 'accept'));

  await line.worker.start();
  await mapConcurrently([...second, ...last], AT_ONCE, async ({ link }) => actOn(link, 'accept'));
  await mapConcurrently(first, AT_ONCE, resolve);

  await old.stop();
  await mapConcurrently(second, AT_ONCE, resolve);
  const opened = await report(CASES + 1);

  await line.worker.stop();
  await old.start();
  await mapConcurrently([...last, opened], AT_ONCE, resolve);
  cases.push(opened);

  const stages = await mapConcurrently(cases, AT_ONCE, ({ caseNumber }) => stageOf(line, caseNumber));
  const failures = [line.logs(), old.log()].map(log => (log.match(/TMPRL1100|Nondeterminism/g) ?? []).length);
  const commit = execFileSync('git', ['rev-parse', '--short', EARLIER], { cwd: projectFolder })
    .toString()
    .trim();
  noteFigure(
    CASES,
    `cases from ${commit} to this build, a third of them back to it: ${stages.filter(stage => stage === 'closed').length} closed, ` +
      `workflow tasks that failed with the new build ${failures[0]}, with the earlier one ${failures[1]}`,
  );
  await awaited('no workflow to be open', async () => {
    const { count } = await line.temporal.client.workflow.count(
      "WorkflowType = 'reportCase' AND ExecutionStatus = 'Running'",
    );
    return count === 0;
  });
  expect(failures).toEqual([0, 0]);
  expect(new Set(stages)).toEqual(new Set(['closed']));
}, 900_000);
