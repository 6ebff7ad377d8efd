import { caseUpdate, errorOf, startTestSandbox, type TestSandbox } from './support/local-sandbox';
import { phoneNumberId } from './support/webhook-bodies';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox({ templates: [caseUpdate] });
});
afterEach(() => sandbox.dispose());

const a = (length: number, letter = 'a'): string => letter.repeat(length);

describe('a message within the limits is accepted', () => {
  it.each<[string, Record<string, unknown>]>([
    ['text of 4096 characters', { type: 'text', text: { body: a(4096) } }],
    ['text whose emoji count as one character each', { type: 'text', text: { body: a(4096, '😀') } }],
    [
      'template with its parameters',
      {
        type: 'template',
        template: {
          name: 'case_update',
          language: { code: 'tr' },
          components: [
            {
              type: 'body',
              parameters: [
                { type: 'text', text: 'Ayşe' },
                { type: 'text', text: 'PK-1' },
              ],
            },
          ],
        },
      },
    ],
    ['image by link', { type: 'image', image: { link: 'https://example.org/a.jpg', caption: a(1024) } }],
  ])('%s', async (_, message) => {
    const { phone } = await sandbox.newCitizen();
    const answer = await sandbox.send({ to: `+${phone}`, ...message });
    expect(answer).toMatchObject({
      status: 200,
      json: { messaging_product: 'whatsapp', contacts: [{ input: `+${phone}`, wa_id: phone }] },
    });
    expect((answer.json['messages'] as { id: string }[])[0]?.id).toMatch(/^wamid\.[A-Za-z0-9+/]+=*$/);
  });

  it('to a BSUID, for people without a number', async () => {
    const { bsuid } = await sandbox.newCitizen({ username: 'ayse.y' });
    const answer = await sandbox.send({ recipient: bsuid, type: 'text', text: { body: 'a' } });
    expect(answer).toMatchObject({ status: 200, json: { contacts: [{ input: bsuid, user_id: bsuid }] } });
  });
});

describe('a message over a limit is refused as Meta refuses it', () => {
  it.each<[string, Record<string, unknown>, number, string]>([
    [
      'text over 4096',
      { type: 'text', text: { body: a(4097) } },
      100,
      "(#100) Param text['body'] must be at most 4096 characters long.",
    ],
    [
      'text other than a string',
      { type: 'text', text: { body: 5 } },
      100,
      "(#100) Param text['body'] must be a string.",
    ],
    ['no body', { type: 'text', text: {} }, 131008, "Param text['body'] is required."],
    ['empty body', { type: 'text', text: { body: '' } }, 131008, "Param text['body'] is required."],
    ['missing object of the type', { type: 'image' }, 100, '(#100) The parameter image is required.'],
    ['unknown type', { type: 'poll' }, 100, '(#100) Param type'],
    [
      'caption over 1024',
      { type: 'image', image: { link: 'https://example.org', caption: a(1025) } },
      100,
      "(#100) Param image['caption'] must be at most 1024 characters long.",
    ],
    [
      'caption on a voice note',
      { type: 'audio', audio: { link: 'https://example.org', caption: 'a' } },
      100,
      'Unexpected key "caption"',
    ],
    ['media with neither id nor link', { type: 'image', image: {} }, 100, 'exactly one of id and link'],
    [
      'unknown media id',
      { type: 'image', image: { id: '1' } },
      100,
      'is not a valid whatsapp business account media attachment ID',
    ],
    [
      'callback data over 512',
      { type: 'text', text: { body: 'a' }, biz_opaque_callback_data: a(513) },
      100,
      'biz_opaque_callback_data must be at most 512',
    ],
    [
      'answer to an unknown message',
      { type: 'text', text: { body: 'a' }, context: { message_id: 'wamid.x' } },
      131009,
      'Message ID is invalid',
    ],
    [
      'unknown template',
      { type: 'template', template: { name: 'nope', language: { code: 'tr' } } },
      132001,
      'template name (nope) does not exist in tr',
    ],
    [
      'template in another language',
      { type: 'template', template: { name: 'case_update', language: { code: 'en' } } },
      132001,
      'does not exist in en',
    ],
    [
      'template without its parameters',
      { type: 'template', template: { name: 'case_update', language: { code: 'tr' } } },
      132000,
      'body: number of localizable_params (0) does not match the expected number of params (2)',
    ],
    [
      'template parameter with a line break',
      {
        type: 'template',
        template: {
          name: 'case_update',
          language: { code: 'tr' },
          components: [
            {
              type: 'body',
              parameters: [
                { type: 'text', text: 'a\nb' },
                { type: 'text', text: 'c' },
              ],
            },
          ],
        },
      },
      132012,
      'new-line',
    ],
  ])('%s', async (_, message, code, words) => {
    const { phone } = await sandbox.newCitizen();
    const answer = await sandbox.send({ to: `+${phone}`, ...message });
    const error = errorOf(answer);
    expect(answer.status).toBe(code === 132001 ? 404 : 400);
    expect(error).toMatchObject({ type: 'OAuthException', code, fbtrace_id: expect.any(String) as string });
    expect(`${error.message} ${error.error_data?.details ?? ''}`).toContain(words);
    expect(error.message).toMatch(new RegExp(`^\\(#${code}\\) `));
  });

  it.each([
    ['a wrong token', `/${phoneNumberId}/messages`, 'wrong', 401, 190, undefined],
    ['the id of another number', '/1/messages', undefined, 400, 100, 33],
    ['an unknown path', '/1/2/3', undefined, 400, 2500, undefined],
  ])('%s', async (_, where, bearer, status, code, subcode) => {
    const answer = await sandbox.graph('POST', where, {}, bearer);
    expect(answer.status).toBe(status);
    expect(errorOf(answer).code).toBe(code);
    expect(errorOf(answer).error_subcode).toBe(subcode);
  });

  it.each(['v20.0', 'v27.0', 'latest'])('version %s', async version => {
    const response = await fetch(`${sandbox.graphUrl}/${version}/${phoneNumberId}/messages`, {
      method: 'POST',
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { code: number } }).error.code).toBe(2500);
  });

  it.each(['', '[]', 'null', '{"messaging_product":"whatsapp"', '"text"'])('body %j', async body => {
    const answer = await sandbox.graph('POST', `/${phoneNumberId}/messages`, body);
    expect(errorOf(answer)).toMatchObject({
      code: 100,
      message: '(#100) The parameter messaging_product is required.',
    });
  });
});
