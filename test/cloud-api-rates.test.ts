import { errorOf, startTestSandbox, type TestSandbox } from './support/local-sandbox';

let sandbox: TestSandbox;
let clock: number;
beforeEach(async () => {
  clock = 1_790_000_000_000;
  sandbox = await startTestSandbox({ now: () => clock });
});
afterEach(() => sandbox.dispose());

const writeIn = (id: string) =>
  sandbox.control('POST', `/citizens/${id}/messages`, { type: 'text', body: 'merhaba' });

describe('the rate limit', () => {
  it('is 45 at once to one person, then one per six seconds: 131056', async () => {
    const { phone } = await sandbox.newCitizen();
    const text = { to: `+${phone}`, type: 'text', text: { body: 'a' } };
    for (let sent = 0; sent < 45; sent += 1) expect((await sandbox.send(text)).status).toBe(200);
    expect(errorOf(await sandbox.send(text))).toMatchObject({ code: 131056 });
    clock += 5_999;
    expect((await sandbox.send(text)).status).toBe(400);
    clock += 1;
    expect((await sandbox.send(text)).status).toBe(200);
    const other = await sandbox.newCitizen();
    expect((await sandbox.send({ ...text, to: `+${other.phone}` })).status).toBe(200);
  });

  it('is 80 a second for the number, received messages included: 130429', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => sandbox.newCitizen()));
    for (const { id } of people) await writeIn(id);
    for (let sent = 0; sent < 72; sent += 1) {
      const to = `+${people[sent % 8]?.phone}`;
      expect((await sandbox.send({ to, type: 'text', text: { body: 'a' } })).status).toBe(200);
    }
    const text = { to: `+${people[0]?.phone}`, type: 'text', text: { body: 'a' } };
    expect(errorOf(await sandbox.send(text))).toMatchObject({ code: 130429 });
    clock += 1_000;
    expect((await sandbox.send(text)).status).toBe(200);
  });
});
