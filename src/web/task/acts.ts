import type { Municipality } from '../../config/municipality';
import { type TaskAction, taskActions, isLastDecision } from '../../domain/case/acts';
import { handOffWay } from '../../config/offices';
import { plannedTimeOf } from '../../config/texts';
import type { Named } from '../../domain/named';
import { type CaseProgress, termsOf } from '../../domain/case/case';
import type { CitizenNews } from '../../domain/case/case-events';
import { dueTextOf, durationText } from '../../mail/case-text';
import {
  type ActContext,
  type ActFields,
  type ActValues,
  answerWords,
  colleague,
  day,
  departmentChoice,
  institutionChoice,
  LONGEST_ANSWER,
  LONGEST_NOTE,
  optionalDay,
  otherDepartment,
  outcomeChoice,
  precisionChoice,
  rejectionReason,
  words,
  workPhotos,
} from './act-fields';
import { correctionFields } from './correct-form';
import { joinFields } from './join-fields';

/** The headings of the forms, in page order. */
export const actGroups = ['Karar', 'İşin akışı', 'Bekleme', 'Başkasına verme', 'Diğer'] as const;

/** The news for the citizen, and the state of the case after the act. */
interface ToldNews {
  news: CitizenNews;
  after: CaseProgress;
}

/** The entry of an act on the task page. */
export interface ActEntry {
  group: (typeof actGroups)[number];
  title: string;
  /** The effect of the act, shown above the fields. */
  consequence: string | ((context: ActContext) => string);
  /** Label of the required checkbox. Null if the text is confirmation enough. */
  confirm: string | null;
  submit: string;
  fields?: (context: ActContext) => ActFields;
  /** The news for the citizen, or null. */
  news?: (values: ActValues, context: ActContext) => ToldNews | null;
  /** Whether its preview also says what the act would change. */
  foresees?: true;
  /** The notice after the act has been applied. */
  done: string;
  /** Whether citizens who opted out get no message about it, because it is not the outcome; its notice then. */
  unheard?: { when?: (context: Pick<ActContext, 'progress'>) => boolean; done: string };
  /** Not offered if the citizen opted out of all messages except the outcome. */
  isInterim?: true;
  /**
   * Whether its text goes to the citizen or the next desk and therefore stays visible after the task has
   * ended.
   */
  isOutward?: true;
  /** Whether it may be applied without confirmation after others have acted meanwhile. */
  isHarmless?: true;
}

/**
 * The acts of the task page, by order of use within each group. The domain decides which of them are legal.
 */
