import fc from 'fast-check';
import { contentOf, type MessageContent } from '../src/whatsapp/message-content';

const nothing: Omit<MessageContent, 'type'> = {
  words: null,
  place: null,
  media: null,
  tap: null,
  refersTo: null,
  lostFile: false,
};
const media = (kind: string, mimeType: string): object => ({ kind, mediaId: '17', mimeType });

describe('the content of a message', () => {
  it.each<[string, Record<string, unknown>, Partial<MessageContent>]>([
    ['text', { text: { body: ' Çukur var\r\n ' } }, { words: 'Çukur var' }],
    [
      'image',
      { image: { id: '17', mime_type: 'image/jpeg', caption: 'burada' } },
      { words: 'burada', media: media('image', 'image/jpeg') as MessageContent['media'] },
    ],
    ['image', { errors: [{ code: 131052 }] }, { lostFile: true }],
    [
      'video',
      { video: { id: 17, mime_type: 'video/mp4' } },
      { media: media('video', 'video/mp4') as MessageContent['media'] },
    ],
    [
      'audio',
      { audio: { id: '17', mime_type: 'audio/ogg; codecs=opus', voice: true } },
      { media: media('audio', 'audio/ogg; codecs=opus') as MessageContent['media'] },
    ],
    [
      'document',
      { document: { id: '17', caption: 'dilekçe' } },
      { words: 'dilekçe', media: media('document', 'application/octet-stream') as MessageContent['media'] },
    ],
    [
      'sticker',
      { sticker: { id: '17', mime_type: 'image/webp' } },
      { media: media('sticker', 'image/webp') as MessageContent['media'] },
    ],
    [
      'location',
      { location: { latitude: 39.95, longitude: '32.66', name: 'Süvari Parkı' } },
      { place: { latitude: 39.95, longitude: 32.66, name: 'Süvari Parkı', address: null } },
    ],
    ['location', { location: { latitude: 139.95, longitude: 32.66 } }, {}],
    ['location', { location: null }, {}],
    [
      'interactive',
      { interactive: { type: 'button_reply', button_reply: { id: 'b1', title: 'Çözüldü' } } },
      { words: 'Çözüldü', tap: 'b1' },
    ],
    [
      'interactive',
      { interactive: { type: 'list_reply', list_reply: { id: 'r1', title: 'Yol', description: 'x' } } },
      { words: 'Yol', tap: 'r1' },
    ],
    ['interactive', { interactive: { type: 'nfm_reply', nfm_reply: { response_json: '{' } } }, {}],
    ['interactive', {}, {}],
    ['button', { button: { payload: 'p1', text: 'Evet' } }, { words: 'Evet', tap: 'p1' }],
    ['contacts', { contacts: [{ name: { formatted_name: 'Ali' } }] }, {}],
    ['reaction', { reaction: { message_id: 'wamid.x', emoji: '👍' } }, { refersTo: 'wamid.x', words: '👍' }],
    ['reaction', { reaction: { message_id: 'wamid.x' } }, { refersTo: 'wamid.x' }],
    ['order', { order: { catalog_id: '1', text: 'iki tane' } }, { words: 'iki tane' }],
    ['system', { system: { type: 'user_changed_number', body: 'A changed to B' } }, {}],
    ['unsupported', { errors: [{ code: 131051 }], unsupported: { type: 'poll_creation' } }, {}],
    ['revoke', { revoke: { original_message_id: 'wamid.x' } }, { refersTo: 'wamid.x' }],
    ['text', { text: { body: 'evet' }, context: { id: 'wamid.x' } }, { words: 'evet', refersTo: 'wamid.x' }],
    [
      'interactive',
      {
        interactive: {
          type: 'nfm_reply',
          nfm_reply: { response_json: '{"flow_token":"t","konu":"Çukur","yer":{"a":1},"ev":12}' },
        },
      },
      { words: 'Çukur\n12' },
    ],
    [
      'interactive',
      {
        interactive: {
          type: 'nfm_reply',
          nfm_reply: { response_json: '{"konu":["Çukur",{"a":1},"Rögar"]}' },
        },
      },
      { words: 'Çukur\nRögar' },
    ],
    ['edit', { edit: { message: { type: 'text', text: { body: 'düzeltme' } } } }, { words: 'düzeltme' }],
    ['edit', { edit: { message: { type: 'edit', edit: { message: {} } } } }, {}],
    ['request_welcome', {}, {}],
    ['hologram', { hologram: { id: '17' } }, {}],
    ['constructor', {}, {}],
  ])('of type %s', (type, parts, expected) => {
    expect(contentOf({ type, ...parts })).toEqual({ type, ...nothing, ...expected });
  });

  it.each([
    ['is derived from the existing part', { text: { body: 'a' } }, 'text'],
    ['is audio for a voice note in the old format', { type: 'voice', voice: { id: '7' } }, 'audio'],
    ['is unknown if it is not a string', { type: 'No Such Type!' }, 'unknown'],
    ['is unknown without any content', {}, 'unknown'],
    ['is unknown if it is not a message', null, 'unknown'],
  ])('its type %s', (_, message, type) => {
    expect(contentOf(message).type).toBe(type);
  });
});

describe('the text of a message', () => {
  const wordsOf = (body: unknown): string | null => contentOf({ type: 'text', text: { body } }).words;

  it.each([
    ['keep lines, tabs and emoji', 'a\n\tb 👨‍👩‍👧', 'a\n\tb 👨‍👩‍👧'],
    ['lose control characters', 'a\u0000\u0007b\u001b\u0085', 'ab'],
    ['lose marks that turn the writing direction', 'a\u202eb\u2066c', 'abc'],
    ['lose halves of broken emoji', 'a\ud83db', 'ab'],
    ['are null if there are only such characters', '\u0000 \u202e', null],
    ['are null if they are not a string', { $ne: 1 }, null],
  ])('%s', (_, body, words) => {
    expect(wordsOf(body)).toBe(words);
  });

  it('has at most 4,096 code points, and no half emoji', () => {
    expect(wordsOf('ş'.repeat(4_096))).toBe('ş'.repeat(4_096));
    expect(wordsOf('🚗'.repeat(4_096))).toBe('🚗'.repeat(4_096));
    expect(wordsOf('🚗'.repeat(5_000))).toBe(`${'🚗'.repeat(4_095)}…`);
    expect(wordsOf('a'.repeat(3_000_000))).toHaveLength(4_096);
  });

  it('is always well-formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 6_000 }), body => {
        const words = wordsOf(body) ?? '';
        expect(Array.from(words).length).toBeLessThanOrEqual(4_096);
        expect(words).not.toMatch(/\p{Cs}|(?![\t\n])\p{Cc}/u);
      }),
      { numRuns: 200 },
    );
  });
});
