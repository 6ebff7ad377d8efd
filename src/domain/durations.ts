/** Lengths of time in milliseconds. Days of the calendar may be longer or shorter: those are counted on its clock. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
