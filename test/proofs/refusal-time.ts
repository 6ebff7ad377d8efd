import { createTaskLinks } from '../../src/mail/task-link';
import { T0 } from '../support/cases';
import { percentile } from '../support/load';
import { noteFigure } from '../support/proving';
import { type Desk, startDesk } from '../support/task-desk';

const ROUNDS = 2_000;
/** The median of each kind of refusal may differ from that of any other by this share. */
const MOST_DIFFERENCE = 0.05;

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('refusal-time');
  desk.setClock(T0);
});
afterAll(() => desk.stop());

/** Returns the token with another letter at a position of its MAC. */
function otherMac(token: string, position: number): string {
  const [id = '', mac = '', random = ''] = token.split('.');
  const letter = mac.at(position) === 'A' ? 'B' : 'A';
  const place = position < 0 ? mac.length + position : position;
  return [id, mac.slice(0, place) + letter + mac.slice(place + 1), random].join('.');
}

test(`${ROUNDS} refusals of each kind of token take the same time and get the same page`, async () => {
  const { token } = desk.links.issue('task');
  const foreign = createTaskLinks({ keys: [{ id: 'k9', key: Buffer.alloc(32, 1) }], publicBaseUrl: '' });
  const refused = {
    'first letter of the MAC': otherMac(token, 0),
    'last letter of the MAC': otherMac(token, -2),
    'unknown key': foreign.issue('task').token,
    'another kind': desk.links.issue('status').token,
  };
  const times = new Map(Object.keys(refused).map(kind => [kind, [] as number[]]));
  const pages = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [kind, given] of Object.entries(refused)) {
      const began = performance.now();
      const answer = await fetch(`${desk.base}/t/${given}`);
      pages.add(`${answer.status} ${await answer.text()}`);
      times.get(kind)?.push(performance.now() - began);
    }
  }
  const medians = [...times].map(([kind, all]) => ({ kind, ms: percentile(all, 0.5) }));
  const [least, most] = [Math.min(...medians.map(({ ms }) => ms)), Math.max(...medians.map(({ ms }) => ms))];
  const shown = medians.map(({ kind, ms }) => `${kind} ${ms.toFixed(3)} ms`).join(', ');
  noteFigure(
    ROUNDS,
    `refusals of each kind, median: ${shown}; they differ by ${((100 * (most - least)) / least).toFixed(1)} %`,
  );
  expect([...pages]).toEqual([expect.stringMatching(/^404 /)]);
  expect((most - least) / least).toBeLessThan(MOST_DIFFERENCE);
}, 180_000);
