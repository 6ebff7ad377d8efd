import { loadMunicipality } from '../src/config/municipality';
import type { Follows } from '../src/domain/talk/conversation';
import { followsCase, type FollowUp } from '../src/domain/talk/follow-up';

const { followUp } = loadMunicipality('config/etimesgut').language;

const plain: FollowUp = {
  words: '',
  meansCase: false,
  subject: 'none',
  sure: false,
  tellsPlace: false,
  asked: false,
};

test.each<[Follows, string, Partial<FollowUp>]>([
  ['addition', 'Hâlâ duruyor', { meansCase: true, subject: 'other', sure: true }],
  ['addition', '1234. sokak, okulun önü', { tellsPlace: true }],
  ['addition', 'Adresi unuttum: okulun arkası', {}],
  ['addition', 'Yıldız Kebap', { asked: true }],
  ['addition', 'Çukur çok derin, araba düştü', { subject: 'same', sure: true }],
  ['new', 'Çöp konteyneri de dolu', { subject: 'other', sure: true }],
  ['new', 'Başka bir sorun daha var', {}],
  ['new', 'Yeni bir bildirim yapacağım', { subject: 'same' }],
  ['new', 'another problem', {}],
  ['likelyNew', '1250. sokakta da çukur var', { subject: 'same', sure: true, tellsPlace: true }],
  ['likelyNew', 'bir de ağaçlar var', { subject: 'other' }],
  ['likelyAddition', 'hala gelen giden yok', {}],
])('%s: %s', (follows, words, known) => {
  expect(followsCase({ ...plain, words, ...known }, followUp)).toBe(follows);
});
