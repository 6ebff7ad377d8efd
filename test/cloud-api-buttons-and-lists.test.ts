import { errorOf, startTestSandbox, until, type TestSandbox } from './support/local-sandbox';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox();
});
afterEach(() => sandbox.dispose());

const a = (length: number, letter = 'a'): string => letter.repeat(length);
const button = (over: object = {}, titles = ['Evet', 'Hayır']) => ({
  type: 'interactive',
  interactive: {
    type: 'button',
    body: { text: 'Çözüldü mü?' },
    action: { buttons: titles.map((title, index) => ({ type: 'reply', reply: { id: `b${index}`, title } })) },
    ...over,
  },
});
const rows = (count: number, over: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ id: `r${index}`, title: `Konu ${index}`, ...over }));
const list = (sections: object[], over: object = {}, label = 'Konular') => ({
  type: 'interactive',
  interactive: { type: 'list', body: { text: 'Konu?' }, action: { button: label, sections }, ...over },
});
const cta = (display_text: string, url = 'https://example.org') => ({
  type: 'interactive',
  interactive: {
    type: 'cta_url',
    body: { text: 'Takip' },
    action: { name: 'cta_url', parameters: { display_text, url } },
  },
});

describe('an interactive message within the limits is accepted', () => {
  it.each<[string, Record<string, unknown>]>([
    ['three buttons with titles of 20', button({}, [a(20), a(20, 'b'), a(20, 'ş')])],
    [
      'list of ten rows in two sections',
      list([
        { title: a(24), rows: rows(5) },
        { title: 'B', rows: rows(5).map(row => ({ ...row, id: `x${row.id}` })) },
      ]),
    ],
    ['row of 24 and 72 characters', list([{ rows: rows(1, { title: a(24), description: a(72) }) }])],
    [
      'location request',
      {
        type: 'interactive',
        interactive: {
          type: 'location_request_message',
          body: { text: 'Konum?' },
          action: { name: 'send_location' },
        },
      },
    ],
    ['link button', cta(a(20))],
    [
      'link button below a picture',
      {
        type: 'interactive',
        interactive: {
          ...cta('Aç').interactive,
          header: { type: 'image', image: { link: 'https://example.org/a.jpg' } },
          footer: { text: a(60) },
        },
      },
    ],
  ])('%s', async (_, message) => {
    const { phone } = await sandbox.newCitizen();
    const answer = await sandbox.send({ to: `+${phone}`, ...message });
    expect(answer).toMatchObject({
      status: 200,
      json: { messaging_product: 'whatsapp', contacts: [{ input: `+${phone}`, wa_id: phone }] },
    });
    expect((answer.json['messages'] as { id: string }[])[0]?.id).toMatch(/^wamid\.[A-Za-z0-9+/]+=*$/);
  });
});

