import { startLine, type TestLine } from './support/line';
import { isKeptApart, playTalk, talksOfCorpus, type Talk, type TalkResult } from './support/talk-script';

/** The number of concurrent citizens. More would slow down two cores until answers arrive too late. */
const AT_ONCE = 12;
const PROGRESS_EVERY = 10;
const LIMIT_MS = 840_000;

const corpus = talksOfCorpus();
const results = new Map<string, Promise<TalkResult>>();
const began = Date.now();
let line: TestLine;

/** Plays all talks, a bounded number at a time, in the order of the corpus. */
function playAll(talks: readonly Talk[]): void {
  const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  let done = 0;
  talks.forEach((each, place) => {
    const lane = place % AT_ONCE;
    const result = (lanes[lane] ?? Promise.resolve()).then(async () => {
      const played = await playTalk(line, each);
      done += 1;
      if (done % PROGRESS_EVERY === 0) {
        const seconds = Math.round((Date.now() - began) / 1_000);
        process.stdout.write(`${done} of ${talks.length} talks played in ${seconds} s\n`);
      }
      return played;
    });
    lanes[lane] = result;
    results.set(each.talk, result);
  });
}

beforeAll(async () => {
  line = await startLine('talks-corpus', { town: { answerWaitMinutes: 1 } });
  playAll(corpus);
}, 120_000);

afterAll(async () => {
  const all = await Promise.all(results.values());
  const halves = [
    ['tuned', all.filter((_, place) => !isKeptApart(place))],
    ['kept apart', all.filter((_, place) => isKeptApart(place))],
  ] as const;
  for (const [half, played] of halves) process.stdout.write(`${half}: ${figuresOf(played)}\n`);
  await line.stop();
}, LIMIT_MS);

test('the corpus holds at least 150 talks', () => {
  expect(new Set(corpus.map(({ talk }) => talk)).size).toBe(corpus.length);
  expect(corpus.length).toBeGreaterThanOrEqual(150);
});

test.each(corpus.map(({ talk }) => talk))(
  '%s',
  async talk => {
    expect((await results.get(talk))?.failure).toBeNull();
  },
  LIMIT_MS,
);

/** The figures that the README quotes. */
function figuresOf(played: readonly TalkResult[]): string {
  const sum = (of: (result: TalkResult) => number): number =>
    played.reduce((total, result) => total + of(result), 0);
  const perCase = played
    .flatMap(({ cases, sentUntilOutcome }) => (cases > 0 ? [sentUntilOutcome / cases] : []))
    .sort((one, other) => one - other);
  return [
    `${played.length} talks`,
    `${sum(({ failure }) => (failure === null ? 1 : 0))} understood`,
    `${sum(({ nonsenseCases }) => nonsenseCases)} nonsense cases`,
    `${sum(({ isDeadEnd }) => (isDeadEnd ? 1 : 0))} dead ends`,
    `messages of ours per case until the outcome: median ${perCase[perCase.length >> 1] ?? 0}`,
  ].join(', ');
}
