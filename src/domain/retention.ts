import { DAY_MS } from './durations';

/**
 * The record families and how each ends. `after` is the event from which its days are counted. `least` is the shortest
 * allowed number of days: below it the line would not work, or a record required by law would be missing.
 */
export const retentionRules = {
  /** Meta redelivers a webhook for seven days. */
  rawMessages: { after: 'receipt', then: 'erase', least: 8 },
  deadLetters: { after: 'receipt', then: 'erase', least: 8 },
  reportPlaces: { after: 'receipt', then: 'erase', least: 60 },
  photos: { after: 'caseEnd', then: 'erase', least: 30 },
  files: { after: 'caseEnd', then: 'erase', least: 30 },
  messages: { after: 'caseEnd', then: 'erase', least: 30 },
  letters: { after: 'caseEnd', then: 'anonymise', least: 30 },
  cases: { after: 'caseEnd', then: 'anonymise', least: 30 },
  acts: { after: 'caseEnd', then: 'anonymise', least: 30 },
  messagesWithoutCase: { after: 'receipt', then: 'erase', least: 8 },
  lettersWithoutCase: { after: 'creation', then: 'erase', least: 8 },
  deliveries: { after: 'receipt', then: 'erase', least: 8 },
  events: { after: 'creation', then: 'erase', least: 8 },
  returnedMails: { after: 'receipt', then: 'erase', least: 8 },
  linkViews: { after: 'visit', then: 'erase', least: 30 },
  /** Who read or changed something by a command. */
  auditTrail: { after: 'creation', then: 'erase', least: 365 },
  links: { after: 'expiry', then: 'erase', least: 1 },
  /** Who signed in to the staff pages. The audit trail keeps what they did. */
  staffSessions: { after: 'expiry', then: 'erase', least: 1 },
  /** Only citizens without a case that still names them. */
  citizens: { after: 'lastMessage', then: 'erase', least: 30 },
  blocks: { after: 'blockEnd', then: 'erase', least: 1 },
  blockActs: { after: 'creation', then: 'erase', least: 30 },
  absences: { after: 'expiry', then: 'erase', least: 30 },
  incidents: { after: 'expiry', then: 'erase', least: 30 },
  accountNotices: { after: 'receipt', then: 'erase', least: 30 },
  /** The by-law on erasure, article 7: records of erasure are kept for at least three years. */
  retentionRuns: { after: 'creation', then: 'erase', least: 1_096 },
} as const satisfies Record<string, RetentionRule>;

interface RetentionRule {
  after: RetentionStart;
  then: RetentionEnd;
  least: number;
}

export type RetentionStart =
  'receipt' | 'creation' | 'caseEnd' | 'visit' | 'expiry' | 'lastMessage' | 'blockEnd' | 'workflowEnd';
export type RetentionEnd = 'erase' | 'anonymise';

/** A family of records whose time is limited. */
export type RecordFamily = keyof typeof retentionRules;

/**
 * All families, in the order in which they are applied: what belongs to a case before the case, and citizens after
 * everything that names them.
 */
export const recordFamilies = Object.keys(retentionRules) as RecordFamily[];

/** Families without personal data that statistics or the program need forever. */
export const lastingFamilies = ['caseFacts', 'ratings', 'figures', 'closures', 'settings'] as const;

/** When a record is due, epoch ms UTC. */
export function dueAt(start: number, days: number): number {
  return start + days * DAY_MS;
}

/** Degrees of latitude and longitude of a cell of about 100 metres. */
const CELL_DEGREES = 0.001;

/** Returns a coordinate rounded to a grid of about 100 metres, in degrees. */
export function coarse(degrees: number): number {
  return Number((Math.round(degrees / CELL_DEGREES) * CELL_DEGREES).toFixed(3));
}
