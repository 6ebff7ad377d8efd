import type { CaseIntake } from '../store/case-records';

/** A pin nearer to the border than this may be meant for the other side. */
const NEAR_BORDER_METRES = 150;

const precisionLabels = {
  street: 'sokak adı',
  neighbourhood: 'mahalle adı',
} as const;

/** Returns Turkish sentences about doubts on the place; empty if pin and text agree. */
export function placeNotes({ location, neighbourhood, outside, place }: CaseIntake): string[] {
  if (!location) return outside ? ['Gönderilen konum ilçe sınırları dışında görünüyor.'] : [];
  const { source, precision, street, namedInWords, borderMetres, neighbour, road, keptRoad } = location;
  const notes: string[] = [];
  if (outside) {
    const distance = borderMetres === null ? '' : `, sınıra ${metres(borderMetres)} uzaklıkta`;
    const whose = neighbour ? `; en yakın komşu: ${neighbour.name}` : '';
    notes.push(`Gönderilen konum ilçe sınırları dışında görünüyor${distance}${whose}.`);
  } else if (borderMetres !== null && borderMetres < NEAR_BORDER_METRES) {
    notes.push(`Konum ilçe sınırına ${metres(borderMetres)} uzaklıkta.`);
  }
  if (namedInWords) {
    const where = neighbourhood ? `${neighbourhood.name} Mahallesi’nde` : 'başka bir yerde';
    notes.push(`Metinde ${namedInWords.name} Mahallesi geçiyor, gönderilen konum ise ${where}.`);
  }
  if (source === 'words' && place === null && (precision === 'street' || precision === 'neighbourhood')) {
    const told = street === null ? '' : ` (“${street}”)`;
    notes.push(`Yer, bildirim metnindeki ${precisionLabels[precision]} ile belirlendi${told}.`);
  }
  if (road === 'artery' && keptRoad !== null) {
    notes.push(`Yol: ${keptRoad}; bakımı ilçe belediyesinde olmayan yollardandır.`);
  }
  return notes;
}

/** Formats a distance: "yaklaşık 240 metre", "yaklaşık 1,2 km". Pins are not more precise. */
export function metres(value: number): string {
  if (value < 1_000) return `yaklaşık ${Math.max(10, Math.round(value / 10) * 10)} metre`;
  return `yaklaşık ${(value / 1_000).toFixed(1).replace('.', ',')} km`;
}
