import { vocabulary } from './vocabulary';

const isInsult = vocabulary(`
  amk$ amq$ aq$ amınak amcık orospu oruspu piçler piçsin siktir$ siktirin siktirgit siktiğ sikeyim sikerim sikeceğ sikik yarrak
  gerizekalı şerefsiz namussuz yavşak kahpe pezevenk gavat ibne puşt haysiyetsiz götveren dangalak
  fuck motherf bitch asshole bastard cunt$`);
const isHalf = vocabulary('geri$');
const isOtherHalf = vocabulary('zekalı zekalısın');

/** Whether folded words insult somebody. Only what no report of a problem needs: "köpek" and "çöplük" are subjects. */
export function isAbusive(words: readonly string[]): boolean {
  return words.some((word, place) => isInsult(word) || (isHalf(word) && isOtherHalf(words[place + 1] ?? '')));
}
