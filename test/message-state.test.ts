import fc from 'fast-check';
import { messageState } from '../src/whatsapp/case-talk';

const reports = (...statuses: string[]) => statuses.map(status => ({ status }));

describe('the state of a message', () => {
  it.each<['pending' | 'sending' | 'accepted' | 'failed', string[], string]>([
    ['pending', [], 'pending'],
    ['sending', [], 'sending'],
    ['accepted', [], 'accepted'],
    ['failed', [], 'failed'],
    ['accepted', ['sent'], 'sent'],
    ['accepted', ['sent', 'delivered'], 'delivered'],
    ['accepted', ['read'], 'read'],
    ['accepted', ['played'], 'read'],
    ['accepted', ['sent', 'failed'], 'failed'],
    ['sending', ['sent'], 'sent'],
    ['accepted', ['deleted', 'hologram'], 'accepted'],
    ['failed', ['sent'], 'failed'],
    ['accepted', ['failed', 'delivered'], 'delivered'],
    ['accepted', ['delivered', 'failed'], 'delivered'],
    ['accepted', ['sent', 'failed', 'read'], 'read'],
    ['accepted', ['failed', 'played'], 'read'],
    ['failed', ['delivered'], 'delivered'],
  ])('of %s with the statuses %j is %s', (state, statuses, expected) => {
    expect(messageState({ state }, reports(...statuses))).toBe(expected);
  });

  it('does not depend on order and repetition of the statuses', () => {
    const status = fc.constantFrom('sent', 'delivered', 'read', 'played', 'failed', 'deleted');
    fc.assert(
      fc.property(fc.array(status), fc.infiniteStream(fc.nat()), (statuses, dice) => {
        const shuffled = statuses
          .flatMap(each => [each, each])
          .map(each => [dice.next().value, each] as const)
          .sort(([a], [b]) => a - b)
          .map(([, each]) => each);
        expect(messageState({ state: 'accepted' }, reports(...shuffled))).toBe(
          messageState({ state: 'accepted' }, reports(...statuses)),
        );
      }),
    );
  });

  it('never goes back with any further status', () => {
    const rank = ['pending', 'sending', 'accepted', 'sent', 'failed', 'delivered', 'read'];
    const status = fc.constantFrom('sent', 'delivered', 'read', 'played', 'failed', 'deleted');
    fc.assert(
      fc.property(fc.array(status), status, (statuses, next) => {
        const before = messageState({ state: 'accepted' }, reports(...statuses));
        const after = messageState({ state: 'accepted' }, reports(...statuses, next));
        expect(rank.indexOf(after)).toBeGreaterThanOrEqual(rank.indexOf(before));
      }),
    );
  });
});
