import sharp from 'sharp';
import type { TaskAct } from '../src/domain/case/acts';
import { acted, DAY, T0 } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { pageOf } from './support/task-forms';

let desk: Desk;
let picture: Buffer;
beforeAll(async () => {
  desk = await startDesk('status');
  picture = await sharp({ create: { width: 8, height: 6, channels: 3, background: 'green' } })
    .jpeg()
    .toBuffer();
});
afterAll(() => desk.stop());
beforeEach(() => desk.setClock(T0));

async function statusLink(caseNumber: string): Promise<string> {
  const { tokenHash, url } = desk.links.issue('status');
  await desk.store.statusLinks.add({ tokenHash, caseNumber, createdAt: new Date(T0) });
  return url;
}

/** Opens a case that its department has resolved with text and a photo. */
async function resolvedCase(language: 'tr' | 'en' = 'tr') {
  const opened = await desk.openCase({ intake: { language } });
  const { caseNumber } = opened;
  const actionId = `${caseNumber}-done`;
  const digest = 'a'.repeat(64);
  const photo = { caseNumber, digest, jpeg: picture, thumbnail: picture, width: 8, height: 6 };
  await desk.store.workPhotos.add(actionId, { ...photo, keptAt: new Date(T0) });
  await desk.store.tasks.addAction({
    ...{ actionId, caseNumber, task: 1, action: 'resolve', words: 'Çukur <kapatıldı>.' },
    ...{ reason: null, department: null, role: 'department', actor: null, at: new Date(T0) },
  });
  await desk.take(caseNumber, acted('note', `${caseNumber}-note`));
  await desk.take(caseNumber, acted('resolve', actionId));
  return { ...opened, actionId, status: await statusLink(caseNumber) };
}

describe('the status page of a citizen', () => {
  it('shows stage, place, dates and department, but no internal text', async () => {
    const { caseNumber } = await desk.openCase();
    const page = await pageOf(await statusLink(caseNumber));
    for (const part of [
      ...[caseNumber, 'Yol çukuru', 'Fen İşleri Müdürlüğü', 'Hedeflenen çözüm', 'Bildiriminiz alındı'],
      ...['25 Kasım 2026, 09:00', 'Süvari Mahallesi', 'sokakta çukur var', 'https://wa.me/905333380606'],
    ]) {
      expect(page).toContain(part);
    }
    for (const part of ['fen.isleri@', '90555', '<script', 'İtiraz']) {
      expect(page).not.toContain(part);
    }
    expect(Buffer.byteLength(page)).toBeLessThan(20_000);
  });

  it.each<[string, Partial<TaskAct> | null, string, string]>([
    ['whose target has passed', null, 'Hedeflenen tarih geçti', '27 Kasım 2026'],
    ['whose clock is paused', { action: 'askCitizen' }, 'Yanıtınız bekleniyor', 'Hedeflenen çözüm'],
    [
      'whose planned time has passed',
      { action: 'planAhead', plannedFor: T0 + 2 * DAY },
      'Programdaki zaman geçti',
      '27 Kasım 2026',
    ],
  ])('of a case %s shows no date that binds nobody', async (_, act, shown, hidden) => {
    const { caseNumber } = await desk.openCase({ openedAt: T0 });
    const actionId = `${caseNumber}-a`;
    if (act) await desk.take(caseNumber, { type: 'acted', act: { actionId, task: 1, ...act } as TaskAct });
    desk.setClock(T0 + 5 * DAY);
    const page = await pageOf(await statusLink(caseNumber));
    expect(page).toContain(shown);
    expect(page).not.toContain(hidden);
  });

  it('shows the outcome with the answer, the photos of the work and how to object', async () => {
    const { status, actionId } = await resolvedCase();
    const page = await pageOf(status);
    for (const part of ['Çözüldü', 'Çukur &lt;kapatıldı&gt;.', 'İtiraz', '0533 338 06 06', 'Adımlar']) {
      expect(page).toContain(part);
    }
    expect(page).not.toContain('Not eklendi');
    const answer = await fetch(`${status}/photos/${actionId}-1?size=small`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await fetch(`${status}/photos/${actionId}-2`)).status).toBe(404);
  });

  it('is in the language of the citizen', async () => {
    const { status } = await resolvedCase('en');
    const page = await pageOf(status);
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('Where your report stands');
    expect(page).not.toContain('Adımlar');
  });

  it('shows no photo of another case', async () => {
    const [one, other] = [await resolvedCase(), await resolvedCase()];
    expect((await fetch(`${one.status}/photos/${other.actionId}-1`)).status).toBe(404);
  });

  it('shows the address while the case is open, and the neighbourhood only after its end', async () => {
    const { caseNumber, status } = await resolvedCase();
    const street = { $set: { 'intake.location.street': 'Gül Sokak' } };
    await desk.store.cases.model.updateOne({ _id: caseNumber }, street);
    expect(await pageOf(status)).toContain('Süvari Mah., Gül Sokak');
    await desk.take(caseNumber, { type: 'feedback', messageId: `${caseNumber}-f`, answer: 'solved' });
    const page = await pageOf(status);
    expect(page).toContain('Süvari Mahallesi');
    expect(page).not.toContain('Gül Sokak');
  });

  it('opens until ninety days after the case has closed', async () => {
    const { caseNumber, status } = await resolvedCase();
    await desk.take(caseNumber, { type: 'feedback', messageId: `${caseNumber}-f`, answer: 'solved' });
    desk.setClock(T0 + 90 * DAY - 1);
    expect((await fetch(status)).status).toBe(200);
    desk.setClock(T0 + 90 * DAY);
    const over = await fetch(status);
    const junk = await fetch(`${desk.base}/s/x`);
    expect([over.status, junk.status]).toEqual([404, 404]);
    expect(await over.text()).toBe(await junk.text());
  });
});
