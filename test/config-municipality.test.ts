import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeProblems } from '../src/config/config-error';
import { loadMunicipality } from '../src/config/municipality';
import { categoryOf, departmentOf, ownerOf, slaPolicyOf } from '../src/config/offices';
import { CONFIG_FORMAT } from '../src/config/schemas/town';

const etimesgut = join(__dirname, '../config/etimesgut');
const municipality = loadMunicipality(etimesgut);

describe('Etimesgut', () => {
  test('has its subjects, departments and neighbourhoods', () => {
    expect(municipality.name).toBe('Etimesgut Belediyesi');
    expect(municipality.timeZone).toBe('Europe/Istanbul');
    expect(municipality.categories.length).toBeGreaterThanOrEqual(45);
    expect(municipality.neighbourhoods).toHaveLength(38);
    expect(departmentOf(municipality, 'triage').name).toBe('Bildirim Masası');
    expect(Object.keys(municipality.institutions)).toEqual(
      expect.arrayContaining(['abb', 'aski', 'baskent-edas', 'baskentgaz', 'ego', 'acil-112']),
    );
  });

  test('is deeply frozen', () => {
    expect(Object.isFrozen(municipality.departments['fen-isleri']?.chief)).toBe(true);
    expect(Object.isFrozen(municipality.sla.ladder[0])).toBe(true);
  });

  test('finds the owner and the targets of a subject', () => {
    const pothole = categoryOf(municipality, 'pothole');
    expect(ownerOf(municipality, pothole)).toMatchObject({ department: { name: 'Fen İşleri Müdürlüğü' } });
    expect(ownerOf(municipality, categoryOf(municipality, 'water-cut'))).toMatchObject({
      institution: { phone: '185' },
    });
    expect(slaPolicyOf(municipality, pothole, 'problem', 'p2')).toMatchObject({
      version: municipality.sla.version,
      accept: { minutes: 480, around: false },
      resolve: { minutes: 2400, around: false },
      ladder: municipality.sla.ladder,
      legal: { days: 30, workingDays: false },
    });
    expect(slaPolicyOf(municipality, pothole, 'problem', 'p1').resolve).toEqual({
      minutes: 480,
      around: false,
    });
    expect(slaPolicyOf(municipality, pothole, 'suggestion', 'p4').resolve).toEqual({
      minutes: 7200,
      around: false,
    });
    expect(() => departmentOf(municipality, 'moon')).toThrow('no department "moon"');
  });

  test('contains only sample addresses', () => {
    const desks = Object.values(municipality.departments).flatMap(({ mail, chief, deputyMayor }) => [
      mail,
      chief,
      deputyMayor,
    ]);
    for (const { address } of [...desks, municipality.operator])
      expect(address).toMatch(/@etimesgut\.example$/);
  });
});

