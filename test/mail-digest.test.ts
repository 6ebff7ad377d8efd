import { resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { loseOpening, mailOpening } from '../activities/opening-letter';
import { mailDigest } from '../activities/scheduled-letters';
import { digestSchedules, syncSchedules } from '../src/temporal/schedules';
import { DAY, HOUR } from './support/cases';
import { startLetterDesk, type LetterDesk } from './support/letter-desk';
import { freshTaskQueue, temporalAddress, temporalNamespace } from './support/services';
import { quietRuntime } from './support/time-skipping';
import { until } from './support/until';

/** Wednesday 25 November 2026, 08:45 in Istanbul. */
const morning = Date.parse('2026-11-25T08:45+03:00');

let desk: LetterDesk;
beforeAll(async () => {
  desk = await startLetterDesk('digest');
});
beforeEach(() => {
  desk.box.mails.length = 0;
  desk.box.atRecipient.length = 0;
});
afterAll(() => desk.stop());

describe('the schedule of a digest', () => {
  const timesOf = (slug: string): string[] => {
    const schedule = digestSchedules(desk.municipality).find(({ id }) => id === `digest-${slug}`);
    return (schedule?.at ?? []).map(({ dayOfWeek, hour, minute }) =>
      JSON.stringify([dayOfWeek, hour, minute]),
    );
  };

  it('follows the working days of an office', () => {
    expect(timesOf('fen-isleri')).toEqual(
      ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'].map(day => `["${day}",8,45]`),
    );
  });

  it('reaches patrols and crews every day, and never at night', () => {
    for (const slug of ['zabita', 'temizlik-isleri']) {
      expect(timesOf(slug)).toHaveLength(7);
      expect(timesOf(slug)[6]).toBe('["SUNDAY",8,45]');
    }
  });

  it('exists once per department', () => {
    expect(digestSchedules(desk.municipality)).toHaveLength(
      Object.keys(desk.municipality.departments).length,
    );
  });
});

describe('a digest', () => {
  it('lists open tasks once a day, late ones first, each as a link, with a link to the list that is valid for sixty days', async () => {
    const fresh = await desk.openCase({ openedAt: morning - HOUR });
    const late = await desk.openCase({ openedAt: morning - 2 * DAY });
    const later = await desk.openCase({ openedAt: morning - 3 * HOUR });
    await desk.digest('fen-isleri', morning);
    await desk.digest('fen-isleri', morning + HOUR);
    expect(desk.box.mails).toHaveLength(1);
    const [{ subject, text = '', html, to } = { subject: '', html: '', to: [] }] = desk.box.mails;
    expect(to).toEqual(['fen.isleri@etimesgut.example']);
    expect(subject).toBe('Açık görevler: 3 (1 gecikmiş) · Fen İşleri Müdürlüğü · 25 Kasım 2026 Çarşamba');
    const places = [late, later, fresh].map(({ caseNumber }) => text.indexOf(caseNumber));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(text).toContain('Müdürlüğe iletildi · süre doldu: 23 Kasım Pazartesi 12:45, 1 gün 20 saat geçti');
    const [, token = ''] = /\/d\/([\w.-]+)/.exec(text) ?? [];
    expect((html || '').split(token)).toHaveLength(2);
    const [ownLink = ''] = /\/t\/[\w.-]+/.exec(text.slice(places[0])) ?? [];
    const taskHash = desk.links.hashOf(ownLink.slice('/t/'.length)) ?? '';
    expect(await desk.store.tasks.link(taskHash)).toMatchObject({ caseNumber: late.caseNumber, task: 1 });
    const link = await desk.store.listLinks.get(desk.links.hashOf(token, 'list') ?? '');
    expect(link).toMatchObject({
      department: 'fen-isleri',
      recipient: { address: 'fen.isleri@etimesgut.example' },
    });
    expect((link?.expiresAt.getTime() ?? 0) - (link?.createdAt.getTime() ?? 0)).toBe(60 * DAY);
    expect(desk.links.hashOf(token)).toBeNull();
  });

  it.each([
    ['a department without tasks', 'kultur-isleri', morning],
    ['a Sunday', 'fen-isleri', Date.parse('2026-11-29T08:45+03:00')],
    ['a public holiday', 'fen-isleri', Date.parse('2026-10-29T08:45+03:00')],
  ])('does not come on %s', async (_, department, at) => {
    await desk.openCase({ openedAt: at - HOUR });
    await desk.digest(department, at);
    expect(desk.box.mails).toEqual([]);
  });

  it('goes to the fallback if its mailbox rejects it, and the operator is notified', async () => {
    await desk.openCase({ desk: 'zabita', openedAt: morning - HOUR });
    desk.box.atRecipient.push(550);
    await desk.digest('zabita', morning);
    expect(desk.box.mails.map(({ to }) => to)).toEqual([
      ['zabita.sorumlu@etimesgut.example'],
      ['bildirim.hatti@etimesgut.example'],
    ]);
  });
});

describe('letters that were gathered for one address', () => {
  const chief = { name: 'Fen İşleri Müdürü', address: 'fen.isleri.sorumlu@etimesgut.example' };

  async function gathered(): Promise<{ caseNumber: string; key: string }> {
    const { caseNumber } = await desk.openCase({ openedAt: morning - HOUR });
    const key = `${caseNumber}:7`;
    const order = { letter: 'breach', to: 'chief', department: 'fen-isleri', task: 1 } as const;
    const rung = { clock: 'accept', level: 1 } as const;
    await desk.deps.letterOutbox.reserve({
      ...{ key, caseNumber, to: chief, recipient: 'chief:fen-isleri', order: { ...order, rung } },
    });
    return { caseNumber, key };
  }

  it('are one letter with a link for each case, or the letter itself if there is only one', async () => {
    const letters = [await gathered(), await gathered()];
    await mailOpening(desk.deps)({ letters });
    await mailOpening(desk.deps)({ letters });
    await mailOpening(desk.deps)({ letters: [await gathered()] });
    expect(desk.box.mails.map(({ subject }) => subject?.split(' · ')[0])).toEqual([
      'Mesai başında bildirilenler: 2',
      'Yol çukuru, Süvari',
    ]);
    for (const { caseNumber } of letters) expect(desk.box.mails[0]?.text).toContain(caseNumber);
  });

  it('become failures of their cases if they cannot be sent, except those that were sent', async () => {
    const [sent, ...lost] = [await gathered(), await gathered(), await gathered()];
    if (sent) await mailOpening(desk.deps)({ letters: [sent] });
    desk.box.atRecipient.push(550);
    const letters = sent ? [sent, ...lost] : lost;
    await expect(mailOpening(desk.deps)({ letters })).rejects.toMatchObject({ code: 'mail-refused' });
    await loseOpening(desk.deps)({ letters });
    for (const { caseNumber, key } of lost) {
      expect(await desk.store.deliveryFailures.get(key)).toMatchObject({
        ...{ caseNumber, effect: 7, recipient: 'chief', reported: false },
      });
      expect(await desk.store.outbox.get(key)).toMatchObject({ state: 'failed', errorCode: 'opening' });
    }
    expect(await desk.store.deliveryFailures.get(sent?.key ?? '')).toBeNull();
    expect(await desk.store.outbox.get(sent?.key ?? '')).toMatchObject({ state: 'accepted' });
  });
});

it('is sent by a Temporal Schedule', async () => {
  quietRuntime();
  await desk.openCase({ desk: 'temizlik-isleri', openedAt: Date.now() - HOUR });
  const schedule = digestSchedules(desk.municipality).find(({ id }) => id === 'digest-temizlik-isleri');
  if (!schedule) throw new Error('no schedule');
  const taskQueue = freshTaskQueue('digest');
  const id = taskQueue;
  const connection = await Connection.connect({ address: temporalAddress() });
  const native = await NativeConnection.connect({ address: temporalAddress() });
  const client = new Client({ connection, namespace: temporalNamespace });
  const worker = await Worker.create({
    connection: native,
    namespace: temporalNamespace,
    taskQueue,
    workflowsPath: resolve(__dirname, '../workflows/index.ts'),
    activities: { mailDigest: mailDigest(desk.deps) },
  });
  await syncSchedules(client, taskQueue, [{ ...schedule, id }]);
  const handle = client.schedule.getHandle(id);
  try {
    const { info } = await handle.describe();
    expect(info.nextActionTimes[0]?.toISOString()).toContain('T05:45:00');
    await worker.runUntil(async () => {
      await handle.trigger();
      await until(() => desk.box.mails.length > 0, 'the digest');
    });
    expect(desk.box.mails[0]?.subject).toContain('Temizlik İşleri Müdürlüğü');
  } finally {
    await handle.delete();
    await native.close();
    await connection.close();
  }
}, 60_000);
