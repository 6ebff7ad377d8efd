import { emergencyWords } from './emergency-words';
import { findTerms, lexiconOf } from './routing/lexicon';
import { foldedWords, foldWord } from './turkish';

export { languageOf } from './message-language';

export type Meaning = 'report' | 'greeting' | 'thanks' | 'status' | 'help' | 'emergency' | 'empty';

const CASE_NUMBER = /\bPK[-\s]?[0-9A-Z]{4}[-\s]?[0-9A-Z]{4}\b/gi;

const emergencies = lexiconOf([emergencyWords]);

/** Stems, folded as the words they are compared with; with $ the whole word. */
function vocabulary(stems: string): (word: string) => boolean {
  const all = stems.split(/\s+/).filter(stem => stem !== '');
  const whole = new Set(all.filter(stem => stem.endsWith('$')).map(stem => foldWord(stem.slice(0, -1))));
  const beginnings = all.filter(stem => !stem.endsWith('$')).map(foldWord);
  return word => whole.has(word) || beginnings.some(stem => word.startsWith(stem));
}

const isGreeting = vocabulary(`
  merhaba selam günaydın iyi$ günler$ akşamlar$ geceler$ çalışmalar$ hayırlı$ işler$ cumalar$ kolay$ gelsin$
  sabahlar$ haftalar$ bayramlar$ mübarek$ olsun$ selamün$ selamun$ aleyküm$ aleykum$ ve$ sa$ as$ alo$ mrb$ slm$
  hello$ hi$ hey$ good$ morning$ evening$ afternoon$ day$ there$ dear$`);
const isCourtesy = vocabulary(`
  efendim$ hocam$ abi$ abla$ kardeş başkan sayın$ belediye etimesgut yetkili nasılsınız$ nasilsiniz$ bakar$
  orada$ mısınız$ misiniz$ sir$ madam$ team$ how$ are$ you$`);
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
  if (statusIn(words, namesCase)) return 'status';
  const polite = (word: string): boolean => isGreeting(word) || isCourtesy(word);
  if (words.some(asksHelp) && words.every(word => isHelp(word) || polite(word))) return 'help';
  if (words.every(polite)) return 'greeting';
  const isCourteous = words.every(word => polite(word) || isThanks(word) || isEmphasis(word));
  return isCourteous && words.some(isThanks) ? 'thanks' : 'report';
}
