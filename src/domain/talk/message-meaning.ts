import { emergencyWords } from './emergency-words';
import { findTerms, lexiconOf } from '../routing/lexicon';
import { foldedWords } from '../turkish';
import { isAbusive } from './abuse-words';
import { commandIn, type Command } from './message-commands';
import { vocabulary } from './vocabulary';

export { languageIn, languageOf } from './message-language';

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

const CASE_NUMBER = /\bPK[-\s]?[0-9A-Z]{4}[-\s]?[0-9A-Z]{4}\b/gi;

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
  kaldık$ oldum$ olduk$ thank thx$ thanks$ great$ okay$ much$ so$ very$ appreciate`);
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

/** The case numbers in a text as they were typed. */
export function caseNumbersIn(text: string): string[] {
  return text.match(CASE_NUMBER) ?? [];
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
  const namesCase = text.search(CASE_NUMBER) >= 0;
  const words = foldedWords(text.replace(CASE_NUMBER, ' '));
  if (words.length === 0) return namesCase ? 'status' : 'empty';
  if (isEmergency(words)) return 'emergency';
  const command = commandIn(words.filter(word => !isGreeting(word) && !isSalutation(word)));
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