describe('an interactive message over a limit is refused like Meta does', () => {
  it.each<[string, Record<string, unknown>, number, string]>([
    [
      'button body over 1024',
      button({ body: { text: a(1025) } }),
      131009,
      'Body text length invalid. Min length: 1, Max length: 1024',
    ],
    [
      'button title over 20',
      button({}, [a(21)]),
      131009,
      'Button title length invalid. Min length: 1, Max length: 20',
    ],
    [
      'four buttons',
      button({}, ['a', 'b', 'c', 'd']),
      131009,
      'Buttons count invalid. Min allowed buttons: 1, Max allowed buttons: 3',
    ],
    ['no button', button({}, []), 131009, 'Buttons count invalid'],
    ['two buttons of one title', button({}, ['a', 'a']), 131009, 'Duplicated button title'],
    [
      'button id over 256',
      button({ action: { buttons: [{ type: 'reply', reply: { id: a(257), title: 'a' } }] } }),
      131009,
      'Button id length invalid',
    ],
    ['footer over 60', button({ footer: { text: a(61) } }), 131009, 'Footer text length invalid'],
    [
      'header over 60',
      button({ header: { type: 'text', text: a(61) } }),
      131009,
      'Header text length invalid',
    ],
    [
      'eleven rows',
      list([
        { title: 'A', rows: rows(6) },
        { title: 'B', rows: rows(5).map(row => ({ ...row, id: `x${row.id}` })) },
      ]),
      131009,
      'Total row count exceed max allowed count: 10',
    ],
    [
      'eleven sections',
      list(
        Array.from({ length: 11 }, (_, index) => ({ title: `${index}`, rows: rows(1, { id: `i${index}` }) })),
      ),
      131009,
      'Section count invalid',
    ],
    ['section without rows', list([{ title: 'A', rows: [] }]), 131009, 'Section must have at least one row'],
    [
      'two sections, one without title',
      list([{ title: 'A', rows: rows(1) }, { rows: rows(1, { id: 'z' }) }]),
      131008,
      'Section title is required',
    ],
    [
      'section title over 24',
      list([{ title: a(25), rows: rows(1) }]),
      131009,
      'Section title is too long. Max length is 24',
    ],
    [
      'row title over 24',
      list([{ rows: rows(1, { title: a(25) }) }]),
      131009,
      'Row title is too long. Max length is 24',
    ],
    [
      'row description over 72',
      list([{ rows: rows(1, { description: a(73) }) }]),
      131009,
      'Row description is too long. Max length is 72',
    ],
    [
      'row id over 200',
      list([{ rows: rows(1, { id: a(201) }) }]),
      131009,
      'Row id is too long. Max length is 200',
    ],
    ['two rows of one id', list([{ rows: rows(2, { id: 'same' }) }]), 131009, 'Duplicated row id'],
    [
      'list label over 20',
      list([{ rows: rows(1) }], {}, a(21)),
      131009,
      'Button label is too long. Max length is 20',
    ],
    [
      'list body over 4096',
      list([{ rows: rows(1) }], { body: { text: a(4097) } }),
      131009,
      'Body text length invalid. Min length: 1, Max length: 4096',
    ],
    [
      'list with a picture as header',
      list([{ rows: rows(1) }], { header: { type: 'image', image: { link: 'https://example.org' } } }),
      131009,
      'Header type invalid',
    ],
    ['link label over 20', cta(a(21)), 131009, 'Display text is too long. Max length is 20'],
    ['invalid link', cta('Takip', 'paydaskent'), 131009, 'URL is not valid'],
    [
      'location request of another name',
      {
        type: 'interactive',
        interactive: { type: 'location_request_message', body: { text: 'a' }, action: { name: 'x' } },
      },
      100,
      "(#100) Param interactive['action']['name'] must be one of {SEND_LOCATION}.",
    ],
  ])('%s', async (_, message, code, words) => {
    const { phone } = await sandbox.newCitizen();
    const answer = await sandbox.send({ to: `+${phone}`, ...message });
    const error = errorOf(answer);
    expect(answer.status).toBe(400);
    expect(error).toMatchObject({ type: 'OAuthException', code, fbtrace_id: expect.any(String) as string });
    expect(`${error.message} ${error.error_data?.details ?? ''}`).toContain(words);
    expect(error.message).toMatch(new RegExp(`^\\(#${code}\\) `));
  });
});

describe('a tap', () => {
  it.each<[string, Record<string, unknown>, string, object]>([
    [
      'on a button',
      button(),
      'b1',
      {
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'b1', title: 'Hayır' } },
      },
    ],
    [
      'on a row',
      list([{ rows: rows(2, { description: 'd' }).map((row, index) => ({ ...row, id: `r${index}` })) }]),
      'r1',
      {
        type: 'interactive',
        interactive: { type: 'list_reply', list_reply: { id: 'r1', title: 'Konu 1', description: 'd' } },
      },
    ],
  ])(
    '%s comes back with its id, title and the message it belongs to',
    async (_, message, replyId, expected) => {
      const { id, phone } = await sandbox.newCitizen();
      const { json } = await sandbox.send({ to: `+${phone}`, ...message });
      const messageId = (json['messages'] as { id: string }[])[0]?.id;
      await sandbox.control('POST', `/citizens/${id}/messages`, { type: 'tap', messageId, replyId });
      const received = await until(() => sandbox.receiver.values().flatMap(value => value.messages ?? [])[0]);
      expect(received).toMatchObject({ ...expected, context: { id: messageId, from: '905333380606' } });
    },
  );
});
