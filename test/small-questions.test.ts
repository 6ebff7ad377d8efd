import { loadMunicipality } from '../src/config/municipality';
import { createTexts } from '../src/config/texts';
import { hear } from '../src/domain/talk/conversation';
import {
  type BurstRules,
  type ConversationState,
  type MessageFacts,
  newConversation,
} from '../src/domain/talk/conversation-state';
import { questionIn } from '../src/domain/talk/message-meaning';

const municipality = loadMunicipality('config/etimesgut');
const asked = (words: string): string | null => questionIn(words, municipality.smallQuestions, municipality);

/** Wordings that are not among the configured examples. */
test.each<[slug: string, wordings: string[]]>([
  ['own-number', ['bizim başvuru numaramız neydi acaba numaram kaç', 'Takip no neydi']],
  ['how-long', ['Ne kadar sürede dönüş oluyor', 'kaç gün içinde bakılıyor', 'how many days will it take']],
  ['opening-hours', ['saat kaçta kapanıyor belediye', 'BUGÜN AÇIK MISINIZ', 'what time do you close']],
  ['facility-hours', ['spor salonu saat kaçta açılıyor', 'kütüphane hafta sonu açık mı']],
  ['telephone', ['çağrı merkezi numaranız kaç', 'telefonunuz nedir']],
  ['town-hall', ['belediyeniz nerede tam olarak', 'belediyenin adresi']],
  ['genuine', ['siz gerçekten belediye misiniz', 'bu resmi hat mı']],
  ['machine', ['gerçek bir insanla mı konuşuyorum', 'bot musun']],
  ['data-protection', ['kvkk başvurusu yapmak istiyorum', 'kvkk hakkında bilgi almak istiyorum']],
  [
    'erase-data',
    [
      'bilgilerimi silin lütfen',
      'BÜTÜN VERİLERİMİ SİLER MİSİNİZ',
      'numaramın silinmesini istiyorum',
      'beni sisteminizden çıkarın artık, beni unutun',
      'kişisel verilerimi yok edin',
      'gönderdiğim fotoğraflarımı silin',
      'unutulma hakkımı kullanmak istiyorum',
      'kayitlarimi silermisiniz',
      'verilermi silin',
      'please erase my data from your system',
    ],
  ],
  [
    'own-data',
    [
      'hakkımda neler biliyorsunuz',
      'bende hangi bilgilerim kayıtlı',
      'verilerimi görmek istiyorum',
      'what data do you hold',
    ],
  ],
  ['confidentiality', ['ismim gizli tutulsun', 'şikayet ettiğimi bilmesinler']],
  ['wedding-office', ['nikah için gün alacağım', 'evlendirme memurluğu nerede']],
  ['paying-taxes', ['emlak vergimi nasıl öderim', 'vergi ne zamana kadar ödenir son gün']],
  ['this-line', ['bu hat ne için', 'nasıl bildirim yapacağım']],
  ['charges', ['mesaj atmak ücretli mi']],
  ['sending-a-place', ['konumu nasıl atıcam', 'fotoğraf nasıl gönderiliyor']],
  ['anybody-there', ['kimse yok mu yav', 'kimse var mı orada']],
])('%s is recognised', (slug, wordings) => {
  expect(wordings.map(words => [words, asked(words)])).toEqual(wordings.map(words => [words, slug]));
});

test.each([
  'Süvari mahallesinde çukur var ne zaman kapatılacak',
  'Elektrikler ne zaman gelecek',
  'sular ne zaman gelecek',
  'çöp kamyonu ne zaman geliyor',
  'Sokağımızdaki lamba yanmıyor',
  'Parkta kimse yok mu bekçi olacak köpekler saldırıyor',
  'Parktaki duvar yazılarını silin',
  'su faturamı silin',
  'merhaba',
  '',
])('"%s" asks no small question', words => expect(asked(words)).toBeNull());

test('each question has an answer in both languages, with all placeholders filled', () => {
  const say = createTexts(municipality);
  for (const slug of municipality.smallQuestions.slugs) {
    for (const language of ['tr', 'en'] as const)
      expect(say(language, `questions.${slug}`, {})).not.toMatch(/\{\{|^questions\./);
  }
});

describe('in the conversation', () => {
  const pace: BurstRules = {
    quietMs: 20_000,
    longestMs: 120_000,
    answerWaitMs: 1_800_000,
    repeatMs: 60_000,
    attentive: true,
  };
  const question = (messageId: string, slug: string, toDesk = false): MessageFacts => ({
    messageId,
    at: 0,
    says: 'question',
    asks: { question: slug, toDesk },
    tellsPlace: false,
    photo: false,
    recentCase: null,
    alreadyHandled: false,
    matter: false,
  });
  const report: MessageFacts = {
    ...question('r1', ''),
    says: 'report',
    subject: 'sure',
    matter: true,
  };

  it('is answered immediately, and nothing stays pending', () => {
    expect(hear(newConversation, question('m1', 'telephone'), pace, 0)).toMatchObject({
      state: { phase: 'gathering', gathered: [], deadline: null },
      effects: [{ type: 'reply', reply: 'question', question: 'telephone', messageIds: ['m1'] }],
    });
  });

  it('does not affect a report that is being gathered', () => {
    const { state } = hear(newConversation, report, pace, 0);
    const turn = hear(state, question('m1', 'how-long'), pace, 1_000);
    expect(turn.state).toMatchObject({ gathered: [{ messageId: 'r1' }], deadline: 20_000 });
    expect(turn.effects).toMatchObject([{ reply: 'question' }]);
  });

  it('is answered while a question of ours is open, and that question is repeated', () => {
    const waiting: ConversationState = {
      ...newConversation,
      phase: 'awaitingPlace',
      gathered: [report],
      deadline: 1_800_000,
    };
    const turn = hear(waiting, question('m1', 'sending-a-place'), pace, 1_000);
    expect(turn.state).toMatchObject({ phase: 'awaitingPlace', deadline: 1_800_000 });
    expect(turn.effects).toMatchObject([{ reply: 'question', again: 'askPlace' }]);
  });

  it('ends the open question about what the citizen wants', () => {
    const puzzled: ConversationState = { ...newConversation, phase: 'awaitingWish', deadline: 1_800_000 };
    const turn = hear(puzzled, question('m1', 'telephone'), pace, 1_000);
    expect(turn.state).toMatchObject({ phase: 'gathering', deadline: null });
    expect(turn.effects).toHaveLength(1);
  });

  it('is not answered twice within a minute, unlike another question', () => {
    const { state } = hear(newConversation, question('m1', 'telephone'), pace, 0);
    expect(hear(state, question('m2', 'telephone'), pace, 1_000).effects).toMatchObject([{ type: 'note' }]);
    expect(hear(state, question('m3', 'opening-hours'), pace, 1_000).effects).toMatchObject([
      { reply: 'question', question: 'opening-hours' },
    ]);
  });

  it('goes to the desk as well if configured', () => {
    const turn = hear(newConversation, question('m1', 'data-protection', true), pace, 0);
    expect(turn.effects.map(({ type }) => type)).toEqual(['reply', 'tellStaff']);
  });
});
