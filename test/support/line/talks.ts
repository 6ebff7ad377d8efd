import type { TestLine } from '../line';
import { type SideBySide, sideBySide } from '../side-by-side';
import type { Person } from './phones';

export type Talks = Record<string, (person: Person) => Promise<void>>;

/** Plays talks at the same time, each as a new citizen. */
export function beginTalks({ phones }: TestLine, talks: Talks): SideBySide {
  const running = sideBySide();
  for (const [name, talk] of Object.entries(talks)) {
    running.begin(name, phones.newPerson({ name: 'Ayşe Yılmaz' }).then(talk));
  }
  return running;
}
