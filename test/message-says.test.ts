import { saysOf } from '../activities/message-says';
import { loadMunicipality } from '../src/config/municipality';
import type { Says } from '../src/domain/talk/conversation-state';

const { language } = loadMunicipality('config/etimesgut');
const ENGLAND = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';

test.each<[words: string, says: Says]>([
  ['1️⃣', 'aside'],
  [ENGLAND, 'aside'],
  ['👍\u200b', 'aside'],
  ['👨‍👩‍👧 🇹🇷 👍🏽', 'aside'],
  ['#️⃣', 'aside'],
  ['1', 'report'],
  ['👍 tamam', 'thanks'],
  ['çukur 😡', 'report'],
  ['yan\u200bgın var', 'emergency'],
  ['aradım kimse açmıyor', 'person'],
  ['aradık açmıyorlar', 'person'],
  ['d\u200bur', 'stop'],
])('a message with only "%s" says %s', (words, says) => {
  const content = {
    ...{ type: 'text', words, place: null, media: null, tap: null },
    ...{ refersTo: null, lostFile: false },
  };
  expect(saysOf(content, language)).toBe(says);
});
