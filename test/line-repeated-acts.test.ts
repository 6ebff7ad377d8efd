import type { Browser } from 'playwright-core';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { caseEnds, stageOf } from './support/line/cases-of-line';
import { deskWindow, type DeskWindow } from './support/line/desk-window';
import { reported } from './support/line/reported';
import { keepForm, sendForm } from './support/line/task-page';
import { describeWithBrowser, openBrowser } from './support/local-browser';

jest.setTimeout(60_000);

let line: TestLine;
/** A reported case for each act. */
let cases: Map<string, Awaited<ReturnType<typeof reported>>>;
beforeAll(async () => {
  line = await startLine('repeated');
  cases = new Map(await Promise.all(acts.map(async ([action]) => [action, await reported(line)] as const)));
}, 120_000);
afterAll(() => line.stop());

async function factsOf(caseNumber: string): Promise<object[]> {
  const revision = (await line.store.cases.get(caseNumber))?.progress?.revision ?? 0;
  return line.store.cases.facts(caseNumber, revision);
}

/** Returns the messages about a case from the outbox, once all have been sent. */
const sentAbout = (caseNumber: string): Promise<string[]> =>
  awaited('all messages to be out', async () => {
    const sent = await line.store.outbox.model.find({ caseNumber }).lean();
    return sent.every(({ state }) => state === 'accepted') && sent.map(({ channel }) => channel).sort();
  });

/** Submits a form and closes the connection once the act is stored, before any response. */
async function sendAndLose(link: string, fields: Record<string, string>): Promise<void> {
  const control = new AbortController();
  const body = new URLSearchParams(fields);
  const answer = fetch(link, { method: 'POST', body, signal: control.signal }).catch(() => null);
  await awaited(
    'the act',
    async () => (await line.store.tasks.action(fields['nonce'] ?? '')) !== null,
    10_000,
    2,
  );
  control.abort();
  await answer;
}

/** The messages that each act causes, besides acknowledgement and task letter. */
const acts: [action: string, entries: Record<string, string>, stage: string, says: string[]][] = [
  ['note', { words: 'Ekip yolda.' }, 'assigned', []],
  ['accept', { confirm: 'yes' }, 'accepted', []],
  ['askCitizen', { words: 'Hangi sokak?', confirm: 'yes' }, 'waitingCitizen', ['whatsapp']],
  ['resolve', { words: 'Dolduruldu.', confirm: 'yes' }, 'resolved', ['whatsapp']],
  ['reject', { words: 'Bakıldı.', reason: 'not-found', confirm: 'yes' }, 'rejected', ['whatsapp']],
  [
    'handOff',
    { institution: 'aski', words: 'ASKİ kazdı.', confirm: 'yes' },
    'handedOff',
    ['mail', 'whatsapp'],
  ],
  [
    'handOver',
    { colleague: 'usta@etimesgut.example', words: 'Sizin bölgeniz.', confirm: 'yes' },
    'assigned',
    ['mail'],
  ],
  [
    'reroute',
    { department: 'park-ve-bahceler', words: 'Park alanı.', confirm: 'yes' },
    'assigned',
    ['mail', 'whatsapp'],
  ],
];

