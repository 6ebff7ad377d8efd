import { DAY_MS } from '../src/domain/durations';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { casesOf, citizenIdOf } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, reported, roads } from './support/line/reported';
import { openTask } from './support/line/task-page';
import { Visitor } from './support/staff-line';

const why = ['--actor', 'Ayşe Demir', '--reason', 'müdürlük e-postayı bulamıyor'];

let line: TestLine;
beforeAll(async () => {
  line = await startLine('send-again');
}, 120_000);
afterAll(() => line.stop());

const lettersOf = async (caseNumber: string) =>
  (await line.phones.mails()).filter(({ subject }) => subject.includes(caseNumber));
const keyOf = async (caseNumber: string, channel: 'mail' | 'whatsapp'): Promise<string> =>
  (await line.store.outbox.ofCase(caseNumber)).find(record => record.channel === channel)?.key ?? '';
const linkIn = ({ links = [] }: { links?: string[] } = {}): string =>
  links.find(link => link.includes('/t/')) ?? '';
const expire = (caseNumber: string): Promise<unknown> =>
  line.store.tasks.links.updateMany({ caseNumber }, { $set: { expiresAt: new Date(0) } });

/** A report whose acknowledgement is not delivered; its case is known from the records. */
async function failingReport(): Promise<{ citizen: Person; caseNumber: string }> {
  const citizen = await line.phones.newPerson();
  await line.phones.write(citizen, { type: 'text', body: pothole });
  const caseNumber = await awaited('the case', async () => (await casesOf(line, citizen))[0]);
  await awaited('the letter', async () => (await lettersOf(caseNumber))[0]);
  return { citizen, caseNumber };
}

/** Presses the button of a refused link's page. Returns status and text of the answer. */
async function askForLink(link: string): Promise<string> {
  // The page of a task that has moved on offers no new link.
  const [, action = '?again'] =
    /<form method="post"[^>]* action="([^"]+)"/.exec((await openTask(link)).html) ?? [];
  const answer = await fetch(new URL(action, link), { method: 'POST' });
  return `${answer.status} ${await answer.text()}`;
}

/** Runs an admin command that must fail. Returns what it said. */
async function refusal(...words: string[]): Promise<string> {
  const error = await line.admin(...words).then(
    out => ({ stderr: out, stdout: '' }),
    (failed: { stderr: string; stdout: string }) => failed,
  );
  return error.stdout + error.stderr;
}

