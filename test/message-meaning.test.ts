import fc from 'fast-check';
import { loadMunicipality } from '../src/config/municipality';
import {
  languageIn,
  languageOf,
  meaningOf,
  type Meaning,
  withdrawnIn,
} from '../src/domain/talk/message-meaning';

const { meaning: lexicon, languages } = loadMunicipality('config/etimesgut').language;

const messages: Record<Meaning, string[]> = {
  report: [
    'Merhaba, sokakta çukur var',
    'iyi günler çöpler alınmadı',
    'Teşekkür ederim ama çöpler hâlâ alınmadı',
    'Bu sokağın durumu çok kötü',
    'Sosyal yardım almak istiyorum',
    'Su borusu patladı',
    'PK-7K3M-9QX2 hâlâ çukur duruyor',
    'evet',
    'Otobüs durağı kırık, dur kalk yapamıyoruz',
    'Yeni asfalt bozuldu',
    'Düğün iptal edildi ama salon açık kaldı',
    'Görevliler çöpü almadı',
    'İnsanlar buradan geçemiyor',
    'Mesaj attım kimse bakmadı çöpler duruyor',
    'Yıllardır bu şerefsiz çukurdan geçiyoruz artık yeter kapatın',
    'Dilekçemdir. Süvari mahallesinde yaşıyorum, sokağımızdaki çukurun kapatılmasını, gereğinin yapılmasını arz ederim',
    'Sokakta ne oldu böyle, yol kapalı',
    'Hello, there is a pothole in our street',
    'Yaralı bir kedi var',
    'Köpek yaralanmış yatıyor',
    'Yangın merdiveni kırık',
    'Yangın musluğu su sızdırıyor',
    'yangin hidranti bozuk',
    'Yangın çıkabilir, otları biçin',
    'Kaza olmadan bu çukuru kapatın',
    'Her gün kaza riski yaşıyoruz',
    'Ödül kazandık',
    'Kazan dairesinden duman geliyor',
    'Sokak lambası yanmıyor',
    'Alevi vatandaşlarımız için cemevi istiyoruz',
    'Tozdan boğuluyoruz, nefes alamıyoruz',
    'Yolda göçük oluştu',
    'Binanın enkazı hâlâ kaldırılmadı',
    'Elektrik çarpma riski var, direk açıkta',
    'Sokak lambası gündüz yanıyor',
    'fire hydrant is leaking',
    'The emergency exit of the library is locked',
  ],
  greeting: [
    'Merhaba',
    'MERHABALAR',
    'selam',
    'Selamün aleyküm',
    'iyi günler',
    'İyi akşamlar, kolay gelsin',
    'günaydın 👋',
    'hayırlı işler',
    'Merhaba nasılsınız',
    'hello',
    'Good morning',
  ],
  thanks: [
    'Teşekkürler',
    'Sağolun teşekkürler',
    'sağ olun',
    'çok teşekkür ederim, elinize sağlık',
    'Allah razı olsun',
    'tşk',
    'tamam',
    'Tamam teşekkür ederim iyi günler',
    'thank you very much',
    'thanks a lot',
  ],
  status: [
    'durum',
    'DURUM',
    'durum PK-7K3M-9QX2',
    'PK-7K3M-9QX2',
    'pk-7k3m-9qx2 ne oldu',
    'Kaydım ne oldu?',
    'Başvurumun sonucu nedir',
    'Şikayetim hâlâ çözülmedi',
    'bildirimim hakkında bilgi alabilir miyim',
    'iyi günler durum nedir',
    'status',
    'What is the status of my case?',
  ],
  help: ['yardım', 'Yardım!', 'menü', 'nasıl kullanılır', 'bilgi almak istiyorum', 'help', 'merhaba yardım'],
  suggestion: [
    'Önerim parka bisiklet yolu yapılması',
    'Bir önerim var: pazar yerine gölgelik konulsun',
    'I have a suggestion for the park',
  ],
  petition: [
    'Dilekçe vermek istiyorum',
    'Bilgi edinme başvurusu yapmak istiyorum',
    '4982 kapsamında bilgi istiyorum',
    'CİMER başvurum var',
    'I want to file a petition',
  ],
  abuse: ['şerefsizler', 'Allah belanızı versin şerefsizler', 'gerizekalı', 'geri zekalılar', 'fuck you'],
  stop: [
    'dur',
    'DUR',
    'Dur.',
    'durdur',
    'stop',
    'STOP',
    'mesaj atmayın',
    'Artık mesaj göndermeyin lütfen',
    'mesaj istemiyorum',
    'bildirim almak istemiyorum',
    'abonelikten çık',
    'unsubscribe',
    'Dur teşekkürler',
    'stop thank you',
    'Teşekkürler, artık mesaj atmayın lütfen',
  ],
  start: ['başla', 'Basla', 'başlat', 'start', 'devam et', 'mesajları tekrar başlat'],
  withdraw: [
    'iptal',
    'İPTAL',
    'iptal teşekkürler',
    'Sağ olun, iptal edin',
    'cancel, thanks a lot',
    'iptal PK-7K3M-9QX2',
    'Kaydımı iptal edin lütfen',
    'bildirimimi iptal etmek istiyorum',
    'vazgeçtim',
    'şikayetimi geri çekiyorum',
    'cancel',
    'I want to withdraw my report',
  ],
  person: [
    'temsilci',
    'temsilciye bağla',
    'Bir görevliyle görüşmek istiyorum',
    'yetkili biriyle konuşmak istiyorum',
    'canlı destek',
    'beni arayın',
    'insanla konuşmak istiyorum',
    'I want to speak to a human',
    'call me back please',
    'ulaşamadım',
    'EGO aradım kimse açmıyor siz ilgilenin',
    'I called, no answer',
  ],
  english: ['English', 'English please', 'ingilizce', 'do you speak English'],
  turkish: ['Türkçe', 'Turkce lütfen'],
  newReport: ['yeni', 'Yeni bildirim', 'new report'],
  empty: ['', '   ', '👍', '?!', '\u200b', '…'],
};