export const acts: Readonly<Record<TaskAction, ActEntry>> = {
  reopen: {
    group: 'Karar',
    title: 'İtirazı kabul et',
    consequence:
      'Kayıt seçtiğiniz müdürlükte yeniden açılır ve süreler yeniden başlar. Açıklamanız vatandaşa ve müdürlüğe gönderilir.',
    confirm: 'Kaydın yeniden açılmasını ve bu açıklamanın gönderilmesini onaylıyorum.',
    submit: 'Yeniden aç ve bildir',
    fields: context => ({
      department: otherDepartment(context),
      words: words('Açıklama: ne yapılmalı?', LONGEST_ANSWER),
    }),
    done: 'Kayıt yeniden açılıyor; kararınız vatandaşa ve müdürlüğe bildiriliyor.',
    isOutward: true,
  },
  confirm: {
    group: 'Karar',
    title: 'Sonucu uygun bul',
    consequence: 'İtiraz reddedilir, kayıt önceki sonucuyla kalır. Gerekçeniz vatandaşa gönderilir.',
    confirm: 'Sonucun uygun bulunmasını ve bu gerekçenin vatandaşa gönderilmesini onaylıyorum.',
    submit: 'Uygun bul ve bildir',
    fields: () => ({ words: words('Vatandaşa gerekçe', LONGEST_ANSWER) }),
    news: (_, context) => ({ news: 'outcomeConfirmed', after: confirmedCase(context) }),
    done: 'Sonuç uygun bulundu; gerekçeniz vatandaşa bildiriliyor.',
    isOutward: true,
  },
  accept: {
    group: 'İşin akışı',
    title: 'Kabul et',
    consequence: ({ progress, municipality, now }) => {
      const { until } = dueTextOf(progress.plan.resolveBy, now, municipality.timeZone);
      return `İş müdürlüğünüzün üzerine alınır; kabul süresi durur, çözüm süresi işler (${until}). Çalışma günü yazarsanız vatandaşa bildirilir; yazmazsanız vatandaşa mesaj gitmez.`;
    },
    confirm: 'Bu işi üstlendiğimizi onaylıyorum.',
    submit: 'Kabul et',
    fields: context => ({ day: optionalDay(context, 'Çalışma günü (isteğe bağlı)') }),
    news: scheduledNews,
    done: 'İş kabul edildi.',
    unheard: { done: 'İş kabul edildi; vatandaşa mesaj gitmedi.' },
  },
  start: {
    group: 'İşin akışı',
    title: 'Çalışmaya başlandı',
    consequence: 'Kayıt “çalışma sürüyor” aşamasına geçer. Süreler değişmez, vatandaşa mesaj gitmez.',
    confirm: 'Çalışmaya başladığımızı onaylıyorum.',
    submit: 'Başlandı olarak kaydet',
    done: 'Çalışmanın başladığı kaydedildi.',
  },
  schedule: {
    group: 'İşin akışı',
    title: 'Çalışma gününü planla',
    consequence: 'Çalışma günü vatandaşa bildirilir. Çözüm süresi işlemeye devam eder.',
    confirm: 'Bu günün vatandaşa bildirilmesini onaylıyorum.',
    submit: 'Planla ve bildir',
    fields: context => ({ day: day(context, 'Çalışma günü') }),
    news: scheduledNews,
    done: 'Çalışma günü kaydedildi ve vatandaşa bildiriliyor.',
    unheard: { done: 'Çalışma günü kaydedildi; vatandaşa mesaj gitmedi.' },
  },
  resolve: {
    group: 'İşin akışı',
    title: 'Sonuçlandır',
    consequence: ({ municipality }) =>
      `Vatandaşa açıklamanız gider ve çözülüp çözülmediği sorulur; fotoğraflar vatandaşın durum sayfasında görünür. “Çözülmedi” derse kayıt yeniden açılır; yanıt gelmezse ${municipality.feedback.closeAfterDays} gün sonra kapanır.`,
    confirm: 'Bu açıklamanın vatandaşa gönderilmesini onaylıyorum.',
    submit: 'Sonuçlandır ve gönder',
    fields: context => ({
      outcome: outcomeChoice(),
      ...answerWords(context, 'Vatandaşa açıklama: ne yapıldı?', ['resolved', 'partlyResolved']),
      photos: workPhotos(),
    }),
    news: ({ outcome }, context) =>
      context.progress.terms?.answerEnds
        ? { news: 'answered', after: endedCase(context, 'closed') }
        : { news: outcome ?? 'resolved', after: { ...context.progress, stage: 'resolved' } },
    done: 'Kayıt sonuçlandırıldı; açıklamanız vatandaşa gönderiliyor.',
    isOutward: true,
  },
  planAhead: {
    group: 'İşin akışı',
    title: 'Programa al',
    consequence: ({ progress }) =>
      progress.stage === 'planned'
        ? 'Programdaki zaman değişir; yeni zaman ve gerekçeniz vatandaşa gönderilir.'
        : 'İş ileri bir zamana planlanır; zaman ve gerekçeniz vatandaşa gönderilir. Hizmet süresi biter, kayıt kapanmaz: zamanı yaklaşınca hatırlatılır ve gerçek sonucu bildirmeniz beklenir. Vatandaş itiraz edebilir.',
    confirm: 'Bu zamanın ve gerekçenin vatandaşa gönderilmesini onaylıyorum.',
    submit: 'Programa al ve bildir',
    fields: context => ({
      day: day(context, 'Planlanan gün', context.municipality.sla.programme.longestDays),
      precision: precisionChoice(),
      ...answerWords(context, 'Vatandaşa gerekçe: neden bu zaman?', ['planned']),
    }),
    news: ({ day: chosen, precision }, { progress, municipality, now }) =>
      chosen === null
        ? null
        : {
            news: progress.stage === 'planned' ? 'planMoved' : 'planned',
            after: {
              ...progress,
              stage: 'planned',
              resolvedAt: now,
              programme: plannedTimeOf(chosen, precision ?? 'day', municipality.timeZone),
            },
          },
    unheard: {
      when: ({ progress }) => progress.stage === 'planned',
      done: 'Programdaki zaman değişti; vatandaşa mesaj gitmedi.',
    },
    done: 'İş programa alındı; zamanı ve gerekçeniz vatandaşa bildiriliyor.',
    isOutward: true,
  },
  inform: {
    group: 'İşin akışı',
    title: 'Vatandaşa ara bilgi ver',
    consequence: 'Mesajınız vatandaşa gönderilir. Süreler işlemeye devam eder, aşama değişmez.',
    confirm: 'Bu mesajın vatandaşa gönderilmesini onaylıyorum.',
    submit: 'Gönder',
    fields: () => ({ words: words('Vatandaşa mesajınız', LONGEST_ANSWER) }),
    news: (_, { progress }) => ({ news: 'interim', after: progress }),
    done: 'Ara bilgi vatandaşa gönderiliyor; süreler değişmedi.',
    isInterim: true,
  },
  resume: {
    group: 'Bekleme',
    title: 'Beklemeyi bitir',
    consequence: 'Hizmet süresi kaldığı yerden işler. Vatandaşa mesaj gitmez.',
    confirm: 'Beklemenin bittiğini onaylıyorum.',
    submit: 'Devam et',
    done: 'Bekleme sona erdi; hizmet süresi kaldığı yerden sürüyor.',
  },
  askCitizen: {
    group: 'Bekleme',
    title: 'Vatandaşa sor',
    consequence: ({ progress }) =>
      `Sorunuz vatandaşa gönderilir. Yanıt gelene kadar, en çok ${durationText(termsOf(progress).citizenWaitMs)}, hizmet süresi durur; yasal süre işler. Yanıt bu sayfada görünür ve size e-postayla bildirilir.`,
    confirm: 'Bu sorunun vatandaşa gönderilmesini onaylıyorum.',
    submit: 'Sor ve süreyi durdur',
    fields: context => answerWords(context, 'Vatandaşa sorunuz', ['question']),
    news: (_, { progress }) => ({ news: 'question', after: progress }),
    done: 'Sorunuz vatandaşa gönderiliyor; yanıt gelene kadar hizmet süresi durdu.',
    isInterim: true,
  },
  waitInstitution: {
    group: 'Bekleme',
    title: 'Kurum bekleniyor',
    consequence: ({ progress }) =>
      `Hizmet süresi durur, yasal süre işler. Hangi kurumun beklendiği ve açıklamanız vatandaşa bildirilir. Bekleme yazdığınız günde, en geç ${durationText(termsOf(progress).institutionWaitMs)} sonra biter.`,
    confirm: 'Sürenin durdurulmasını ve vatandaşın bilgilendirilmesini onaylıyorum.',
    submit: 'Beklemeye al',
    fields: context => ({
      institution: institutionChoice(context),
      words: words('Vatandaşa açıklama: ne bekleniyor?', LONGEST_ANSWER),
      day: optionalDay(context, 'En geç (isteğe bağlı)'),
    }),
    news: ({ institution }, { progress, municipality }) => ({
      news: 'waitingInstitution',
      after: { ...progress, waitingFor: institutionNamed(municipality, institution) },
    }),
    done: 'Kayıt kurumu bekliyor; hizmet süresi durdu, vatandaşa bildiriliyor.',
    unheard: { done: 'Kayıt kurumu bekliyor; hizmet süresi durdu. Vatandaşa mesaj gitmedi.' },
  },
  // No preview: the new department's target is not known before it is planned.
  reroute: {
    group: 'Başkasına verme',
    title: 'Başka müdürlüğe yönlendir',
    consequence:
      'Kayıt seçtiğiniz müdürlüğe geçer ve onun süreleri başlar; bu bağlantıyla artık işlem yapılamaz. Vatandaşa yeni birim bildirilir, gerekçeniz bildirilmez.',
    confirm: 'Kaydın seçtiğim müdürlüğe gönderilmesini onaylıyorum.',
    submit: 'Yönlendir',
    fields: context => ({
      department: departmentChoice(context, 'Müdürlük'),
      words: words('Gerekçe (yeni müdürlük görür)', LONGEST_NOTE),
    }),
    done: 'Kayıt seçtiğiniz müdürlüğe yönlendirildi.',
    unheard: { done: 'Kayıt seçtiğiniz müdürlüğe yönlendirildi; vatandaşa mesaj gitmedi.' },
    isOutward: true,
  },
  handOff: {
    group: 'Başkasına verme',
    title: 'Yetkili kuruma yönlendir',
    consequence:
      'Kayıt kapanır ve kuruma iletilir: e-postası varsa mektupla, yoksa bildirim masası aracılığıyla. Vatandaşa yetkili kurumun adı, telefonu, iletim yolu ve açıklamanız gönderilir; kurumun yanıtı da bildirilir. Bu işlem geri alınamaz.',
    confirm: 'Konunun seçtiğim kuruma ait olduğunu onaylıyorum.',
    submit: 'Kuruma yönlendir ve gönder',
    fields: context => ({
      institution: institutionChoice(context),
      ...answerWords(context, 'Vatandaşa açıklama', ['handedOff']),
    }),
    news: ({ institution }, context) => ({
      news: 'passedOn',
      after: {
        ...endedCase(context, 'handedOff'),
        ...passedTo(context, institution),
      },
    }),
    done: 'Kayıt yetkili kuruma yönlendirildi; vatandaşa bildiriliyor.',
    isOutward: true,
  },
  handOver: {
    group: 'Başkasına verme',
    title: 'İş arkadaşına devret',
    consequence:
      'Görevin bağlantısı ve notunuz yazdığınız adrese e-postayla gider. Kayıt müdürlüğünüzde kalır, süreler değişmez, vatandaşa mesaj gitmez.',
    confirm: 'Görevin bu kişiye iletilmesini onaylıyorum.',
    submit: 'Devret',
    fields: context => ({
      colleague: colleague(context),
      words: words('Notunuz (iş arkadaşınız görür)', LONGEST_NOTE),
    }),
    done: 'Görev çalışma arkadaşınıza devredildi; bağlantısı e-postayla gidiyor.',
  },
  correct: {
    group: 'Diğer',
    title: 'Konuyu, önceliği veya yeri düzelt',
    consequence:
      'Yalnızca yanlış olanı değiştiriniz. Sorumlu birim, süreler ve yakındaki benzer bildirimler yeniden belirlenir; geçen süre sayılır, kaçırılmış hedefler değişmez. Vatandaşa yalnızca birim veya hedeflenen tarih değişirse yazılır.',
    confirm: 'Düzeltmeyi ve sonuçlarını onaylıyorum.',
    submit: 'Düzelt',
    fields: correctionFields,
    news: (_, { foreseen }) => foreseen?.told ?? null,
    foresees: true,
    done: 'Kayıt düzeltildi.',
    unheard: { done: 'Kayıt düzeltildi; vatandaşa mesaj gitmedi.' },
    isOutward: true,
  },
  reject: {
    group: 'Diğer',
    title: 'Gerekçeyle reddet',
    consequence: 'Kayıt kapanır; vatandaşa gerekçe ve açıklamanız gönderilir. Bu işlem geri alınamaz.',
    confirm: 'Bildirimin reddedilmesini ve bu açıklamanın gönderilmesini onaylıyorum.',
    submit: 'Reddet ve gönder',
    fields: context => ({
      reason: rejectionReason(context),
      ...answerWords(context, 'Vatandaşa açıklama', ['rejected']),
    }),
    news: (_, context) => ({ news: 'rejected', after: endedCase(context, 'rejected') }),
    done: 'Bildirim reddedildi; gerekçe ve açıklamanız vatandaşa gönderiliyor.',
    isOutward: true,
  },
  join: {
    group: 'Diğer',
    title: 'Aynı sorunun kaydına bağla',
    consequence:
      'Bu kayıt seçtiğiniz kayda bağlanır ve süresi durur; oradaki sonuç bu vatandaşa da bildirilir. Vatandaşa kaydının birlikte izlendiği bildirilir. Daha sonra ayırabilirsiniz.',
    confirm: 'İki kaydın aynı sorunla ilgili olduğunu onaylıyorum.',
    submit: 'Bağla',
    fields: joinFields,
    news: (_, { progress }) => ({ news: 'joined', after: progress }),
    done: 'Kayıt, aynı sorunun kaydına bağlandı; sonucu onunla birlikte bildirilecek.',
    unheard: { done: 'Kayıt, aynı sorunun kaydına bağlandı; vatandaşa yalnızca sonuç bildirilecek.' },
  },
  separate: {
    group: 'Diğer',
    title: 'Bağlı olduğu kayıttan ayır',
    consequence:
      'Kayıt yeniden kendi başına bir görev olur ve süresi kaldığı yerden işler. Vatandaşa mesaj gitmez.',
    confirm: 'Kaydın ayrılmasını onaylıyorum.',
    submit: 'Ayır',
    done: 'Kayıt ayrıldı; kalan süresiyle kendi görevi olarak sürüyor.',
  },
  note: {
    group: 'Diğer',
    title: 'Not ekle',
    consequence: 'Not kaydın geçmişine yazılır; vatandaşa gönderilmez, süreleri değiştirmez.',
    confirm: null,
    submit: 'Notu ekle',
    fields: () => ({ words: words('Not', LONGEST_NOTE) }),
    done: 'Notunuz kaydın geçmişine eklendi.',
    isHarmless: true,
  },
};

