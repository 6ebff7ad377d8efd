import { startLine, type TestLine } from './support/line';
import { playTalk, talksOfCorpus, type Talk, type TalkResult } from './support/talk-script';

/** Conversations at once. More would slow down a test machine with two cores beyond the time-outs. */
const AT_ONCE = 16;

const corpus = talksOfCorpus();
const results = new Map<string, Promise<TalkResult>>();
let line: TestLine;

/** Plays all conversations with limited concurrency, in the order of the corpus. */
function playAll(talks: readonly Talk[]): void {
  const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  talks.forEach((each, place) => {
    const lane = place % AT_ONCE;
    const result = (lanes[lane] ?? Promise.resolve()).then(() => playTalk(line, each));
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
  const failed = all.filter(({ failure }) => failure !== null).length;
  const sent = all.map(result => result.sent).sort((one, other) => one - other);
  process.stdout.write(
    `${all.length} talks, ${all.length - failed} understood; messages of ours: median ${sent[all.length >> 1]}\n`,
  );
  await line.stop();
}, 600_000);

test.each(corpus.map(({ talk }) => talk))(
  '%s',
  async talk => {
    expect((await results.get(talk))?.failure).toBeNull();
  },
  600_000,
);
