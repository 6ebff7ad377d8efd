import type { Reply } from './conversation';

/** What each reply of the conversation is called in the Temporal UI, in Turkish. */
export const replyLabels: Readonly<Record<Reply, string>> = {
  greeting: 'karşılama',
  thanks: 'teşekküre yanıt',
  status: 'durum bilgisi',
  help: 'yardım',
  emergency: '112 uyarısı',
  askPlace: 'konum soruldu',
  askWords: 'açıklama istendi',
  endedCase: 'kaydın kapandığı bilgisi',
  unreadable: 'okunamayan mesaja yanıt',
  petition: 'dilekçe ve bilgi edinme açıklaması',
  abuse: 'üslup uyarısı',
  askSubject: 'konu soruldu',
  askWhich: 'yeni bildirim mi, ek mi soruldu',
  lostFile: 'dosyanın ulaşmadığı bilgisi',
  person: 'çağrı merkezi bilgisi',
  stop: 'bilgilendirme durduruldu',
  start: 'bilgilendirme başlatıldı',
  confirmWithdraw: 'iptal onayı soruldu',
  withdrawNo: 'iptalden vazgeçildi',
  draftDropped: 'açılmamış bildirim iptal edildi',
  rated: 'değerlendirmeye teşekkür',
  tooManyCases: 'açık kayıt sınırı bildirildi',
  blocked: 'kısıtlama bildirildi',
};
