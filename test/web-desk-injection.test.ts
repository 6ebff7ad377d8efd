import { randomUUID } from 'node:crypto';
import type { ManagerAct } from '../src/domain/case/acts';
import { DAY } from './support/cases';
import { hostileWords, shownAs, skeleton, steeringWords } from './support/hostile-words';
import { rows } from './support/proving';
import { startDesk, type Desk } from './support/task-desk';
import { fieldsOf, pageOf, post, type Filled } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('desk-injection');
});
afterAll(() => desk.stop());

type Opened = Awaited<ReturnType<Desk['openCase']>>;

/** Submits a form of the task page with hostile text. Returns the next page. */
const byForm =
  (action: string, over: Filled = {}) =>
  async ({ link }: Opened, text: string): Promise<string> => {
    const fields = { ...fieldsOf(await pageOf(link.url), action), ...over, words: text };
    const answer = await post(link.url, fields);
    expect(answer.status).toBe(303);
    return pageOf(new URL(answer.headers.get('location') ?? '', link.url).href);
  };

/** Applies a manager's command with its reason. */
const byManager =
  (act: Pick<ManagerAct, 'action' | 'until' | 'priority'>) =>
  async ({ caseNumber, link }: Opened, text: string): Promise<string> => {
    const actionId = randomUUID();
    await desk.store.tasks.addAction({
      ...{ actionId, caseNumber, task: 1, action: act.action, words: text, reason: null, department: null },
      ...{ role: 'manager', actor: text, at: new Date() },
    });
    await desk.take(caseNumber, { type: 'acted', act: { actionId, by: 'manager', ...act } });
    return pageOf(link.url);
  };

async function statusUrl(caseNumber: string): Promise<string> {
  const { tokenHash, url } = desk.links.issue('status');
  await desk.store.statusLinks.add({ tokenHash, caseNumber, createdAt: new Date() });
  return url;
}

const yes = { confirm: 'yes' };

/** Every text by a colleague, a manager or an institution, with the page that shows it. */
const places: Record<string, (opened: Opened, text: string) => Promise<string>> = {
  'a note': byForm('note'),
  'the words to a colleague': byForm('handOver', { ...yes, colleague: 'usta@etimesgut.example' }),
  'the reason of a reroute': byForm('reroute', { ...yes, department: 'park-ve-bahceler' }),
  'the words of a hand-off': byForm('handOff', { ...yes, institution: 'aski' }),
  'a question to the citizen': byForm('askCitizen', yes),
  'the reason of an extension': byManager({ action: 'extend', until: Date.now() + 90 * DAY }),
  'the reason of a priority': byManager({ action: 'setPriority', priority: 'p1' }),
  'a note of a manager': byManager({ action: 'note' }),
  async 'the reason for waiting for an institution'(opened, text) {
    const { link } = opened;
    await post(link.url, { ...fieldsOf(await pageOf(link.url), 'accept'), ...yes });
    return byForm('waitInstitution', { ...yes, institution: 'aski' })(opened, text);
  },
  async 'the answer on the citizen’s page'(opened, text) {
    await byForm('resolve', { ...yes, outcome: 'resolved' })(opened, text);
    return pageOf(await statusUrl(opened.caseNumber));
  },
};

const every = [...hostileWords, ...steeringWords];
/** For `npm test`, one text that contains all others. */
const shown = rows<readonly [string, string]>(
  [...every, ['all of them', every.map(([, text]) => text).join('\n')]],
  ([name]) => name === 'all of them',
);

describe.each(Object.entries(places))('%s is shown as text', (_, shownOn) => {
  const plain = new Map<number, string[]>();
  /** Returns the tags of the page for the same number of harmless lines. */
  async function plainSkeleton(lines: number): Promise<string[]> {
    const words = Array(lines).fill('düz').join('\n');
    const tags = plain.get(lines) ?? skeleton(await shownOn(await desk.openCase(), words));
    plain.set(lines, tags);
    return tags;
  }

  it.each(shown)('with %s', async (_name, text) => {
    const page = await shownOn(await desk.openCase(), text);
    expect(page).toContain(shownAs(text));
    expect(skeleton(page)).toEqual(await plainSkeleton(shownAs(text).split('<br>').length));
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });
});

it.each([
  ['a manager says', byManager({ action: 'note' }), 'ğ'.repeat(5_000)],
  ['a citizen says', async ({ link }: Opened) => pageOf(link.url), 'ş'.repeat(5_120)],
])('ten kilobytes that %s are shown completely on a small page', async (_, shownOn, text) => {
  const page = await shownOn(await desk.openCase({ words: ['ş'.repeat(5_120)] }), text);
  expect(page).toContain(text);
  // 60 KiB without photos.
  expect(Buffer.byteLength(page)).toBeLessThan(60 * 1024);
});

it.each(every)(
  'the list of a department shows no text of people and none of its query, with %s',
  async (_, text) => {
    const { caseNumber } = await desk.openCase({
      words: [text],
      intake: { place: { latitude: 39.9, longitude: 32.6, name: text, address: text } },
    });
    const { tokenHash, url } = desk.links.issue('list');
    const recipient = { name: 'Fen İşleri Müdürlüğü', address: 'fen.isleri@etimesgut.example' };
    const [createdAt, expiresAt] = [new Date(), new Date(Date.now() + DAY)];
    await desk.store.listLinks.add({
      ...{ tokenHash, department: 'fen-isleri', recipient, createdAt, expiresAt },
    });
    const asked = new URLSearchParams({ subject: text, neighbourhood: text, stage: text, order: text });
    const clean = new URLSearchParams({ subject: 'yok', neighbourhood: 'yok' });
    expect(await pageOf(url)).toContain(caseNumber);
    const page = await pageOf(`${url}?${asked.toString()}`);
    expect(skeleton(page)).toEqual(skeleton(await pageOf(`${url}?${clean.toString()}`)));
    for (const part of [text, shownAs(text)]) expect(page).not.toContain(part);
  },
);

it.each(every)('a colleague’s address with %s is refused and shown in the form as text', async (_, text) => {
  const { link, caseNumber } = await desk.openCase();
  const fields = { ...fieldsOf(await pageOf(link.url), 'handOver'), ...yes, words: 'Not.' };
  const answer = await post(link.url, { ...fields, colleague: `${text}@etimesgut.example` });
  const page = await answer.text();
  expect(answer.status).toBe(400);
  expect(page).toContain('Geçerli bir e-posta adresi yazınız.');
  expect(page).not.toMatch(/<(script|img|svg)|autofocus onfocus="alert/);
  expect(await desk.store.tasks.actions.countDocuments({ caseNumber })).toBe(0);
});

it.each(every)('the name of an unreadable photo with %s is shown as text', async (_, text) => {
  const { link } = await desk.openCase();
  const body = new FormData();
  const fields = {
    ...fieldsOf(await pageOf(link.url), 'resolve'),
    ...yes,
    outcome: 'resolved',
    words: 'x',
  };
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append('photos', new Blob(['bu bir resim değil'], { type: 'image/jpeg' }), `${text}.jpg`);
  const answer = await fetch(link.url, { method: 'POST', body });
  const page = await answer.text();
  expect(answer.status).toBe(400);
  // A name with control characters makes the whole form unreadable.
  expect(page).toMatch(/Okunamayan dosya: |İstek anlaşılamadı/);
  expect(page).not.toMatch(/<(script|img|svg)[ >]|autofocus onfocus="alert/);
  expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
});