describe('a folder with mistakes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'municipality-'));
    cpSync(etimesgut, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Replaces the first occurrence and returns its line. */
  function edit(file: string, before: string, after: string): number {
    const text = readFileSync(join(folder, file), 'utf8');
    const index = text.indexOf(before);
    if (index < 0) throw new Error(`${file} has no ${before}`);
    writeFileSync(
      join(folder, file),
      text.replace(before, () => after),
    );
    return text.slice(0, index).split('\n').length;
  }

  function lineOf(file: string, words: string): number {
    const text = readFileSync(join(folder, file), 'utf8');
    return text.slice(0, text.indexOf(words)).split('\n').length;
  }

  function problems(): string[] {
    try {
      loadMunicipality(folder);
    } catch (error) {
      return describeProblems(error)?.split('\n') ?? [`other error: ${String(error)}`];
    }
    return [];
  }

  test('is accepted without mistakes', () => {
    expect(problems()).toEqual([]);
  });

  test.each<[rule: string, file: string, before: string, after: string, problem: RegExp, at?: string]>([
    [
      'an SLA class without hours for the first priority',
      'sla.yaml',
      '    priorities: { p1: { acceptMinutes: 30, resolveMinutes: 240 } }',
      '',
      /allowed: priorities with p1 and resolveMinutes of at most 480/,
      '  cleaning:',
    ],
    [
      'a record family without a line',
      'retention.yaml',
      '  deadLetters:',
      '  deadMails:',
      /"deadLetters" is missing; allowed: a map/,
      'families:',
    ],
    [
      'a season from a day that does not exist',
      'categories/fen-isleri.yaml',
      "from: '11-15'",
      "from: '11-31'",
      /"11-31"; allowed: month and day like 04-23|allowed: month and day like 04-23/,
      "from: '11-31'",
    ],
    [
      'a record family that does not exist',
      'retention.yaml',
      '  deadLetters:',
      '  deadMails:',
      /unknown key "deadMails"; allowed: rawMessages, deadLetters, /,
    ],
    [
      'a family that is counted from another event',
      'retention.yaml',
      'after: caseEnd, then: anonymise',
      'after: receipt, then: anonymise',
      /"after" is "receipt"; allowed: caseEnd/,
    ],
    [
      'records of erasure that are kept for less than three years',
      'retention.yaml',
      'İmha tutanakları, days: 1826',
      'İmha tutanakları, days: 365',
      /"days" is 365; allowed: at least 1096/,
    ],
    [
      'photos that outlast their anonymised case',
      'retention.yaml',
      'Fotoğraflar, days: 365',
      'Fotoğraflar, days: 731',
      /"photos" outlasts "cases"; allowed: at most 730/,
    ],
    [
      'a privacy notice that names the days of an unknown family',
      'privacy.yaml',
      '{{cases}} gün sonra',
      '{{kayitlar}} gün sonra',
      /there is no family \{\{kayitlar\}\} in retention\.yaml; allowed: rawMessages, /,
    ],
    [
      'a part of the privacy notice that is missing',
      'privacy.yaml',
      '  rights:',
      '  right:',
      /"rights" is missing/,
      'processing:',
    ],
    [
      'a word list with two words in one entry',
      'language/talk.yaml',
      'merhaba, selam',
      'merhaba selam',
      /"greeting" is "merhaba selam"; allowed: single words separated by commas/,
      'greeting:',
    ],
    [
      'a word that occurs twice in a list',
      'language/talk.yaml',
      'merhaba, selam',
      'merhaba, selam, merhaba',
      /"greeting" is "merhaba"; allowed: each entry once/,
      'greeting:',
    ],
    [
      'an unknown command',
      'language/commands.yaml',
      'command: stop',
      'command: halt',
      /"command" is "halt"; allowed: stop, start, /,
    ],
    [
      'a whole word of an address that is marked as one',
      'language/address.yaml',
      'the, our, my',
      'the$, our, my',
      /"plain" is "the\$"; allowed: single words parted by commas, without \$/,
      'plain:',
    ],
    [
      'a kind of street that is neither kept nor open to doubt',
      'language/address.yaml',
      'Bulvarı\n    road: boulevard',
      'Bulvarı\n    road: motorway',
      /"road" is "motorway"; allowed: street, boulevard/,
      'road: motorway',
    ],
    [
      'an unknown key',
      'municipality.yaml',
      'website:',
      'web_site:',
      /unknown key "web_site"; allowed: format, name, timeZone, /,
    ],
    [
      'a missing value',
      'municipality.yaml',
      'longestSeconds: 120',
      '# none',
      /"longestSeconds" is missing; allowed: a number/,
      'conversation:',
    ],
    [
      'a wrong type',
      'municipality.yaml',
      'quietSeconds: 20',
      'quietSeconds: soon',
      /"quietSeconds" is "soon"; allowed: a number/,
    ],
    [
      'a number out of range',
      'municipality.yaml',
      'reopenDays: 7',
      'reopenDays: 0',
      /"reopenDays" is 0; allowed: at least 1/,
    ],
    [
      'an unknown time zone',
      'municipality.yaml',
      'Europe/Istanbul',
      'Europe/Ankara',
      /"timeZone" is "Europe\/Ankara"; allowed: a time zone/,
    ],
    [
      'a wrong address',
      'departments.yaml',
      'zabita@etimesgut.example',
      'zabita',
      /"address" is "zabita"; allowed: an e-mail address/,
      'address: zabita }',
    ],
    [
      'an unknown calendar',
      'departments.yaml',
      'calendar: crew',
      'calendar: night',
      /there is no calendar "night"; allowed: office, patrol, crew/,
    ],
    [
      'an unknown department',
      'categories/zabita.yaml',
      '{ department: zabita }',
      '{ department: zabta }',
      /there is no department "zabta"; allowed: fen-isleri, /,
    ],
    [
      'an unknown institution',
      'categories/ulasim.yaml',
      '{ institution: ego }',
      '{ institution: eggo }',
      /there is no institution "eggo"; allowed: abb, aski, /,
    ],
    [
      'an owner of neither kind',
      'categories/ulasim.yaml',
      '{ institution: ego }',
      '{ office: ego }',
      /"owner" is {"office":"ego"}; allowed: department: slug, or institution: slug/,
      'owner: { office: ego }',
    ],
    [
      'an unknown SLA class',
      'categories/temizlik-isleri.yaml',
      'slaClass: cleaning',
      'slaClass: tidy',
      /there is no SLA class "tidy"; allowed: hazard, /,
    ],
    [
      'an unknown priority',
      'categories/fen-isleri.yaml',
      'priority: p2',
      'priority: high',
      /"priority" is "high"; allowed: p1, p2, p3, p4/,
    ],
    [
      'a weight that is too great',
      'categories/fen-isleri.yaml',
      '4: çukur, asfalt',
      '40: çukur, asfalt',
      /key "40" is not valid; allowed: a weight from 0.1 to 10/,
    ],
    [
      'a term of too many words',
      'categories/fen-isleri.yaml',
      '5: pothole',
      '5: a hole in the road again',
      /"5" is "a hole in the road again"; allowed: one to five words/,
    ],
    [
      'a term with two weights',
      'categories/fen-isleri.yaml',
      '5: pothole',
      '5: pothole, çukur',
      /"5" is "çukur"; allowed: each term once/,
    ],
    [
      'a term that mixes words in a row with words in any order',
      'categories/fen-isleri.yaml',
      '5: pothole',
      '5: pothole, hole road + deep',
      /"5" is "hole road \+ deep"; allowed: one to five words/,
    ],
    [
      'an example of a small question that another question answers',
      'questions.yaml',
      '- kayıt numaram neydi',
      '- belediye saat kaçta açılıyor',
      /"belediye saat kaçta açılıyor" is understood as the question "opening-hours"; allowed: own-number/,
    ],
    [
      'an example of a small question that is a report',
      'questions.yaml',
      '- kayıt numaram neydi',
      '- yolda kocaman çukur var',
      /"yolda kocaman çukur var" is understood as the subject "pothole"; allowed: own-number/,
    ],
    [
      'an example of a small question that is a command',
      'questions.yaml',
      '- kayıt numaram neydi',
      '- kaydımı iptal edin',
      /"kaydımı iptal edin" is understood as "withdraw"/,
    ],
    [
      'an answer to a small question with a placeholder nobody fills',
      'questions.yaml',
      "tr: 'Çağrı merkezimiz: {{callCentre}}",
      "tr: 'Çağrı merkezimiz: {{phone}}",
      /unknown placeholder {{phone}}; allowed: {{callCentre}} /,
    ],
    [
      'a small question with one example only',
      'questions.yaml',
      '    - kayıt numaram neydi\n    - Numaram kaçtı unuttum\n    - takip numaramı kaybettim tekrar yollar mısınız\n',
      '',
      /"examples" is .*; allowed: at least 2/,
      '  examples:',
    ],
    [
      'an unknown desk for calls',
      'sla.yaml',
      'calls: { desk: triage,',
      'calls: { desk: nobody,',
      /there is no department "nobody"; allowed: fen-isleri, /,
    ],
    [
      'an institution without a way in',
      'institutions.yaml',
      '  handOff: citizen\n',
      '',
      /"handOff" is nothing; allowed: citizen, or \{to: an e-mail address or form or phone, /,
      'acil-112:',
    ],
    [
      'a way in that is neither address nor form nor phone',
      'institutions.yaml',
      'to: bildirim@aski.example',
      'to: fax',
      /is .*fax.*; allowed: .*e-mail address/,
    ],
    [
      'a form without a website',
      'institutions.yaml',
      '  website: https://www.baskentedas.com.tr\n',
      '',
      /"baskent-edas" has no website for a form; allowed: /,
      '{ to: form, answerDays: 7 }',
    ],
    [
      'an institution with a mailbox of ours',
      'institutions.yaml',
      'to: bildirim@aski.example',
      'to: fen.isleri@etimesgut.example',
      /"fen.isleri@etimesgut.example" is a mailbox of the municipality; allowed: /,
    ],
    [
      'calls without a try',
      'sla.yaml',
      'tries: 3, againMinutes',
      'tries: 0, againMinutes',
      /"tries" is 0; allowed: /,
    ],
    [
      'an unknown answer',
      'categories/fen-isleri.yaml',
      '[repaired, planned-work]',
      '[mended]',
      /there is no answer "mended"; allowed: repaired, /,
    ],
    [
      'a subject in two files',
      'categories/zabita.yaml',
      'occupation:',
      'pothole:',
      /"pothole" stands in categories\/fen-isleri.yaml:\d+ as well/,
    ],
    [
      'a key that is not a slug',
      'categories/fen-isleri.yaml',
      'pothole:',
      'Pot hole:',
      /key "Pot hole" is not valid; allowed: lower-case letters/,
    ],
    [
      'hours that end before they begin',
      'calendar.yaml',
      "'08:30-12:00'",
      "'12:00-08:30'",
      /item 1 is "12:00-08:30"; allowed: hours like/,
    ],
    [
      'blocks that overlap',
      'calendar.yaml',
      "'13:00-17:30'",
      "'11:00-17:30'",
      /"mon" is .*; allowed: blocks in order/,
    ],
    [
      'a date that does not exist',
      'calendar.yaml',
      'eve: 2027-05-15',
      'eve: 2027-02-30',
      /"eve" is "2027-02-30"; allowed: a date like/,
    ],
    [
      'a ladder with descending levels',
      'sla.yaml',
      'share: 1.25',
      'share: 0.8',
      /"ladder" is .*; allowed: each share must be greater/,
      'ladder:',
    ],
    [
      'an unknown role',
      'sla.yaml',
      'to: deputyMayor',
      'to: mayor',
      /"to" is "mayor"; allowed: department, chief, deputyMayor/,
    ],
    [
      'an unknown placeholder',
      'texts/tr.yaml',
      '{{due}}',
      '{{when}}',
      /"acknowledged" has an unknown placeholder {{when}}; allowed: {{caseNumber}} /,
      'acknowledged:',
    ],
    [
      'a placeholder in one language only',
      'texts/en.yaml',
      'Case no: {{caseNumber}}',
      'Case',
      /"acknowledged" has other placeholders than tr\.yaml/,
      'acknowledged:',
    ],
    [
      'a button too long for WhatsApp',
      'texts/tr.yaml',
      'Kısmen çözüldü',
      'Sorunum kısmen çözüldü',
      /"partly" is "Sorunum kısmen çözüldü"; allowed: at most 20 characters/,
    ],
    [
      'an empty text',
      'texts/en.yaml',
      'thanks: You are welcome. Please write to this line whenever you have a new report.',
      "thanks: ''",
      /"thanks" is ""; allowed: text that is not empty/,
    ],
    [
      'a reason in one language only',
      'texts/en.yaml',
      'not-ours:',
      'not-us:',
      /the reasons differ from those of tr\.yaml/,
      'rejectionReasons:',
    ],
    [
      'an alias of an unknown place',
      'places/names.yaml',
      'elvan: [',
      'elvankoy: [',
      /there is no neighbourhood "elvankoy"/,
    ],
    ['a duplicate key', 'institutions.yaml', 'ego:', 'aski: # twice', /Map keys must be unique/],
  ])('%s', (_rule, file, before, after, problem, at = after) => {
    edit(file, before, after);
    const found = problems().filter(text => problem.test(text));
    expect(found).toEqual([expect.stringMatching(problem)]);
    expect(found[0]?.split(': ')[0]).toBe(`${file}:${lineOf(file, at)}`);
  });

  test('problems of several files are listed together', () => {
    edit('municipality.yaml', 'quietSeconds: 20', 'quietSeconds: soon');
    edit('categories/temizlik-isleri.yaml', 'slaClass: cleaning', 'slaClass: tidy');
    edit('departments.yaml', 'calendar: crew', 'calendar: night');
    expect(problems().map(text => text.split(': ')[0])).toEqual([
      `municipality.yaml:${lineOf('municipality.yaml', 'quietSeconds')}`,
      `categories/temizlik-isleri.yaml:${lineOf('categories/temizlik-isleri.yaml', 'slaClass: tidy')}`,
      `departments.yaml:${lineOf('departments.yaml', 'calendar: night')}`,
      `calendar.yaml:${lineOf('calendar.yaml', 'crew:')}`,
    ]);
  });

  test.each([
    [
      'institutions.yaml',
      'aski:',
      "museum: { name: { tr: Müze, en: Museum }, phone: '1', why: { tr: a, en: b }, handOff: citizen }\naski:",
      'no subject uses "museum"',
    ],
    [
      'sla.yaml',
      '  desk:',
      '  slow: { acceptMinutes: 1, resolveMinutes: 2 }\n  desk:',
      'no subject uses "slow"',
    ],
    [
      'calendar.yaml',
      '  office:',
      "  nights:\n    observesHolidays: false\n    week: { mon: ['22:00-24:00'] }\n  office:",
      'no department uses "nights"',
    ],
  ])('%s: unused entries are refused', (file, before, after, problem) => {
    edit(file, before, after);
    expect(problems()).toEqual([expect.stringMatching(new RegExp(`^${file}:\\d+: ${problem}$`))]);
  });

  test('a calendar that never opens is refused', () => {
    const text = readFileSync(join(folder, 'calendar.yaml'), 'utf8');
    writeFileSync(join(folder, 'calendar.yaml'), text.replaceAll("['00:00-24:00']", '[]'));
    expect(problems()).toEqual([
      expect.stringMatching(/^calendar\.yaml:\d+: "crew" never opens; allowed: hours on at least one day$/),
    ]);
  });

  test('keys of a newer program are left out with a warning, and other mistakes are still refused', () => {
    const added = edit('sla.yaml', 'version:', 'forecast: { share: 80 }\nversion:');
    edit('categories/belediye.yaml', '  owner:', '  colour: red\n  owner:');
    expect(problems()).toEqual([
      expect.stringMatching(/^categories\/belediye\.yaml:\d+: unknown key "colour"; allowed: /),
      expect.stringMatching(`^sla\\.yaml:${added}: unknown key "forecast"; allowed: `),
    ]);

    edit('municipality.yaml', `format: ${CONFIG_FORMAT}`, `format: ${CONFIG_FORMAT + 1}`);
    expect(loadMunicipality(folder).ignored.map(({ where, what }) => `${where} ${what}`)).toEqual([
      expect.stringMatching(/^categories\/belediye\.yaml:\d+ unknown key "colour"$/),
      `sla.yaml:${added} unknown key "forecast"`,
    ]);

    edit('municipality.yaml', 'quietSeconds: 20', 'quietSeconds: -1');
    expect(problems()).toEqual([expect.stringMatching(/^municipality\.yaml:\d+: "quietSeconds" is -1/)]);
  });

  test('a missing file and invalid YAML are listed with all other problems', () => {
    rmSync(join(folder, 'sla.yaml'));
    writeFileSync(join(folder, 'institutions.yaml'), 'abb: [unclosed\n');
    edit('municipality.yaml', 'quietSeconds: 20', 'quietSeconds: -1');
    expect(problems()).toEqual([
      expect.stringMatching(/^municipality\.yaml:\d+: "quietSeconds" is -1; allowed: at least 1$/),
      expect.stringMatching(/^institutions\.yaml:\d+: /),
      'sla.yaml: the file is missing',
    ]);
  });

  test('the subject "other" and the triage desk are required', () => {
    edit('departments.yaml', '\ntriage:', '\ndesk:');
    expect(problems()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^categories\/belediye\.yaml:\d+: there is no department "triage"; allowed: /),
        expect.stringMatching(/^departments\.yaml.*: the triage desk "triage" is missing$/),
      ]),
    );
  });
});
