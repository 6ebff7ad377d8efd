import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { madeOf, mistyped, partsOf, unlike } from '../src/cli/admin/danger-wordings';
import { loadMunicipality } from '../src/config/municipality';
import { dangerIn } from '../src/domain/routing/danger';
import { dangerSignsOf, wordKinds } from '../src/domain/routing/learned';
import { lottery } from '../src/domain/routing/training';

const { danger: lexicon } = loadMunicipality('config/etimesgut').language;

test('a pattern stands for its alternatives, each of them used', () => {
  expect(madeOf('{ev|depo} {yanıyor|alev aldı}', lottery()).sort()).toEqual([
    'depo alev aldı',
    'depo yanıyor',
    'ev alev aldı',
    'ev yanıyor',
  ]);
  const things = Array.from({ length: 40 }, (_, i) => `şey${i}`);
  const made = madeOf(`{${things.join('|')}} {yanıyor|tutuştu|alev aldı}`, lottery());
  expect(new Set(made.map(text => text.split(' ')[0])).size).toBe(40);
});

test('typing errors are drawn alike each time, and leave short words alone', () => {
  const draw = () => mistyped('apartmanda yangın var', lottery());
  expect(draw()).toBe(draw());
  expect(draw()).not.toBe('apartmanda yangın var');
  expect(mistyped('ev var', lottery())).toBe('ev var');
});

const wordingOf = (text: string) => ({ text, tells: 'people' }) as const;

test('the shares are measured on parts that hold wordings like each other together', () => {
  const texts = [
    'evde yangın var',
    'bir soru soracağım',
    'yangın var evde',
    'evde yangın var',
    'kedi ağaçta',
  ];
  for (let parts = 2; parts < 30; parts += 1) {
    const [first, , turned, same] = partsOf(texts.map(wordingOf), parts, lottery());
    expect([turned, same]).toEqual([first, first]);
  }
  expect(new Set(partsOf(texts.map(wordingOf), 1000, lottery())).size).toBe(3);
  expect(unlike(texts.map(wordingOf), [wordingOf('evde yangın çıktı var')])).toEqual(
    ['bir soru soracağım', 'kedi ağaçta'].map(wordingOf),
  );
});

test.each([
  ['a stem', 'amcam', 'teyzesi', 1],
  ['an ending', 'geliyor', 'bekliyor', 1],
  ['no short word within another', 'at', 'atlar', 0],
])('words of a kind have one more feature in common: %s', (_what, one, other, more) => {
  const common = (lines: readonly string[]): number => {
    const kinds = wordKinds(lines);
    const buckets = new Set(dangerSignsOf([one], kinds).buckets);
    return dangerSignsOf([other], kinds).buckets.filter(bucket => buckets.has(bucket)).length;
  };
  expect(common(['person: amca teyze', 'goes: -iyor', 'horse: at'])).toBe(common([]) + more);
});

test.each([
  ['a wording that no list names', 'dedem aniden mosmor kesildi sesi soluğu çıkmıyor', 'people'],
  ['missing vowels', 'patlma oldu apartmnda', 'people'],
  [
    'a hazard without its Turkish letters',
    'salincagin ayagi kirildi demiri cikmis cocuklara batiyor',
    'passers',
  ],
])('the model recognises %s: "%s"', (_what, text, to) => {
  expect(dangerIn(text, lexicon)?.to).toBe(to);
});

test.each(['gz kokusu', 'gz kokusu var', 'dogalgz kaçağı var galiba', 'dğalgz kksu', 'GZ KOKUSU VAR EVDE'])(
  'misspelt gas names the gas company too: "%s"',
  text => {
    expect(dangerIn(text, lexicon)).toEqual({ to: 'people', gas: true });
  },
);

test.each([
  'yolda çukur var dün bir araba düştü',
  'dün bir araba düştü bu çukura',
  'geçen gece motorcu bu çukura girdi yine de kapatan yok',
])('a hazard that somebody met before today is no call for help: "%s"', text => {
  expect(dangerIn(text, lexicon)?.to).toBe('passers');
});

test('a long text names a danger only by its words', () => {
  const long =
    'Sayın yetkililer mahallemizde oturan herkes bu konudan şikayetçi olduğu halde ne belediyemiz ne de ilgili birim bizi dinledi gz kokusu vr';
  expect(dangerIn(long, lexicon)).toBeNull();
});

test.each([
  'Selamlar ben mahallenin muhtarıyım, az önce haber verdiler, eski değirmenin kuyusuna bir çocuk düşmüş, ses veriyor ama çıkaramıyorlar, ip merdiven yok',
  'Abla kurban olayım çabuk bir şey yapın, hanımın başı döndü yere yığıldı, dudakları morardı, çağırıyorum duymuyor, evde ikimizden başka kimse yok',
])('a long text is a call for help, too: %s', text => {
  expect(dangerIn(text, lexicon)).toEqual({ to: 'people', gas: false });
});

test.each([
  'Süt kuponumuz bu ay gelmedi, görevliye sorduk listede adınız yok dedi, geçen ay vardı, iki çocuğum var, eşim çalışmıyor, lütfen kontrol edip yeniden yazar mısınız',
  'Otobüs şoförü yaşlı annemi durakta almadı, kapıyı yüzümüze kapattı, plakasını aldım, saat sekizde Ayyıldız durağında oldu, kendisinden şikayetçiyim, özür dilesin',
])('a long complaint about an everyday matter is none: %s', text => {
  expect(dangerIn(text, lexicon)).toBeNull();
});

test('a message takes less than three milliseconds of processor time', () => {
  const text = 'merhaba süvari mahallesi 1234. sokakta direk devrilmek üzere lütfen bakın';
  for (let i = 0; i < 50; i += 1) dangerIn(text, lexicon);
  const from = process.cpuUsage();
  for (let i = 0; i < 200; i += 1) dangerIn(text, lexicon);
  const { user } = process.cpuUsage(from);
  process.stdout.write(`a message takes ${(user / 200 / 1000).toFixed(2)} ms\n`);
  expect(user / 200).toBeLessThan(3000);
});

describe('the file of the model', () => {
  const folder = mkdtempSync(join(tmpdir(), 'danger-'));
  cpSync('config/etimesgut', folder, { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is refused if it is damaged, with the command that mends it', () => {
    writeFileSync(join(folder, 'learned-danger.json'), '{"format":1}');
    expect(() => loadMunicipality(folder)).toThrow(/is not a trained model.*danger-train/);
  });

  test('may be absent: then the words decide alone', () => {
    rmSync(join(folder, 'learned-danger.json'));
    const { danger } = loadMunicipality(folder).language;
    expect(dangerIn('yangın var', danger)?.to).toBe('people');
    expect(dangerIn('dedem aniden mosmor kesildi sesi soluğu çıkmıyor', danger)).toBeNull();
  });
});