describe('admin resend', () => {
  it('lists what was sent, and mails a letter again with a new link and a new Message-ID', async () => {
    const { caseNumber, link } = await reported(line);
    const key = await keyOf(caseNumber, 'mail');
    expect(await line.admin('resend', caseNumber)).toMatch(
      new RegExp(`${key} .* accepted +letter task to department:fen-isleri`),
    );
    const said = await line.admin('resend', caseNumber, '--key', key, ...why);
    expect(said).toContain(`${key}:again:1 sent to`);
    expect(said).toContain(roads);
    const [first, second, ...others] = await lettersOf(caseNumber);
    expect(others).toEqual([]);
    expect(second?.subject).toBe(first?.subject);
    expect(linkIn(second)).not.toBe(link);
    expect((await openTask(linkIn(second))).html).toContain('arabalar zarar görüyor');
    const keys = [key, `${key}:again:1`];
    const [one, two] = await Promise.all(keys.map(each => line.store.outbox.get(each)));
    expect((one?.content as { messageId: string }).messageId).not.toBe(
      (two?.content as { messageId: string }).messageId,
    );
  }, 60_000);

  it('mails a letter to another recipient of the same department', async () => {
    const { caseNumber } = await reported(line);
    const key = await keyOf(caseNumber, 'mail');
    await line.admin('resend', caseNumber, '--key', key, '--to', 'chief', ...why);
    expect((await lettersOf(caseNumber)).map(({ to }) => to)).toEqual([
      [roads],
      ['fen.isleri.sorumlu@etimesgut.example'],
    ]);
  }, 60_000);

  it('sends a message again as it was, and outside the 24-hour window as its template', async () => {
    const { citizen, caseNumber } = await reported(line);
    const key = await keyOf(caseNumber, 'whatsapp');
    await line.admin('resend', caseNumber, '--key', key, ...why);
    const told = await line.phones.told(citizen);
    expect(told.filter(({ text }) => text.includes(`Kayıt no: ${caseNumber}`))).toHaveLength(2);

    const _id = (await citizenIdOf(line, citizen)) ?? '';
    const lastInboundAt = new Date(Date.now() - 2 * DAY_MS);
    await line.store.citizens.model.updateOne({ _id }, { $set: { lastInboundAt } });
    await line.phones.control('POST', `/citizens/${citizen.id}/window`, { open: false });
    const said = await line.admin('resend', caseNumber, '--key', `${key}:again:1`, ...why);
    expect(said).toContain(`${key}:again:2 sent to the citizen, as a template`);
    expect((await line.phones.told(citizen)).at(-1)?.type).toBe('template');
  }, 60_000);

  it('brings what the original did not, and takes the call back', async () => {
    await line.phones.control('POST', '/faults', { kind: 'failed-status', code: 131026 });
    const { citizen, caseNumber } = await failingReport();
    const facts = async () => {
      const revision = (await line.store.cases.get(caseNumber))?.progress?.revision ?? 0;
      return (await line.store.cases.facts(caseNumber, revision)).map(({ type }) => type);
    };
    await awaited('the failure', async () => (await facts()).includes('notDelivered'));
    const key = await keyOf(caseNumber, 'whatsapp');
    await line.admin('resend', caseNumber, '--key', key, ...why);
    await line.phones.hears(citizen, `Kayıt no: ${caseNumber}`);
    await awaited('the arrival', async () => (await facts()).includes('arrivedLate'));
    expect((await facts()).filter(type => type === 'notDelivered')).toHaveLength(1);
  }, 60_000);

  it('mails the letter of a hand-off again while it goes on', async () => {
    const citizen = await line.phones.newPerson();
    const body = 'Süvari mah. 1234. sokakta sular kesik, su yok';
    await line.phones.write(citizen, { type: 'text', body });
    const caseNumber = caseNumberIn((await line.phones.hears(citizen, /PK-/)).text);
    const institution = 'bildirim@aski.example';
    const first = await line.phones.mailed(institution, caseNumber);
    const key = await keyOf(caseNumber, 'mail');
    expect(await line.admin('resend', caseNumber, '--key', key, ...why)).toContain(institution);
    const [, again] = await awaited('the copy', async () => {
      const mails = (await lettersOf(caseNumber)).filter(({ to }) => to.includes(institution));
      return mails.length === 2 && mails;
    });
    expect(again?.subject).toBe(first.subject);
    expect(await refusal('resend', caseNumber, '--key', key, '--to', 'chief', ...why)).toContain(
      '--to is for',
    );
  }, 60_000);

  it('mails the request to call a citizen again while the call goes on', async () => {
    await line.phones.control('POST', '/faults', { kind: 'failed-status', code: 131026 });
    const { caseNumber } = await failingReport();
    const call = await awaited('the request to call', async () =>
      (await line.store.outbox.ofCase(caseNumber)).find(
        ({ key, state }) => key.includes(':call:') && state === 'accepted',
      ),
    );
    const said = await line.admin('resend', caseNumber, '--key', call.key, ...why);
    expect(said).toContain('bildirim.masasi@etimesgut.example');
  }, 60_000);

  it('mails a letter of an earlier task again to a desk that still has the case, with a link that can act', async () => {
    const { caseNumber } = await reported(line);
    const key = await keyOf(caseNumber, 'mail');
    await line.admin('reassign', caseNumber, '--department', 'park-ve-bahceler', ...why);
    await line.admin('reassign', caseNumber, '--department', 'fen-isleri', ...why);
    await awaited(
      'the third task',
      async () => (await line.store.cases.get(caseNumber))?.progress?.task === 3,
    );
    await line.admin('resend', caseNumber, '--key', key, ...why);
    const copies = await awaited('the copy', async () => {
      const mails = (await lettersOf(caseNumber)).filter(({ to }) => to.includes(roads));
      return mails.length === 3 && mails;
    });
    for (const mail of copies.slice(1))
      expect((await openTask(linkIn(mail))).html).toContain('id="accept-act"');
  }, 60_000);

  it('stands in the audit trail with actor and reason', async () => {
    const { caseNumber } = await reported(line);
    const key = await keyOf(caseNumber, 'mail');
    await line.admin('resend', caseNumber, '--key', key, ...why);
    expect(await line.store.tasks.action(`${key}:again:1`)).toMatchObject({
      ...{ action: 'resend', actor: 'Ayşe Demir', words: 'müdürlük e-postayı bulamıyor' },
    });
    const trail = await line.admin('audit', caseNumber);
    expect(trail).toMatch(/resend +Ayşe Demir/);
    expect(trail.match(/mailed +.*fen\.isleri@/g)).toHaveLength(2);
  }, 60_000);

  it('refuses without actor, for an unknown key, and for the letter of a task that another desk has', async () => {
    const { caseNumber } = await reported(line);
    const key = await keyOf(caseNumber, 'mail');
    expect(await refusal('resend', caseNumber, '--key', key)).toContain('Give --actor and --reason.');
    expect(await refusal('resend', caseNumber, '--key', 'x:1', ...why)).toContain('has no message x:1');
    await line.admin('reassign', caseNumber, '--department', 'park-ve-bahceler', ...why);
    expect(await refusal('resend', caseNumber, '--key', key, ...why)).toContain(
      'the task has moved to park-ve-bahceler',
    );
  }, 60_000);

  it('says when a message may not go out', async () => {
    const { citizen, caseNumber } = await reported(line);
    const key = await keyOf(caseNumber, 'whatsapp');
    const _id = (await citizenIdOf(line, citizen)) ?? '';
    await line.store.citizens.model.updateOne({ _id }, { $set: { stoppedAt: new Date() } });
    await line.store.outbox.model.updateOne({ _id: key }, { $set: { byPhone: false } });
    expect(await refusal('resend', caseNumber, '--key', key, ...why)).toContain('the citizen has opted out');
  }, 60_000);
});

