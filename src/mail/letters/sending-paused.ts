import type { LetterWords, SendingPausedData } from './letter-data';

export const sendingPaused: LetterWords<SendingPausedData> = {
  tone: 'alarm',
  button: null,
  state: () => 'Mesaj gönderimi durdu',
  lead: ({ reason }) => [
    `WhatsApp, hattın erişim anahtarı veya hesabı nedeniyle mesaj kabul etmiyor (Meta hata kodu ${reason}). Vatandaşlara gidecek bütün mesajlar bekletiliyor; hiçbiri kaybolmaz.`,
    'Lütfen Meta Business yönetim sayfasında erişim anahtarını, yetkileri, ödeme yöntemini ve hesabın durumunu kontrol ediniz. Anahtar yenilendiyse WHATSAPP_ACCESS_TOKEN değerini güncelleyip worker süreçlerini yeniden başlatınız.',
    'Hat en geç beş dakikada bir yeniden dener ve sorun giderilince gönderime kendiliğinden devam eder.',
  ],
};