/** Returns the entry of a recorded act, or null if it is not an act of the task page. */
export function actEntry(name: string): ActEntry | null {
  const action = taskActions.find(known => known === name);
  return action === undefined ? null : acts[action];
}

function scheduledNews({ day: plannedFor }: ActValues, { progress }: ActContext): ToldNews | null {
  return plannedFor === null ? null : { news: 'scheduled', after: { ...progress, plannedFor } };
}

/** Returns the ended case. Its message offers the objection. */
function endedCase({ progress, now }: ActContext, stage: 'closed' | 'rejected' | 'handedOff'): CaseProgress {
  return { ...progress, stage, endedAt: now };
}

/** Returns the case after its outcome was confirmed. */
function confirmedCase({ progress, now }: ActContext): CaseProgress {
  const stage = progress.objection?.stageBefore ?? 'closed';
  return {
    ...progress,
    stage: stage === 'resolved' ? 'closed' : stage,
    endedAt: now,
    objection: null,
    outcomeIsFinal: isLastDecision(progress),
  };
}

/** Returns the case after the matter was passed on, as far as its message shows it. */
function passedTo(
  { municipality, now }: ActContext,
  slug: string | null,
): Pick<CaseProgress, 'institution' | 'handOff'> {
  const institution = institutionNamed(municipality, slug);
  const known = municipality.institutions[institution.slug];
  const way = known ? handOffWay(known) : null;
  const step = { number: 0, step: 'mailed', awaits: 'answer' } as const;
  return {
    institution,
    handOff: way && { at: now, institution: institution.slug, way, ...step, members: [] },
  };
}

function institutionNamed({ institutions }: Municipality, slug: string | null): Named {
  const known = slug === null ? undefined : institutions[slug];
  return { slug: known?.slug ?? '', name: known?.name.tr ?? '' };
}
