/** The reader of an error page. */
export type Reader = 'department' | 'institution' | 'citizen' | 'manager' | 'staff';

export interface FailureText {
  title: string;
  paragraphs: string[];
}

/** The act may have been applied before a later step failed. */
const lookFirst: Readonly<Record<Reader, string[]>> = {
  department: [
    'Bir form gönderdiyseniz, yeniden göndermeden önce kaydın geçmişine bakınız; işleminiz kaydedilmiş olabilir.',
  ],
  institution: [
    'Bir form gönderdiyseniz, yeniden göndermeden önce sayfadaki geçmişe bakınız; yanıtınız kaydedilmiş olabilir.',
  ],
  citizen: [
    'Bir yanıt gönderdiyseniz, yeniden göndermeden önce kaydın adımlarına bakınız; yanıtınız alınmış olabilir.',
  ],
  manager: [],
  staff: ['Bir form gönderdiyseniz, yeniden göndermeden önce kayda bakınız; işleminiz kaydedilmiş olabilir.'],
};

const whereToOpen: Readonly<Record<Reader, string>> = {
  department: 'e-postadaki bağlantıyı',
  institution: 'e-postadaki bağlantıyı',
  citizen: 'size gönderilen mesajdaki bağlantıyı',
  manager: 'size verilen bağlantıyı',
  staff: 'sayfayı',
};

const notValid: Readonly<Record<Reader, (operator: string) => string[]>> = {
  department: operator => [
    'Bağlantı eksik kopyalanmış, süresi dolmuş veya yenisiyle değiştirilmiş olabilir.',
    'Lütfen kayda ilişkin en son e-postadaki bağlantıyı açınız. Açık bir görev, günlük görev listesi e-postasından da açılabilir.',
    `Yeni bağlantı için kayıt numarasıyla başvurabileceğiniz yer: ${operator}.`,
  ],
  institution: operator => [
    'Bağlantı eksik kopyalanmış veya süresi dolmuş olabilir. Lütfen kayda ilişkin en son e-postadaki bağlantıyı açınız.',
    `Yeni bağlantı için kayıt numarasıyla başvurabileceğiniz yer: ${operator}.`,
  ],
  // Citizens get both languages from the municipality's texts.
  citizen: () => [],
  manager: operator => [
    'Yönetici sayfası yalnızca size verilen bağlantıyla açılır. Bağlantı eksik kopyalanmış veya süresi dolmuş olabilir.',
    `Yeni bağlantı için başvurabileceğiniz yer: ${operator}.`,
  ],
  staff: operator => [
    'Bağlantı eksik kopyalanmış, süresi dolmuş, kullanılmış veya yetkiniz dışındaki bir kayda ait olabilir.',
    `Sorunuz için başvurabileceğiniz yer: ${operator}.`,
  ],
};

function notAllowed(operator: string): FailureText {
  return {
    title: 'Bu sayfa veya işlem için yetkiniz yok',
    paragraphs: [
      'Form eski bir sayfadan veya başka bir siteden gönderildiyse, sayfayı yeniden açıp işlemi oradan yapınız.',
      `Yetki için başvurabileceğiniz yer: ${operator}.`,
    ],
  };
}

/** Returns the text of an error page by HTTP status. `operator` is the contact for a new link. */
export function failureText(status: number, reader: Reader, operator: string): FailureText {
  switch (status) {
    case 404:
      return { title: 'Bu bağlantı geçerli değil', paragraphs: notValid[reader](operator) };
    case 403:
      if (reader === 'staff') return notAllowed(operator);
      return {
        title: 'İşlem yapılmadı',
        paragraphs: [
          `Form bu siteden gönderilmedi. Lütfen ${whereToOpen[reader]} açıp işlemi oradan yapınız.`,
        ],
      };
    case 413:
      return {
        title: 'Gönderilen form çok büyük',
        paragraphs: [
          'Form alınmadı, hiçbir işlem yapılmadı.',
          'Lütfen geri dönüp metni kısaltınız ya da daha küçük fotoğraf seçiniz.',
        ],
      };
    case 408:
      return {
        title: 'Form süresinde tamamlanamadı',
        paragraphs: [
          'Bağlantınız yavaş olduğu veya kesildiği için form alınmadı; hiçbir işlem yapılmadı.',
          'Lütfen geri dönüp daha az ya da daha küçük fotoğrafla veya bağlantı daha iyi olduğunda yeniden deneyiniz.',
        ],
      };
    case 429:
      return {
        title: 'Bu sayfa çok sık açıldı',
        paragraphs: [
          'Bağlantınız geçerlidir; bu isteğiniz işlenmedi.',
          'Lütfen bir dakika sonra yeniden deneyiniz.',
        ],
      };
    case 503:
      return {
        title: 'Kayıtlara şu anda ulaşılamıyor',
        paragraphs: ['Lütfen birkaç dakika sonra yeniden deneyiniz.', ...lookFirst[reader]],
      };
    default:
      return status < 500
        ? { title: 'İstek anlaşılamadı', paragraphs: [`Lütfen ${whereToOpen[reader]} yeniden açınız.`] }
        : {
            title: 'Bir hata oluştu',
            paragraphs: [
              'Hata kaydedildi. Lütfen birkaç dakika sonra yeniden deneyiniz.',
              ...lookFirst[reader],
            ],
          };
  }
}

/** The form on the page of a refused task link. It posts to the page's own address, so it names no link. */
export const newLinkForm = {
  action: '?again',
  hint: 'Bağlantı daha önce size gönderilmiş bir göreve aitse müdürlüğün e-posta adresine yenisi gönderilir.',
  button: 'Yeni bağlantı gönder',
} as const;

export const linkAskedText: FailureText = {
  title: 'İsteğiniz alındı',
  paragraphs: [
    'Bağlantı bir göreve aitse müdürlüğün kayıtlı e-posta adresine birkaç dakika içinde bir e-posta gönderilir; başka bir adrese gönderilmez.',
    'Aynı kayıt için saatte bir e-posta gönderilir. E-posta gelmezse lütfen müdürlüğünüzün günlük görev listesine bakınız.',
  ],
};