describe('a form whose response is lost, sent again twice concurrently and once later', () => {
  it.each(acts)('is one %s, and each response confirms it', async (action, entries, stage, says) => {
    const { caseNumber, link } = cases.get(action) ?? (await reported(line));
    const fields = { ...(await keepForm(link, action)), ...entries };
    await sendAndLose(link, fields);
    const pages = await Promise.all([sendForm(link, fields), sendForm(link, fields)]);
    pages.push(await sendForm(link, fields));
    for (const page of pages) {
      expect(page.status).toBe(200);
      expect(page.html).toContain('İşleminiz kaydedildi');
    }
    await awaited('its stage', async () => (await stageOf(line, caseNumber)) === stage);
    const ofAct = (await factsOf(caseNumber)).filter(
      fact => 'actionId' in fact && fact.actionId === fields['nonce'],
    );
    expect(ofAct.length).toBeGreaterThan(0);
    expect(new Set(ofAct.map(fact => JSON.stringify(fact))).size).toBe(ofAct.length);
    expect(await line.store.tasks.actionsOf(caseNumber)).toHaveLength(1);
    const all = ['mail', 'whatsapp', ...says].sort();
    await awaited('what it says', async () => (await sentAbout(caseNumber)).length >= all.length);
    expect(await sentAbout(caseNumber)).toEqual(all);
  });

  it('is one join, even if the leading case has ended meanwhile', async () => {
    const [leader, { caseNumber, citizen, link }] = await Promise.all([reported(line), reported(line)]);
    const fields = { ...(await keepForm(link, 'join')), leader: leader.caseNumber, confirm: 'yes' };
    await sendAndLose(link, fields);
    const [page] = await Promise.all([sendForm(link, fields), sendForm(link, fields)]);
    expect(page.html).toContain('İşleminiz kaydedildi');
    const rejection = { words: 'Bakıldı.', reason: 'not-found', confirm: 'yes' };
    await sendForm(leader.link, { ...(await keepForm(leader.link, 'reject')), ...rejection });
    await line.phones.hears(citizen, 'işlem yapılamadı');
    await caseEnds(line, caseNumber);
    const late = await sendForm(link, fields);
    expect(late.html).toContain('İşleminiz kaydedildi');
    expect(await line.store.tasks.actionsOf(caseNumber)).toHaveLength(1);
  });
});

describeWithBrowser('in a browser without script', () => {
  let browser: Browser;
  let desk: DeskWindow;
  beforeAll(async () => {
    browser = await openBrowser();
    desk = await deskWindow(browser, line.sandboxUrl, 360);
  });
  afterAll(async () => {
    await browser?.close();
  });

  it('a button pressed twice in a row is one act', async () => {
    const { caseNumber, link } = await reported(line);
    const task = await desk.open(link);
    const form = await task.form('accept');
    await form.getByRole('checkbox').check();
    await form.getByRole('button', { name: 'Kabul et' }).dblclick();
    await task.shows('İş kabul edildi.');
    expect(await stageOf(line, caseNumber)).toBe('accepted');
    expect(await line.store.tasks.actionsOf(caseNumber)).toHaveLength(1);
  });

  it('the back button after an act shows the current case without the button of that act', async () => {
    const { caseNumber, link } = await reported(line);
    const task = await desk.open(link);
    await task.act('accept');
    await task.page.goBack();
    await task.shows('İş kabul edildi: Fen İşleri Müdürlüğü');
    expect(await task.page.locator('#accept-act').count()).toBe(0);
    expect(await task.page.getByText('İşleminiz kaydedildi').count()).toBe(0);
    expect(await line.store.tasks.actionsOf(caseNumber)).toHaveLength(1);
  });

  it('of two concurrent acts one is applied, and the other person sees who was faster', async () => {
    const { caseNumber, link } = await reported(line);
    const two = [await desk.open(link), await desk.open(link)] as const;
    for (const [place, task] of two.entries()) {
      const form = await task.form('resolve');
      await form.locator('#resolve-words').fill(`Sonuç ${place + 1}.`);
      await form.getByRole('checkbox').check();
    }
    await Promise.all(
      two.map(async ({ page }) => page.getByRole('button', { name: 'Sonuçlandır ve gönder' }).click()),
    );
    const [resolved] = (await factsOf(caseNumber)).filter(
      (fact): fact is { actionId: string } => 'actionId' in fact && 'outcome' in fact,
    );
    const { words } = (await line.store.tasks.action(resolved?.actionId ?? '')) ?? {};
    const winner = words === 'Sonuç 1.' ? 0 : 1;
    await two[winner].shows('açıklamanız vatandaşa gönderiliyor');
    const other = two[1 - winner] as (typeof two)[number];
    await other.shows('başka bir aşamaya geçti');
    await other.shows(String(words));
    await other.shot('slower');
    expect(await stageOf(line, caseNumber)).toBe('resolved');
  });
});
