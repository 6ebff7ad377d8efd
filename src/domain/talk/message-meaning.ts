import { findTerms, lexiconOf } from '../routing/lexicon';
import { caseNumbersIn, withoutCaseNumbers } from '../identifiers';
import { foldedWords, foldWord } from '../turkish';
import { emergencyWords } from './emergency-words';

/** A test for folded words: those that begin with one of the given stems; with $ the whole word. */
export function vocabulary(stems: string): (word: string) => boolean {
  const all = stems.split(/\s+/).filter(stem => stem !== '');
  const whole = new Set(all.filter(stem => stem.endsWith('$')).map(stem => foldWord(stem.slice(0, -1))));
  const beginnings = all.filter(stem => !stem.endsWith('$')).map(foldWord);
  return word => whole.has(word) || beginnings.some(stem => word.startsWith(stem));
}

export type Meaning =
  | 'report'
  | 'greeting'
  | 'thanks'
  | 'status'
  | 'help'
  | 'emergency'
  | 'suggestion'
  | 'petition'
  | 'abuse'
  | 'empty'
  | Command;

const emergencies = lexiconOf([emergencyWords]);

const isGreeting = vocabulary(`
  merhaba selam günaydın iyi$ günler$ akşamlar$ geceler$ çalışmalar$ hayırlı$ işler$ cumalar$ kolay$ gelsin$
  sabahlar$ haftalar$ bayramlar$ mübarek$ olsun$ selamün$ selamun$ aleyküm$ aleykum$ ve$ sa$ as$ alo$ mrb$ slm$
  hello$ hi$ hey$ good$ morning$ evening$ afternoon$ day$ there$ dear$`);
const isCourtesy = vocabulary(`
  efendim$ hocam$ abi$ abla$ kardeş başkan sayın$ belediye etimesgut yetkili nasılsınız$ nasilsiniz$ bakar$
  orada$ mısınız$ misiniz$ sir$ madam$ team$ how$ are$ you$`);
const isSalutation = vocabulary(
  'efendim$ hocam$ abi$ abla$ kardeş başkan sayın$ belediye etimesgut sir$ madam$ team$',
);
const isThanks = vocabulary(`
  teşekkür tşk sağol sağ$ ol$ olun$ olunuz$ eyvallah allah$ razı$ elinize$ ellerinize$ sağlık$ minnettar emeğinize$
  ediyor ederim$ ederiz$ eder$ rica$ süper$ harika$ tamam$ tamamdır$ ok$ okey$ peki$ anladım$ memnun$ kaldım$
  kaldık$ oldum$ olduk$ thank thx$ thanks$ you$ great$ okay$ much$ so$ very$ appreciate`);
const isEmphasis = vocabulary(
  'çok$ size$ sizlere$ sana$ herkese$ için$ her$ şey$ şeyden$ ilginiz ilgi$ for$ your$ the$ it$ all$ a$ lot$',
);
const isStatus = vocabulary(`
  durum sonuç$ sonucu sonuçlan akıbet aşama kaydım kayıt kaydın bildirimim bildirimin bildirim$ şikayetim şikayetin
  şikayet$ başvurum başvurun başvuru$ talebim talebin talep$ ne$ oldu$ nedir$ nasıl$ hangi$ ne$ zaman$ mı$ mi$ mu$
  var$ son$ hala$ halen$ no$ numara numaralı$ nolu$ çözüldü$ çözülecek$ yapılacak$ gelişme bilgi$ alabilir$ miyim$
  öğrenmek$ öğrenebilir$ istiyorum$ hakkında$ çözülmedi$ yapılmadı$ olmadı$ gelmedi$ lütfen$
  status$ my$ case$ report$ what$ is$ of$ about$ any$ news$ update$ happened$ to$ please$ the$`);
const asksStatus = vocabulary('durum akıbet aşama status$ news$ update$');
const namesRecord = vocabulary(`
  kaydım kayıt$ kaydın bildirimim bildirim$ bildirimin şikayetim şikayet$ başvurum başvuru$ talebim talep$ sonuç$
  case$ report$`);
const asksAfter = vocabulary(
  'oldu$ sonuç sonucu nedir$ zaman$ aşama hala$ halen$ gelişme çözüldü$ çözülecek$ bilgi$ hakkında$ happened$ what$',
);
const isHelp = vocabulary(
  'yardım$ yardımcı$ help$ menü$ komut nasıl$ kullan info$ bilgi$ almak$ istiyorum$ bot$ menu$',
);
const asksHelp = vocabulary('yardım$ bilgi$ help$ menü$ komut kullan menu$ info$');

const isSuggestion = vocabulary(
  'önerim öneriyorum öneriyoruz önerimiz öneride$ önerisi$ öneri$ tavsiyem tavsiye$ teklifim suggestion suggest$',
);
const asksOfficially = vocabulary('dilekçe cimer petition$ 4982$ 3071$');
const LONGEST_PETITION = 8;
const LONGEST_INSULT = 5;

/** Whether a message speaks of a petition (Law 3071) or a request for information (Law 4982). */
export function speaksOfPetition(text: string): boolean {
  const words = foldedWords(text);
  const has = (pair: readonly [string, string]): boolean =>
    words.some((word, place) => word === pair[0] && (words[place + 1] ?? '').startsWith(pair[1]));
  return words.some(asksOfficially) || has(['bilgi', 'edinm']) || has(['information', 'request']);
}

