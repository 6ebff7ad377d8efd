interface FailureWords {
  title: string;
  paragraphs: string[];
}

/** An act may have been taken before what came after it failed. */
const lookFirst =
  'Bir form gönderdiyseniz, yeniden göndermeden önce kaydın geçmişine bakınız; işleminiz kaydedilmiş olabilir.';

/** What a department reads instead of a page, by status; `operator` is whom to ask. */
export function failureWords(status: number, operator: string): FailureWords {
  switch (status) {
    case 404:
      return {
        title: 'Bu bağlantı geçerli değil',
        paragraphs: [
          'Bağlantı eksik kopyalanmış, süresi dolmuş veya yenisiyle değiştirilmiş olabilir.',
          'Lütfen kayda ilişkin en son e-postadaki bağlantıyı açınız.',
          `Yeni bağlantı için kayıt numarasıyla (PK-…) başvurabileceğiniz yer: ${operator}.`,
        ],
      };
    case 403:
      return {
        title: 'İşlem yapılmadı',
        paragraphs: [
          'Form bu siteden gönderilmedi. Lütfen e-postadaki bağlantıyı açıp işlemi oradan yapınız.',
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
          'Bağlantınız geçerlidir; bu istekle hiçbir işlem yapılmadı.',
          'Lütfen bir dakika sonra yeniden deneyiniz.',
        ],
      };
    case 503:
      return {
        title: 'Kayıtlara şu anda ulaşılamıyor',
        paragraphs: ['Lütfen birkaç dakika sonra yeniden deneyiniz.', lookFirst],
      };
    default:
      return status < 500
        ? { title: 'İstek anlaşılamadı', paragraphs: ['Lütfen e-postadaki bağlantıyı yeniden açınız.'] }
        : {
            title: 'Bir hata oluştu',
            paragraphs: ['Hata kaydedildi. Lütfen birkaç dakika sonra yeniden deneyiniz.', lookFirst],
          };
  }
}

/** The same for a citizen, who only looks and came from a message; a link that opens nothing has a page of its own. */
export function citizenFailureWords(status: number): FailureWords {
  if (status === 429) {
    return {
      title: 'Bu sayfa çok sık açıldı',
      paragraphs: ['Bağlantınız geçerlidir. Lütfen bir dakika sonra yeniden deneyiniz.'],
    };
  }
  if (status < 500) {
    return {
      title: 'İstek anlaşılamadı',
      paragraphs: ['Lütfen size gönderilen mesajdaki bağlantıyı yeniden açınız.'],
    };
  }
  return {
    title: status === 503 ? 'Kayıtlara şu anda ulaşılamıyor' : 'Bir hata oluştu',
    paragraphs: ['Lütfen birkaç dakika sonra yeniden deneyiniz.'],
  };
}
