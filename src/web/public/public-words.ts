import type { Language } from '../../config/texts';

/** The words of the page with public figures. */
export interface PublicWords {
  title: string;
  home: string;
  other: string;
  none: string;
  noneYet: string;
  glance: string;
  tiles: Record<'received' | 'answered' | 'onTime' | 'median' | 'ratings', string>;
  months: { title: string; description: string; step: string };
  subjects: { title: string; description: string; heads: [string, string] };
  map: { title: string; description: string };
  asTable: string;
  table: string;
  times: { title: string; heads: [string, string, string] };
  recent: { title: string; heads: readonly string[]; inWork: string; none: string; away: string };
  reading: string;
  /** Rules behind the numbers, one paragraph each. */
  rules: (rules: { fewest: number; delayDays: number }) => string[];
}

/** The page in each language. */
export const figurePaths: Readonly<Record<Language, string>> = { tr: 'seffaflik', en: 'en/figures' };

export const publicWords: Readonly<Record<Language, PublicWords>> = {
  tr: {
    title: 'Sayılarla bildirim hattı',
    home: 'Bildirim hattı: numara ve nasıl yazılır',
    other: 'English',
    none: 'Henüz yayımlanacak sayı yok',
    noneYet: 'Sayılar her ayın ardından burada yayımlanır.',
    glance: 'Bir bakışta',
    tiles: {
      received: 'Gelen bildirim',
      answered: 'Sonuçlanan',
      onTime: 'Süresinde çözüm',
      median: 'Ortanca çözüm süresi',
      ratings: 'Memnuniyet',
    },
    months: {
      title: 'Gelen ve sonuçlanan bildirimler, aya göre',
      description: 'Sütunlar gelen, çizgi sonuçlanan bildirimleri gösterir. Az bildirimli aylar yoktur.',
      step: 'Ay',
    },
    subjects: {
      title: 'En çok bildirilen konular',
      description: 'On iki ayda gelen bildirimler.',
      heads: ['Konu', 'Gelen'],
    },
    map: {
      title: 'Mahallelere göre bildirimler',
      description: 'Az bildirim olan mahallelerin sayısı yayımlanmaz.',
    },
    asTable: 'Tablo olarak',
    table: 'tablosu',
    times: { title: 'Konulara göre ortanca çözüm süresi', heads: ['Konu', 'Gelen', 'Ortanca süre'] },
    recent: {
      title: 'Son bildirimlerden örnekler',
      heads: ['Kayıt', 'Konu', 'Mahalle', 'Geldiği hafta', 'Sonuç', 'Sonuç haftası'],
      inWork: 'İşlemde',
      none: 'Yayımlanabilecek kadar çok benzeri olan bildirim yok.',
      away: 'Liste şu anda alınamıyor; lütfen birkaç dakika sonra yeniden bakınız.',
    },
    reading: 'Sayıları okurken',
    rules: ({ fewest, delayDays }) => [
      `Süreler çalışma saatidir; bekleme süreleri sayılmaz. Reddedilen, yetkili kuruma iletilen ve programa alınan işler süresinde çözüm oranına girmez; yeniden açılan bir sonuç süresinde sayılmaz. Her ay, bitiminden ${delayDays} gün sonra yayımlanır.`,
      `${fewest} kaydın altındaki sayılar, kimse tanınmasın diye yayımlanmaz; bazı büyük sayılar da bu yüzden boştur. Kişilerle ilgili konular (sosyal yardım, personel gibi) bu sayılarda yoktur.`,
      `Örnekler, bitiminden en az ${delayDays} gün geçmiş haftalardandır. Bir bildirim yalnızca aynı hafta aynı konuda en az ${fewest} bildirim varsa, mahallesi de o mahallede en az ${fewest} bildirim varsa görünür.`,
    ],
  },
  en: {
    title: 'The report line in figures',
    home: 'The report line: its number, and how to write',
    other: 'Türkçe',
    none: 'There is nothing to publish yet',
    noneYet: 'Figures appear here after each month.',
    glance: 'At a glance',
    tiles: {
      received: 'Reports received',
      answered: 'Answered',
      onTime: 'Solved in time',
      median: 'Median time to solve',
      ratings: 'Satisfaction',
    },
    months: {
      title: 'Reports received and answered, by month',
      description:
        'Bars are reports received, the line reports answered. Months with few reports are left out.',
      step: 'Month',
    },
    subjects: {
      title: 'What is reported most',
      description: 'Reports received in twelve months.',
      heads: ['Subject', 'Received'],
    },
    map: {
      title: 'Reports by neighbourhood',
      description: 'The number of a neighbourhood with few reports is not published.',
    },
    asTable: 'As a table',
    table: 'table',
    times: { title: 'Median time to solve, by subject', heads: ['Subject', 'Received', 'Median time'] },
    recent: {
      title: 'Examples of recent reports',
      heads: ['Case', 'Subject', 'Neighbourhood', 'Week received', 'Outcome', 'Week of outcome'],
      inWork: 'In work',
      none: 'No report has enough similar ones to be published.',
      away: 'The list is not available right now; please look again in a few minutes.',
    },
    reading: 'How to read the figures',
    rules: ({ fewest, delayDays }) => [
      `Times are working hours without waiting. Reports that were declined, referred to a responsible body or put on the work plan do not count as solved in time; nor does an outcome that was reopened. A month is published ${delayDays} days after its end.`,
      `Numbers below ${fewest} are not published, so that nobody is recognised; some larger numbers are left out for the same reason. Subjects about people, such as social aid or staff, are not in these figures.`,
      `The examples are from weeks that ended at least ${delayDays} days ago. A report is shown only if the same week has at least ${fewest} reports on its subject, and its neighbourhood only if ${fewest} of them are from there.`,
    ],
  },
};
