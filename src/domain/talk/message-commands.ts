import { vocabulary } from './vocabulary';

/** A wish about the talk itself, told in few words. */
export type Command = 'stop' | 'start' | 'withdraw' | 'person' | 'english' | 'turkish' | 'newReport';

interface Wish {
  /** Words of which one must be there. */
  core: (word: string) => boolean;
  /** Words that may stand beside it; any other makes the message something else. */
  beside: (word: string) => boolean;
  /** Words of which one must be there as well. */
  also?: (word: string) => boolean;
}

const record = `
  kayd kayıt bildirim başvuru şikayet talep talebim istek isteğim ihbar my$ our$ the$ this$ case$ report$ request$
  complaint$ numara nolu$ no$ olan$ bu$ şu$ o$`;

/** The usual spellings of each wish; the first that fits counts. */
const wishes: readonly (readonly [Command, Wish])[] = [
  [
    'stop',
    {
      core: vocabulary(
        'dur$ durr$ durdur durun$ stop$ unsubscribe$ abonelik abonelikten$ üyelikten$ listeden$',
      ),
      beside: vocabulary(
        'mesaj bildirim bana$ artık$ lütfen$ please$ çık çıkar iptal$ et$ edin$ etmek$ istiyorum$ beni$ sms$ messages$ sending$ me$ the$ all$',
      ),
    },
  ],
  [
    'stop',
    {
      core: vocabulary('mesaj$ mesajı$ mesajları$ mesajlar$ bildirim$ bildirimleri$ messages$'),
      also: vocabulary('istemiyorum$ gönderme$ göndermeyin atma$ atmayın yollama$ yollamayın almak$ kapat'),
      beside: vocabulary(
        'artık$ bana$ daha$ fazla$ başka$ lütfen$ bir$ hiç$ bu$ hattan$ sizden$ istemiyorum$ no$ more$ istiyorum$',
      ),
    },
  ],
  [
    'start',
    {
      core: vocabulary('başla$ başlat$ başlayın$ başlatın$ start$ resume$ subscribe$ devam$'),
      beside: vocabulary(
        'mesaj bildirim tekrar$ yeniden$ abone$ ol$ et$ edin$ lütfen$ please$ again$ messages$',
      ),
    },
  ],
  [
    'withdraw',
    {
      core: vocabulary('iptal vazgeç cancel$ withdraw'),
      beside:
        vocabulary(`${record} et$ edin$ edebilir edelim$ ediyorum$ etmek$ istiyorum$ lütfen$ please$ edilsin$
        misiniz$ miyim$ eder$ want$ to$ i$ i'd$ like$ tum$ tümünü$ ben$ artık$`),
    },
  ],
  [
    'withdraw',
    {
      core: vocabulary('geri$'),
      also: vocabulary('çek$ çekiyorum$ çekmek$ çekin$ alıyorum$ almak$ çekebilir'),
      beside: vocabulary(`${record} istiyorum$ lütfen$ miyim$ ben$`),
    },
  ],
  [
    'person',
    {
      core: vocabulary(
        'temsilci görevli$ görevliyle$ görevliye$ yetkili$ yetkiliyle$ yetkiliye$ insan$ insanla$ memur$ memurla$ operatör canlı$ personel$ personelle$ agent$ human$ person$ operator$ representative$ somebody$ someone$ biriyle$ birisiyle$ birisi$ biri$',
      ),
      also: vocabulary(
        'görüş konuş bağla iste ara$ arasın$ arayın$ aransın$ destek$ talk$ speak$ call$ var$ yok$ want$ need$ lazım$ temsilci operatör agent$ human$',
      ),
      beside: vocabulary(
        'ile$ bir$ bana$ beni$ müşteri$ istiyorum$ istiyoruz$ lütfen$ please$ mi$ mı$ misiniz$ mısınız$ miyim$ with$ to$ a$ the$ can$ i$ me$ like$ would$ real$ en$ canlı$ hizmetleri$ acaba$ telefonla$ orada$ kimse$',
      ),
    },
  ],
  [
    'person',
    {
      core: vocabulary('arayın$ arasın$ arayabilir ararsanız$ aranmak$ call$'),
      beside: vocabulary(
        'beni$ bizi$ lütfen$ misiniz$ mısınız$ istiyorum$ please$ me$ back$ can$ you$ telefonla$ geri$ biri$ birisi$',
      ),
    },
  ],
  [
    'newReport',
    {
      core: vocabulary('yeni$ new$'),
      beside: vocabulary(
        'bildirim$ kayıt$ şikayet$ başvuru$ bir$ bildirimim$ report$ case$ one$ a$ lütfen$ please$',
      ),
    },
  ],
  [
    'english',
    {
      core: vocabulary('english$ ingilizce$ ingilizcesi$'),
      beside: vocabulary(
        'in$ please$ speak$ do$ you$ can$ we$ i$ only$ lütfen$ language$ dil$ var$ mı$ konuş',
      ),
    },
  ],
  [
    'turkish',
    { core: vocabulary('türkçe$ turkish$'), beside: vocabulary('lütfen$ please$ in$ devam$ konuş dil$') },
  ],
];

const LONGEST = 8;

/** The wish in a message's folded words, greetings and case numbers taken out; null when it is none. */
export function commandIn(words: readonly string[]): Command | null {
  if (words.length === 0 || words.length > LONGEST) return null;
  const found = wishes.find(
    ([, { core, beside, also }]) =>
      words.some(core) &&
      (!also || words.some(also)) &&
      words.every(word => core(word) || beside(word) || (also?.(word) ?? false)),
  );
  return found?.[0] ?? null;
}
