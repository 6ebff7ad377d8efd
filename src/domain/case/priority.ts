import type { Priority } from './case';

/** The next higher priority; the highest stays. */
export const raised: Readonly<Record<Priority, Priority>> = { p1: 'p1', p2: 'p1', p3: 'p2', p4: 'p3' };
