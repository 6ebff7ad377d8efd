/**
 * Beginnings, folded, of words of every day that stand one slip away from a word of the catalogue ("geliyor" from
 * "gelmiyor", "yapacak" from "yakacak"): they are meant as written and must not be mended.
 */
export const everydayWords: readonly string[] = [
  'aralar aramasini artik atilar atilin baglam bagliyo baksin baslama basliyo basvur bura cekece cekme cozece',
  'denedi donusm duyma elimi gecir gecme gecmi geleme gelere geliyo getire geziyo gezme gezmi gezece gorevi guven',
  'iletme iletti ilgilene kalin kaldiga kaldigi kaldila kaldira kaldird kaldiril kaldirla kaldirma kaldirmi kapalar',
  'kapani kesinlik kilikl kisitl kiyamet korku kosmus kosmuyo koyuyo kurlar kurmus kuslar ogrendi satmi soyle tartis',
  'ulasan ulasmi uygula uyuyamu yapaca yaparke yasalar yasiyo yatarak yatinca yatiyo yataca yazaca yazili yazilma yazinca yaziyo',
  'yurum',
].flatMap(line => line.split(' '));