/** Whether a message insults somebody. */
export function insults(text: string): boolean {
  return isAbusive(foldedWords(text));
}

/** Courtesy around a command. */
function isAround(word: string): boolean {
  return isGreeting(word) || isSalutation(word) || isThanks(word) || isEmphasis(word);
}

function isEmergency(words: readonly string[]): boolean {
  return findTerms(emergencies, words).reduce((sum, { term, times }) => sum + term.weight * times, 0) > 0;
}

function statusIn(words: readonly string[], namesCase: boolean): boolean {
  const content = words.filter(word => !isGreeting(word) && !isCourtesy(word) && !isThanks(word));
  if (!content.every(isStatus)) return false;
  if (content.some(asksStatus)) return true;
  return (
    (namesCase && words.every(word => !isThanks(word))) ||
    (content.some(namesRecord) && content.some(asksAfter))
  );
}

/**
 * What a message asks of the line, told from its words alone. Whatever is not clearly something else is a report:
 * a greeting before it, thanks after it or a case number in it do not change that.
 */
export function meaningOf(text: string): Meaning {
  const namesCase = caseNumbersIn(text).length > 0;
  const words = foldedWords(withoutCaseNumbers(text));
  if (words.length === 0) return namesCase ? 'status' : 'empty';
  if (isEmergency(words)) return 'emergency';
  const command = commandIn(words.filter(word => !isAround(word)));
  if (command) return command;
  if (statusIn(words, namesCase)) return 'status';
  if (words.length <= LONGEST_INSULT && isAbusive(words)) return 'abuse';
  if (words.length <= LONGEST_PETITION && speaksOfPetition(text)) return 'petition';
  const polite = (word: string): boolean => isGreeting(word) || isCourtesy(word);
  if (words.some(asksHelp) && words.every(word => isHelp(word) || polite(word))) return 'help';
  if (words.every(polite)) return 'greeting';
  const isCourteous = words.every(word => polite(word) || isThanks(word) || isEmphasis(word));
  if (isCourteous && words.some(isThanks)) return 'thanks';
  return words.some(isSuggestion) && words.length > 2 ? 'suggestion' : 'report';
}

/** A wish about the talk itself, told in few words. */
type Command = 'stop' | 'start' | 'withdraw' | 'person' | 'english' | 'turkish' | 'newReport';

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
function commandIn(words: readonly string[]): Command | null {
  if (words.length === 0 || words.length > LONGEST) return null;
  const found = wishes.find(
    ([, { core, beside, also }]) =>
      words.some(core) &&
      (!also || words.some(also)) &&
      words.every(word => core(word) || beside(word) || (also?.(word) ?? false)),
  );
  return found?.[0] ?? null;
}

const isInsult = vocabulary(`
  amk$ amq$ aq$ amınak amcık orospu oruspu piçler piçsin siktir$ siktirin siktirgit siktiğ sikeyim sikerim sikeceğ sikik yarrak
  gerizekalı şerefsiz namussuz yavşak kahpe pezevenk gavat ibne puşt haysiyetsiz götveren dangalak
  fuck motherf bitch asshole bastard cunt$`);
const isHalf = vocabulary('geri$');
const isOtherHalf = vocabulary('zekalı zekalısın');

/** Whether folded words insult somebody. Only what no report of a problem needs: "köpek" and "çöplük" are subjects. */
function isAbusive(words: readonly string[]): boolean {
  return words.some((word, place) => isInsult(word) || (isHalf(word) && isOtherHalf(words[place + 1] ?? '')));
}

const turkishLetters = /[ğşıçöüİĞŞÇÖÜ]/;

/** Frequent words of each language that the other does not have. */
const english = new Set(
  foldedWords(
    'the is are was there this that my our your please hello hi street road water of and with has have been not from ' +
      'near broken help status thanks thank you good morning what when who how report problem neighbourhood it its no',
  ),
);
const turkish = new Set(
  foldedWords(
    'turkce ve bir bu su cok var yok icin ile ama da de mi ne nasil merhaba selam sokak sokakta mahalle mah cadde lutfen ' +
      'tesekkur durum yardim iyi gunler kolay gelsin bizim burada evin onunde degil gibi kadar hala bozuk',
  ),
);

const asksEnglish = /\b(english|ingilizce)\b/;

/** The language that words speak plainly or ask for; null when they do not tell. */
export function languageIn(text: string): 'tr' | 'en' | null {
  const words = foldedWords(text);
  if (words.length <= 6 && asksEnglish.test(words.join(' '))) return 'en';
  if (turkishLetters.test(text)) return 'tr';
  const hits = (list: ReadonlySet<string>): number => words.filter(word => list.has(word)).length;
  const difference = hits(english) - hits(turkish);
  return difference === 0 ? null : difference > 0 ? 'en' : 'tr';
}

/** The language to answer in; Turkish unless the words are plainly English. */
export function languageOf(text: string): 'tr' | 'en' {
  return languageIn(text) ?? 'tr';
}
