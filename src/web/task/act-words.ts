import type { Municipality } from '../../config/municipality';
import type { TaskAction } from '../../domain/case/acts';
import { termsOf } from '../../domain/case/case';
import { dueTextOf, durationText } from '../../mail/due-text';
import type { CaseProgress } from '../../store/case-records';

/** How a form speaks: what pressing its button brings about, and what must be ticked before. */
export interface ActWords {
  title: string;
  consequence: string;
  /** The words of the box that must be ticked; null when the words themselves are choice enough. */
  confirm: string | null;
  submit: string;
}

/** The groups in which the page shows its forms, each in the order of use. */
export const actGroups: readonly { title: string; actions: readonly TaskAction[] }[] = [
  { title: 'İşin akışı', actions: ['accept', 'start', 'schedule', 'resolve'] },
  { title: 'Bekleme', actions: ['resume', 'askCitizen', 'waitInstitution'] },
  { title: 'Başkasına verme', actions: ['reroute', 'handOff', 'handOver'] },
  { title: 'Diğer', actions: ['reject', 'join', 'separate', 'note'] },
];

/** What a form says above its fields and on its button; `now` is epoch ms UTC. */
export function actWords(
  action: TaskAction,
  progress: CaseProgress,
  { timeZone, feedback }: Municipality,
  now: number,
): ActWords {
  const { citizenWaitMs, institutionWaitMs } = termsOf(progress);
  switch (action) {
    case 'accept': {
      const { until } = dueTextOf(progress.plan.resolveBy, now, timeZone);
      return {
        title: 'İşi kabul et',
        consequence: `İş müdürlüğünüzün üzerine alınır; kabul süresi durur, çözüm süresi işler (${until}). Çalışma günü yazarsanız vatandaşa bildirilir; yazmazsanız vatandaşa mesaj gitmez.`,
        confirm: 'Bu işi üstlendiğimizi onaylıyorum.',
        submit: 'Kabul et',
      };
    }
    case 'start':
      return {
        title: 'Çalışmaya başlandı',
        consequence: 'Kayıt “çalışma sürüyor” aşamasına geçer. Süreler değişmez, vatandaşa mesaj gitmez.',
        confirm: 'Çalışmaya başladığımızı onaylıyorum.',
        submit: 'Başlandı olarak kaydet',
      };
    case 'schedule':
      return {
        title: 'Çalışma gününü planla',
        consequence: 'Çalışma günü vatandaşa bildirilir. Çözüm süresi işlemeye devam eder.',
        confirm: 'Bu günün vatandaşa bildirilmesini onaylıyorum.',
        submit: 'Planla ve bildir',
      };
    case 'resolve':
      return {
        title: 'Sonuçlandır',
        consequence: `Vatandaşa aşağıdaki mesaj gider ve çözülüp çözülmediği sorulur; fotoğraflar vatandaşın durum sayfasında görünür. “Çözülmedi” derse kayıt yeniden açılır; yanıt gelmezse ${feedback.closeAfterDays} gün sonra kapanır.`,
        confirm: 'Bu açıklamanın vatandaşa gönderilmesini onaylıyorum.',
        submit: 'Sonuçlandır ve gönder',
      };
    case 'askCitizen':
      return {
        title: 'Vatandaşa sor',
        consequence: `Sorunuz vatandaşa gönderilir. Yanıt gelene kadar, en çok ${durationText(citizenWaitMs)}, hizmet süresi durur; yasal süre işler. Yanıt bu sayfada görünür ve size e-postayla bildirilir.`,
        confirm: 'Bu sorunun vatandaşa gönderilmesini onaylıyorum.',
        submit: 'Sor ve süreyi durdur',
      };
    case 'waitInstitution':
      return {
        title: 'Kurum bekleniyor',
        consequence: `Hizmet süresi durur, yasal süre işler. Hangi kurumun beklendiği ve açıklamanız vatandaşa bildirilir. Bekleme yazdığınız günde, en geç ${durationText(institutionWaitMs)} sonra biter.`,
        confirm: 'Sürenin durdurulmasını ve vatandaşın bilgilendirilmesini onaylıyorum.',
        submit: 'Beklemeye al',
      };
    case 'resume':
      return {
        title: 'Beklemeyi bitir',
        consequence: 'Hizmet süresi kaldığı yerden işler. Vatandaşa mesaj gitmez.',
        confirm: 'Beklemenin bittiğini onaylıyorum.',
        submit: 'Devam et',
      };
    case 'reroute':
      return {
        title: 'Başka müdürlüğe yönlendir',
        consequence:
          'Kayıt seçtiğiniz müdürlüğe geçer ve onun süreleri başlar; bu bağlantıyla artık işlem yapılamaz. Vatandaşa yeni birim bildirilir, gerekçeniz bildirilmez.',
        confirm: 'Kaydın seçtiğim müdürlüğe gönderilmesini onaylıyorum.',
        submit: 'Yönlendir',
      };
    case 'handOff':
      return {
        title: 'Yetkili kuruma yönlendir',
        consequence:
          'Kayıt kapanır; vatandaşa yetkili kurumun adı, telefonu ve açıklamanız gönderilir. Bu işlem geri alınamaz.',
        confirm: 'Konunun seçtiğim kuruma ait olduğunu onaylıyorum.',
        submit: 'Kuruma yönlendir ve gönder',
      };
    case 'handOver':
      return {
        title: 'İş arkadaşına devret',
        consequence:
          'Görevin bağlantısı ve notunuz yazdığınız adrese e-postayla gider. Kayıt müdürlüğünüzde kalır, süreler değişmez, vatandaşa mesaj gitmez.',
        confirm: 'Görevin bu kişiye iletilmesini onaylıyorum.',
        submit: 'Devret',
      };
    case 'reject':
      return {
        title: 'Gerekçeyle reddet',
        consequence: 'Kayıt kapanır; vatandaşa gerekçe ve açıklamanız gönderilir. Bu işlem geri alınamaz.',
        confirm: 'Bildirimin reddedilmesini ve bu açıklamanın gönderilmesini onaylıyorum.',
        submit: 'Reddet ve gönder',
      };
    case 'join':
      return {
        title: 'Aynı sorunun kaydına bağla',
        consequence:
          'Bu kayıt yazdığınız kayda bağlanır ve süresi durur; oradaki sonuç bu vatandaşa da bildirilir. Vatandaşa kaydının birlikte izlendiği bildirilir. Daha sonra ayırabilirsiniz.',
        confirm: 'İki kaydın aynı sorunla ilgili olduğunu onaylıyorum.',
        submit: 'Bağla',
      };
    case 'separate':
      return {
        title: 'Bağlı olduğu kayıttan ayır',
        consequence:
          'Kayıt yeniden kendi başına bir görev olur ve süresi kaldığı yerden işler. Vatandaşa mesaj gitmez.',
        confirm: 'Kaydın ayrılmasını onaylıyorum.',
        submit: 'Ayır',
      };
    case 'note':
      return {
        title: 'Not ekle',
        consequence: 'Not kaydın geçmişine yazılır; vatandaşa gönderilmez, süreleri değiştirmez.',
        confirm: null,
        submit: 'Notu ekle',
      };
  }
}
