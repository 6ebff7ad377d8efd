import { isOnHold, isWithDepartment } from '../../domain/case/case';
import { dayText, dueTextOf } from '../due-words';
import { coordinateWords, mapUrl } from '../map-link';
import { oneLine } from '../plain-text';
import type { LetterData } from './letter-data';
import { clockOf } from './rung-words';

export interface LetterRow {
  name: string;
  value: string;
  url?: string;
}

export interface LetterDue {
  name: string;
  words: string;
  isOverdue: boolean;
}

const LONGEST_PLACE = 200;

function dueRow(name: string, at: number, { now, municipality }: LetterData): LetterDue {
  const { until, left, isOverdue } = dueTextOf(at, now, municipality.timeZone);
  return { name, words: `${until}, ${left}`, isOverdue };
}

function pauseRow({ pauseLimitAt, now, municipality }: LetterData): LetterDue {
  const limit =
    pauseLimitAt === null ? '' : `, en geç ${dueTextOf(pauseLimitAt, now, municipality.timeZone).until}`;
  return { name: 'Hizmet süresi', words: `duruyor${limit}`, isOverdue: false };
}

/** The clock of a letter of the ladder, else the target that binds in this stage; null when none does. */
export function bindingDue(data: LetterData): LetterDue | null {
  const { rung, stage, acceptBy, resolveBy, legalBy, overallBy = resolveBy } = data;
  if (rung === undefined && !isWithDepartment(stage)) return null;
  if (rung?.clock !== 'legal' && isOnHold(stage)) return pauseRow(data);
  switch (clockOf(data)) {
    case 'accept':
      return dueRow(stage === 'triage' ? 'İlk işlem' : 'Kabul', acceptBy, data);
    case 'resolve':
      return dueRow('Çözüm', resolveBy, data);
    case 'overall':
      return dueRow('Toplam çözüm', overallBy, data);
    case 'legal':
      return dueRow('Yasal süre', legalBy, data);
  }
}

/** The targets beside the one that binds. */
function clockRows(data: LetterData): LetterRow[] {
  const { stage, resolveBy, overallBy, legalBy } = data;
  if (!isWithDepartment(stage)) return [];
  const clocks = [
    ...(isOnHold(stage) ? [] : [dueRow('Çözüm', resolveBy, data)]),
    ...(overallBy === undefined || isOnHold(stage) ? [] : [dueRow('Toplam çözüm', overallBy, data)]),
    dueRow('Yasal süre', legalBy, data),
  ];
  const binding = bindingDue(data)?.name;
  return clocks.filter(({ name }) => name !== binding).map(({ name, words }) => ({ name, value: words }));
}

function placeRows({ place, placeNotes, neighbourhood }: LetterData): LetterRow[] {
  const address = [place?.name, place?.address].filter(part => part).join(', ');
  return [
    ...(neighbourhood ? [{ name: 'Mahalle', value: neighbourhood }] : []),
    ...(address ? [{ name: 'Yer', value: oneLine(address, LONGEST_PLACE) }] : []),
    ...(place ? [{ name: 'Konum', value: coordinateWords(place), url: mapUrl(place) }] : []),
    ...placeNotes.map(note => ({ name: 'Yer notu', value: oneLine(note, LONGEST_PLACE) })),
  ];
}

function peopleRows({ callBack, others }: LetterData): LetterRow[] {
  const caller = [callBack?.name, callBack?.phone].filter(part => part).join(', ');
  return [
    ...(caller ? [{ name: 'Geri arama', value: oneLine(caller, LONGEST_PLACE) }] : []),
    ...(others > 0 ? [{ name: 'Bildirenler', value: `${others} kişi daha bildirdi` }] : []),
  ];
}

function photoRow({ photos, pictures }: LetterData): LetterRow[] {
  const rest = photos - pictures.length;
  if (rest <= 0) return [];
  const words = pictures.length === 0 ? `${rest} fotoğraf` : `${rest} fotoğraf daha`;
  return [{ name: 'Fotoğraf', value: `${words}, görev sayfasında` }];
}

/** Facts of a report for the table of the letter, each with its heading; the binding time stands above them. */
export function rowsOf(data: LetterData): LetterRow[] {
  const { subject, department, recipient, plannedFor, now, municipality } = data;
  const day = plannedFor === null ? null : dayText(plannedFor, now, municipality.timeZone);
  return [
    { name: 'Konu', value: subject },
    ...(recipient.role === 'department' ? [] : [{ name: 'Müdürlük', value: department }]),
    ...placeRows(data),
    ...peopleRows(data),
    ...photoRow(data),
    ...(day === null ? [] : [{ name: 'Planlanan gün', value: day }]),
    ...clockRows(data),
  ];
}
