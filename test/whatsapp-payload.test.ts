import fc from 'fast-check';
import { parseWebhook, type OddReason, type WebhookItem } from '../src/whatsapp/payload';
import {
  bodyOf,
  envelope,
  messagesBody,
  phoneNumberId,
  statusesBody,
  textMessage,
} from './support/webhook-bodies';
import { noteFigure } from './support/proving';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const kinds = (items: WebhookItem[]): string[] =>
  items.map(item => (item.type === 'odd' ? item.reason : item.type));
const value = (parts: object): unknown => envelope({ messaging_product: 'whatsapp', ...parts });

describe('a webhook body', () => {
  it('yields every message and status of every change and entry, in order', () => {
    const body = bodyOf({
      object: 'whatsapp_business_account',
      entry: [
        {
          changes: [
            {
              field: 'messages',
              value: {
                messages: [textMessage({ id: 'a' }), textMessage({ id: 'b' })],
                statuses: [{ id: 'c', status: 'sent' }],
              },
            },
            { field: 'messages', value: { statuses: [{ id: 'd', status: 'read' }] } },
          ],
        },
        { changes: [{ field: 'messages', value: { messages: [textMessage({ id: 'e' })] } }] },
      ],
    });
    const ids = parseWebhook(body).map(item => ('wamid' in item ? item.wamid : null));
    expect(ids).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('of a thousand messages yields a thousand', () => {
    const body = messagesBody(...Array.from({ length: 1_000 }, () => textMessage()));
    expect(kinds(parseWebhook(body))).toEqual(Array.from({ length: 1_000 }, () => 'message'));
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 7],
    ['a message without id', textMessage({ id: undefined })],
    ['a message without sender', textMessage({ from: undefined })],
    ['a message nested too deeply', textMessage({ text: nested(500) })],
  ])('with %s among its messages keeps the others', (_, odd) => {
    const items = parseWebhook(bodyOf(value({ messages: [textMessage(), odd, textMessage()] })));
    expect(items.map(item => item.type)).toEqual(['message', 'odd', 'message']);
  });

  it('with an unreadable status keeps the messages', () => {
    const items = parseWebhook(bodyOf(value({ messages: [textMessage()], statuses: [null, { id: 'x' }] })));
    expect(kinds(items)).toEqual(['message', 'not-an-object', 'no-status']);
  });

  it.each<[OddReason, unknown]>([
    ['no-entries', null],
    ['no-entries', []],
    ['no-entries', {}],
    ['no-entries', { entry: {} }],
    ['not-an-object', { entry: [null] }],
    ['no-entries', { entry: [] }],
    ['no-changes', { entry: [{}] }],
    ['no-changes', { entry: [{ changes: [] }] }],
    ['not-an-object', { field: 'messages', value: 7 }],
    ['not-an-object', { entry: [{ changes: [null] }] }],
    ['not-an-object', { entry: [{ changes: [{ field: 'messages' }] }] }],
    ['unknown-field', envelope({ event: 'APPROVED' }, 'field_of_the_future')],
    ['empty-value', value({})],
    ['empty-value', value({ messages: [] })],
    ['not-an-object', value({ messages: 'none' })],
    ['account-error', value({ errors: [{ code: 130429 }] })],
    ['no-id', value({ statuses: [{ status: 'sent' }] })],
    ['no-sender', value({ messages: [textMessage({ from: 'two words' })] })],
    ['too-deep', value({ messages: [textMessage({ a: nested(100) })] })],
  ])('of an unknown kind is one odd item: %s', (reason, payload) => {
    expect(kinds(parseWebhook(bodyOf(payload)))).toEqual([reason]);
  });

  it.each<[OddReason, object]>([
    ['other-line', { metadata: { phone_number_id: '4711' }, messages: [textMessage(), textMessage()] }],
    ['other-line', { metadata: { phone_number_id: 4711 }, statuses: [{ id: 'x', status: 'read' }] }],
    ['not-private', { messages: [textMessage({ group_id: 'Y2FwaV9ncm91cDox' })] }],
    ['not-private', { messages: [textMessage({ recipient_type: 'group' })] }],
    ['not-private', { messages: [textMessage({ from: '120363025@g.us' })] }],
    ['not-private', { messages: [textMessage({ from: 'status@broadcast' })] }],
    ['not-private', { statuses: [{ id: 'x', status: 'failed', recipient_type: 'group' }] }],
    [
      'not-private',
      {
        metadata: { display_phone_number: '+90 533 338 06 06' },
        messages: [textMessage({ from: '905333380606' })],
      },
    ],
  ])('for another number, or not from one person, is one odd item: %s', (reason, parts) => {
    expect(kinds(parseWebhook(bodyOf(value(parts)), phoneNumberId))).toEqual([reason]);
  });

  it.each([{}, { metadata: null }, { metadata: { phone_number_id: phoneNumberId } }])(
    'for this number, or without a number, is accepted: %j',
    parts => {
      const items = parseWebhook(bodyOf(value({ ...parts, messages: [textMessage()] })), phoneNumberId);
      expect(kinds(items)).toEqual(['message']);
    },
  );

  it('that is not JSON is one odd item with its text', () => {
    expect(parseWebhook(Buffer.from('{"entry":['))).toEqual([
      { type: 'odd', reason: 'not-json', payload: '{"entry":[' },
    ]);
  });

  it('never changes a prototype, and reads no inherited member', () => {
    const body = Buffer.from(
      '{"entry":[{"changes":[{"value":{"__proto__":{"messages":[1]},"constructor":{"prototype":{"x":1}}}}]}]}',
    );
    expect(kinds(parseWebhook(body))).toEqual(['empty-value']);
    expect(Object.prototype).not.toHaveProperty('x');
  });
});

describe('the sender of a message', () => {
  const bsuid = 'TR.1349xYz09';
  const parsed = (message: unknown, contacts?: unknown): WebhookItem | undefined =>
    parseWebhook(bodyOf(value({ messages: [message], contacts })))[0];

  it.each([
    ['the number in from', { from: '905321110000' }, { bsuid: null, phone: '905321110000' }],
    ['a number of few digits', { from: '5678' }, { bsuid: null, phone: '5678' }],
    ['a number with a plus', { from: '+905321110000' }, { bsuid: null, phone: '905321110000' }],
    ['a number as a number', { from: 905321110000 }, { bsuid: null, phone: '905321110000' }],
    ['the BSUID alone', { from: undefined, from_user_id: bsuid }, { bsuid, phone: null }],
    ['both', { from_user_id: bsuid }, { bsuid, phone: '905321110000' }],
    ['a BSUID in from', { from: bsuid }, { bsuid, phone: null }],
    ['an id in an unknown format', { from: 'some-id_1' }, { bsuid: 'some-id_1', phone: null }],
  ])('is %s', (_, parts, sender) => {
    expect(parsed(textMessage(parts))).toMatchObject({ type: 'message', sender });
  });

  it('gets its contact by id, in any order', () => {
    const contacts = [
      null,
      { wa_id: '905320000001', profile: { name: 'Başkası' } },
      { wa_id: '905321110000', user_id: bsuid, profile: { name: 'Ayşe' } },
    ];
    expect(parsed(textMessage(), contacts)).toMatchObject({
      sender: { bsuid, phone: '905321110000' },
      contact: { profile: { name: 'Ayşe' } },
    });
  });

  it('gets no contact if none matches', () => {
    expect(parsed(textMessage(), [{ wa_id: '905320000001' }])).toMatchObject({ contact: null });
  });

  it('without a number gets it from the contact', () => {
    const contacts = [{ wa_id: '905321110000', user_id: bsuid }];
    expect(parsed(textMessage({ from: undefined, from_user_id: bsuid }), contacts)).toMatchObject({
      sender: { bsuid, phone: '905321110000' },
    });
  });
});

describe('a moment', () => {
  it.each([
    ['1760000000', '2025-10-09T08:53:20.000Z'],
    [1760000000, '2025-10-09T08:53:20.000Z'],
    [undefined, null],
    [null, null],
    ['soon', null],
    ['', null],
    [1e300, null],
    ['1', null],
    [-1760000000, null],
    [{}, null],
  ])('of %j is %s', (timestamp, expected) => {
    const [item] = parseWebhook(bodyOf(value({ messages: [textMessage({ timestamp })] })));
    expect(item).toMatchObject({ sentAt: expected === null ? null : new Date(expected) });
  });
});

describe('a status', () => {
  it('has the key that we sent, the state and the error', () => {
    const body = statusesBody({
      id: 'wamid.x',
      status: 'failed',
      timestamp: '1760000000',
      biz_opaque_callback_data: 'PK-0000-0001:3',
      errors: [{ code: 131047, title: 'Re-engagement message' }],
    });
    expect(parseWebhook(body)).toEqual([
      {
        type: 'status',
        key: 'PK-0000-0001:3',
        wamid: 'wamid.x',
        status: 'failed',
        at: new Date(1760000000_000),
        errorCode: '131047',
      },
    ]);
  });

  it('needs neither key nor error', () => {
    expect(parseWebhook(statusesBody({ id: 'wamid.x', status: 'deleted', errors: [null] }))).toMatchObject([
      { type: 'status', key: null, wamid: 'wamid.x', errorCode: null },
    ]);
  });
});

describe('any signed body', () => {
  const loneSurrogate = fc.constantFrom('\ud83d', 'a\udc00b', '\udfff\ud800');
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), loneSurrogate, fc.constant('9'.repeat(400)));
  const scrap = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    anyText,
    fc.constantFrom({}, [], { __proto__: null }, { toString: 1 }),
  );
  const message = fc.record(
    {
      from: fc.oneof(anyText, fc.constantFrom('905321110000', 'TR.12ab'), scrap),
      from_user_id: fc.oneof(fc.constant('TR.12ab'), scrap),
      id: fc.oneof(anyText, fc.uuid()),
      timestamp: fc.oneof(fc.double(), fc.integer(), anyText, scrap),
      type: fc.oneof(fc.constantFrom('text', 'image', 'constructor', '__proto__', 'hologram'), scrap),
      text: scrap,
    },
    { requiredKeys: [] },
  );
  const change = fc.record(
    {
      field: fc.oneof(fc.constant('messages'), scrap),
      value: fc.oneof(
        fc.record(
          {
            messages: fc.oneof(fc.array(fc.oneof(message, scrap), { maxLength: 5 }), scrap),
            statuses: fc.oneof(fc.array(fc.oneof(message, scrap), { maxLength: 5 }), scrap),
            contacts: scrap,
            errors: scrap,
          },
          { requiredKeys: [] },
        ),
        scrap,
      ),
    },
    { requiredKeys: [] },
  );
  const entry = fc.record({ changes: fc.oneof(fc.array(change, { maxLength: 3 }), scrap) });
  const payload = fc.oneof(
    { weight: 5, arbitrary: fc.record({ entry: fc.array(fc.oneof(entry, scrap), { maxLength: 3 }) }) },
    scrap,
  );

  const isFit = (item: WebhookItem): boolean => {
    if (item.type === 'odd') return typeof item.payload === 'string';
    if (item.type === 'renamed') return item.names.length > 0;
    if (item.type === 'notice') return item.notice.event !== '';
    return item.type === 'status' || (item.sender.bsuid ?? item.sender.phone ?? '') !== '';
  };

  it('yields parsed or odd items, and every message has a sender', () => {
    fc.assert(
      fc.property(payload, given => parseWebhook(bodyOf(given)).every(isFit)),
      { numRuns: 50_000 },
    );
    noteFigure(50_000, 'bodies: each message or odd item kept');
  });

  it('does not affect a valid message beside it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(message, scrap), { maxLength: 6 }), fc.nat(6), (others, place) => {
        const messages = [
          ...others.slice(0, place),
          textMessage({ id: 'the-good-one' }),
          ...others.slice(place),
        ];
        const items = parseWebhook(bodyOf(value({ messages })));
        expect(items).toHaveLength(messages.length);
        expect(items[Math.min(place, others.length)]).toMatchObject({ wamid: 'the-good-one' });
      }),
      { numRuns: 2_000 },
    );
  });

  it('may be any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), array => {
        expect(parseWebhook(Buffer.from(array)).length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('may be nested as deep as three megabytes allow', () => {
    const deep = '['.repeat(1_500_000) + ']'.repeat(1_500_000);
    const body = Buffer.from(`{"entry":[{"changes":[{"value":{"messages":[${deep}]}}]}]}`);
    expect(kinds(parseWebhook(body))).toEqual(['not-an-object']);
  });
});