describe.each(Object.entries(messages))('%s', (meaning, texts) => {
  test.each(texts)('%s', text => {
    expect(meaningOf(text, lexicon)).toBe(meaning);
  });
});

test('any text has a meaning, and a greeting before it does not hide a report', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), text => {
      expect(Object.keys(messages)).toContain(meaningOf(text, lexicon));
    }),
  );
  for (const text of messages.report) expect(meaningOf(`Selamlar, ${text}`, lexicon)).toBe('report');
});

test('a text of 100 KB is read within a second', () => {
  const started = performance.now();
  meaningOf('yangın merdiveni '.repeat(6000), lexicon);
  languageOf('there is a '.repeat(9000), languages);
  expect(performance.now() - started).toBeLessThan(1000);
});

test.each<[language: 'tr' | 'en', text: string]>([
  ['tr', 'Süvari mahallesinde çukur var'],
  ['tr', 'sokakta cukur var'],
  ['tr', 'merhaba'],
  ['tr', ''],
  ['tr', 'ok'],
  ['tr', 'asdf'],
  ['tr', 'Hello, sokağımızda çukur var'],
  ['en', 'hello'],
  ['en', 'There is a pothole in front of my house'],
  ['en', 'The street light is broken near Eryaman'],
  ['en', 'What is the status of my report'],
])('%s: %s', (language, text) => {
  expect(languageOf(text, languages)).toBe(language);
});

test.each<[text: string, language: 'tr' | 'en' | null]>([
  ['Hello, the street light in Süvari neighbourhood is broken', 'en'],
  ['Süvari Mahallesi 1234. Sokak', null],
  ['Süvari Mahallesi 1234. Sokak No: 5', null],
  ['My name is Şükrü Çağlar', 'en'],
  ['hello, sokakta çukur var', 'tr'],
  ['ÇÖPLER ALINMADI', 'tr'],
])('names and addresses do not determine the language: %s', (text, language) => {
  expect(languageIn(text, languages)).toBe(language);
});

test.each<[string, string | null]>([
  ['çukuru iptal edin', 'cukuru'],
  ['lütfen çöp şikayetimi iptal edin artık', 'cop'],
  ['salıncak işinden vazgeçtim', 'salincak isinden'],
  ['kaydımı iptal edin', null],
  ['dün otobüs seferleri iptal edilmiş durakta bir saat bekledik', null],
])('a withdrawal by its subject: %s: %s', (text, what) => {
  expect(withdrawnIn(text, lexicon)).toBe(what);
});
