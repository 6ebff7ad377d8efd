import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { casesOf, citizenIdOf } from './support/line/cases-of-line';
import type { Person } from './support/line/phones';

let line: TestLine;
beforeAll(async () => {
  line = await startLine('types');
}, 120_000);
afterAll(() => line.stop());

/**
 * All message types other than text, and the answer to each. Null if the message is only recorded, because no
 * question is open.
 */
const otherMessages: [what: string, message: Record<string, unknown>, answer: string | null][] = [
  ['a voice note', { type: 'voice' }, 'Sesli mesajınız saklandı'],
  ['a document', { type: 'document', filename: 'dilekce.pdf' }, 'birkaç kelimeyle'],
  ['a photo without words', { type: 'image', sample: 'rubbish' }, 'birkaç kelimeyle'],
  ['a pin alone', { type: 'location', latitude: 39.94, longitude: 32.64 }, 'birkaç kelimeyle'],
  ['a sticker', { type: 'sticker' }, 'Sorununuzu, talebinizi veya önerinizi yazınız'],
  ['a contact card', { type: 'contacts', name: 'Ali', phone: '+905001112233' }, 'Bu tür mesajlar'],
  ['an unsupported message', { type: 'unsupported' }, 'Bu tür mesajlar'],
  ['an unknown type', raw('hologram', { hologram: { id: '1', depth: [1, 2] } }), 'Bu tür mesajlar'],
  ['an invalid type', raw('Ünlü tip!', {}), 'Bu tür mesajlar'],
  ['a filled-in form', raw('interactive', { interactive: { type: 'nfm_reply', nfm_reply: {} } }), 'Bu tür'],
  ['an unknown button', raw('button', { button: { payload: 'x', text: 'Evet' } }), 'yazınız'],
  ['a text without a text', raw('text', { text: null }), 'Bu tür mesajlar'],
  ['a changed number', raw('system', { system: { type: 'user_changed_number', wa_id: '1' } }), null],
  ['an edit', raw('edit', { edit: { original_message_id: 'wamid.x', message: { type: 'text' } } }), null],
  ['a deletion', raw('revoke', { revoke: { original_message_id: 'wamid.x' } }), null],
];

function raw(type: string, parts: object): Record<string, unknown> {
  return { type: 'raw', message: { type, ...parts } };
}

describe('a message other than a report', () => {
  const senders = new Map<string, Person>();
  beforeAll(async () => {
    for (const [what, message] of otherMessages) {
      const sender = await line.phones.newPerson({ name: what });
      senders.set(what, sender);
      await line.phones.write(sender, message);
    }
  });

  it.each(otherMessages)('%s is answered or recorded, and opens no case', async (what, _, answer) => {
    const sender = senders.get(what);
    if (!sender) throw new Error('nobody sent it');
    if (answer === null) await isNoted(sender);
    else await line.phones.hears(sender, answer);
    expect(await line.phones.told(sender)).toHaveLength(answer === null ? 0 : 1);
    expect(await casesOf(line, sender)).toEqual([]);
  });

  async function isNoted(sender: Person): Promise<void> {
    await awaited('the message to be noted', async () => {
      const citizenId = await citizenIdOf(line, sender);
      const [message] = await line.store.messages.model.find({ citizenId: citizenId ?? '' }).lean();
      return message?.handledAt;
    });
  }

  it('leaves both roles running', async () => {
    expect((await fetch(`${line.baseUrl}/readyz`)).status).toBe(200);
    const levels = line
      .logs()
      .split('\n')
      .flatMap(text => /"level":(\d+)/.exec(text)?.[1] ?? []);
    expect(levels.filter(level => Number(level) >= 50)).toEqual([]);
  });
});
