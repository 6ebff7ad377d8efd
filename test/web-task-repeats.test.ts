import { acted } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { fieldsOf, pageOf, post, readyForm } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('repeats');
});
afterAll(() => desk.stop());

const actionsOf = (caseNumber: string): Promise<number> =>
  desk.store.tasks.actions.countDocuments({ caseNumber });
const followed = (answer: Response, from: string): Promise<string> =>
  pageOf(new URL(answer.headers.get('location') ?? '', from).href);

describe('a repeated act is confirmed even if it would be illegal now', () => {
  it('when the citizen has stopped messages since the question', async () => {
    const { link } = await desk.openCase({ intake: { citizenId: 'c-mute' } });
    const own = fieldsOf(await pageOf(link.url), 'askCitizen');
    const fields = { ...own, words: 'Hangi sokak?', confirm: 'yes' };
    expect((await post(link.url, fields)).status).toBe(303);
    const heard = { phone: '905551112234', bsuid: null, profileName: null, language: null };
    await desk.store.citizens.seen('c-mute', { ...heard, at: new Date() });
    await desk.store.citizens.stopped('c-mute', new Date());
    const answer = await post(link.url, fields);
    expect(answer.status).toBe(303);
    expect(await followed(answer, link.url)).toContain('İşleminiz kaydedildi');
  });

  it('when the case that was joined has ended since', async () => {
    const leader = await desk.openCase();
    const { caseNumber, url, fields } = await readyForm(desk, 'join', {
      leader: leader.caseNumber,
      confirm: 'yes',
    });
    expect((await post(url, fields)).status).toBe(303);
    await desk.take(leader.caseNumber, acted('reject', `${leader.caseNumber}-no`));
    const answer = await post(url, fields);
    expect(answer.status).toBe(303);
    expect(await followed(answer, url)).toContain('İşleminiz kaydedildi');
    expect(await actionsOf(caseNumber)).toBe(1);
  });

  it('if only its preview is requested again, for example after the back button', async () => {
    const { caseNumber, url, fields } = await readyForm(desk, 'resolve');
    await post(url, fields);
    const answer = await post(url, { ...fields, preview: 'yes' });
    expect(answer.status).toBe(303);
    const page = await followed(answer, url);
    expect(page).toContain('İşleminiz kaydedildi');
    expect(page).not.toContain('Henüz hiçbir şey gönderilmedi');
    expect(await actionsOf(caseNumber)).toBe(1);
  });
});

it.each([
  ['looked at', { preview: 'yes' }],
  ['sent with a mistake', { words: '' }],
])('a form of an act that is no longer possible, %s, gets that explanation', async (_, over: object) => {
  const { caseNumber, url, fields } = await readyForm(desk, 'resolve', { ...over });
  await desk.take(caseNumber, acted('reject', `${caseNumber}-other`));
  const page = await (await post(url, fields)).text();
  expect(page).toContain('başka bir aşamaya geçti');
  expect(page).not.toMatch(/aşağıdaki formda|düzeltilmesi gereken/);
  expect(await actionsOf(caseNumber)).toBe(0);
});
