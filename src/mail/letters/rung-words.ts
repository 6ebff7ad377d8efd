import type { Clock } from '../../domain/case/case';
import type { LetterData } from './letter-data';

const clockWords: Readonly<Record<Clock, string>> = {
  accept: 'kabul süresi',
  resolve: 'çözüm süresi',
  overall: 'toplam çözüm süresi',
  legal: 'yasal yanıt süresi',
};

/** The clock a letter of the ladder speaks of: the one that binds now when the letter does not name it. */
export function clockOf({ rung, stage }: LetterData): Clock {
  return rung?.clock ?? (stage === 'assigned' || stage === 'triage' ? 'accept' : 'resolve');
}

/** "kabul süresi", in the middle of a sentence. */
export function clockName(data: LetterData): string {
  return clockWords[clockOf(data)];
}

/** The clock in a subject line. */
export function clockTitle(data: LetterData): string {
  const clock = clockOf(data);
  return clock === 'legal' ? 'yasal süre' : clockWords[clock];
}

/** Whether the moment of that clock has passed. */
export function isOver(data: LetterData): boolean {
  const by = {
    accept: data.acceptBy,
    resolve: data.resolveBy,
    overall: data.overallBy ?? data.resolveBy,
    legal: data.legalBy,
  };
  return by[clockOf(data)] <= data.now;
}
