import type { CaseFact } from './case-events';
import { clockWords, roleWords } from './case-words';

/** A line of the case's story in Turkish; departments appear by their slug. */
export function factWords(fact: CaseFact): string {
  switch (fact.type) {
    case 'opened':
      return 'Kayıt açıldı';
    case 'handedOff':
      return 'İlgili kuruma yönlendirildi';
    case 'accepted':
      return 'Müdürlük işi kabul etti';
    case 'resolved':
      return 'Müdürlük sonuçlandırdı';
    case 'rejected':
      return 'Gerekçeyle reddedildi';
    case 'noted':
      return 'Müdürlük not ekledi';
    case 'rerouted':
      return `Yönlendirildi: ${fact.from} → ${fact.to}`;
    case 'planned':
      return 'Süreler planlandı';
    case 'citizenAdded':
      return 'Vatandaş ekleme yaptı';
    case 'feedback':
      return fact.answer === 'solved'
        ? 'Vatandaş: çözüldü'
        : `Vatandaş: ${fact.answer === 'partly' ? 'kısmen' : 'çözülmedi'}`;
    case 'reopened':
      return `Yeniden açıldı (${fact.count}. kez)`;
    case 'closed':
      return fact.reason === 'confirmed'
        ? 'Vatandaş onayıyla kapandı'
        : 'Yanıt gelmeden süre dolunca kapandı';
    case 'reminded':
      return `${clockWords[fact.clock]}: hatırlatma gönderildi`;
    case 'breached':
      return `${clockWords[fact.clock]} aşıldı, bildirildi: ${roleWords[fact.to]}`;
    case 'escalated':
      return `${clockWords[fact.clock]}: üst makama bildirildi (${roleWords[fact.to]})`;
    case 'notDelivered':
      return `Bildirim ulaştırılamadı: ${fact.recipient === 'citizen' ? 'vatandaş' : roleWords[fact.recipient]}`;
    case 'photoLost':
      return 'Fotoğraf alınamadı';
  }
}