describe('the page of a refused task link', () => {
  it('has a new link mailed to the mailbox of the department, once an hour for a case', async () => {
    const one = await reported(line);
    const other = await reported(line);
    await Promise.all([expire(one.caseNumber), expire(other.caseNumber)]);
    expect((await openTask(one.link)).status).toBe(404);
    for (let press = 0; press < 3; press += 1)
      expect(await askForLink(one.link)).toContain('İsteğiniz alındı');
    const mail = await line.phones.mailed(roads, new RegExp(`Yeni bağlantı · ${one.caseNumber}`));
    expect((await openTask(linkIn(mail))).html).toContain('arabalar zarar görüyor');
    // The letter of the other case was asked for later, so nothing of the first one is on its way.
    await askForLink(other.link);
    await line.phones.mailed(roads, new RegExp(`Yeni bağlantı · ${other.caseNumber}`));
    const sent = (await lettersOf(one.caseNumber)).filter(({ subject }) => subject.includes('Yeni bağlantı'));
    expect(sent).toHaveLength(1);
    expect(await line.admin('audit', one.caseNumber)).toMatch(/newLink +department/);
  }, 60_000);

  it('never mails a former holder a link to a task that has moved on', async () => {
    const { caseNumber, link } = await reported(line);
    await line.admin('reassign', caseNumber, '--department', 'park-ve-bahceler', ...why);
    await awaited('the old link to end', async () => (await openTask(link)).status === 410);
    await askForLink(link);
    const mail = await line.phones.mailed(roads, new RegExp(`${caseNumber} · Görev sizde değil`));
    expect(mail.text).toContain('Görev başka bir birime geçtiği için');
    expect(linkIn(mail)).toBe('');
  }, 60_000);
});

describe('the sign-in of staff by mail', () => {
  it('mails one link in five minutes, which opens the staff pages once', async () => {
    const address = 'ozel.kalem@etimesgut.example';
    const visitor = new Visitor();
    for (let press = 0; press < 3; press += 1) {
      const asked = await visitor.go(`${line.baseUrl}/desk/sign-in`, { form: { address } });
      expect(asked.html).toContain('E-postanıza bakınız');
    }
    const { links, text } = await line.phones.mailed(address, 'Görevli sayfalarına giriş');
    const link = links.find(each => each.includes('/desk/link/')) ?? '';
    expect(text).toContain('15 dakika');
    expect(await visitor.go(link, { form: {} })).toMatchObject({ status: 200, url: `${line.baseUrl}/desk` });
    expect((await new Visitor().go(link, { form: {} })).status).toBe(404);
    // Whoever presses on the border of two spans gets two letters.
    expect((await line.phones.mails(address)).length).toBeLessThanOrEqual(2);
    const { token } = /\/desk\/link\/(?<token>[^/]+)$/.exec(link)?.groups ?? {};
    expect(token && line.logs().includes(token)).toBe(false);
  }, 60_000);
});
