import { addToCase } from '../activities/open-case';
import type { Deps } from '../activities/deps';
import { municipality, startDesk, type Desk } from './support/task-desk';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('open-case-quota');
});
afterAll(() => desk.stop());

test('an addition to an ended case that would exceed the limit is answered, and its message is stored', async () => {
  const { store } = desk;
  const citizenId = 'quota-1';
  const names = { phone: '905321110000', bsuid: null, profileName: null, language: null };
  await store.citizens.seen(citizenId, { ...names, at: new Date() });
  for (let number = 0; number < municipality.conversation.mostOpenCases; number += 1) {
    const { caseNumber } = await desk.openCase({ intake: { citizenId } });
    await store.citizens.caseOpened(citizenId, { caseNumber, openedAt: new Date() }, null);
  }
  const { messageIds } = await desk.openCase();
  const gateway = { addToCase: async () => false };
  const add = addToCase({ store, municipality, gateway, now: () => new Date() } as unknown as Deps);
  expect(await add({ citizenId, caseNumber: 'PK-0000-0000', messageIds })).toBe(false);
  expect((await store.messages.get(messageIds[0] ?? ''))?.handledAt).not.toBeNull();
});
