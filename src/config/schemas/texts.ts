import { z } from 'zod';
import { stages, type Outcome, type Stage } from '../../domain/case/case';
import { bySlug, entry, line } from './fields';
import { noticeParts } from './privacy';

/** The messages to citizens and their placeholders. */
export const messageParams = {
  greeting: [],
  thanks: [],
  emergency: [],
  emergencyGas: [],
  emergencyHurt: [],
  askLocation: [],
  askPinForLink: [],
  askWords: [],
  voiceNote: [],
  unsupported: [],
  acknowledged: ['caseNumber', 'subject', 'place', 'department', 'due'],
  hazard: [],
  hazardElsewhere: ['institution', 'phone'],
  statusLink: ['url'],
  privacyNotice: [],
  privacyNoticeChanged: [],
  known: ['caseNumber', 'subject', 'place', 'department', 'due'],
  joined: ['caseNumber'],
  incident: ['words', 'caseNumber'],
  incidentEnded: ['name', 'caseNumber'],
  incidentPersists: ['institution', 'phone'],
  incidentStaysOpen: ['department'],
  incidentLeft: ['caseNumber', 'department'],
  handedOff: ['caseNumber', 'subject', 'institution', 'why', 'phone'],
  handedOffByLetter: ['caseNumber', 'subject', 'institution', 'why', 'phone'],
  handedOffToDesk: ['caseNumber', 'subject', 'institution', 'why', 'phone'],
  handedOffToDuty: ['caseNumber', 'subject', 'institution', 'why'],
  passedOn: ['caseNumber', 'institution', 'phone', 'words'],
  passedOnByLetter: ['caseNumber', 'institution', 'phone', 'words'],
  passedOnToDesk: ['caseNumber', 'institution', 'phone', 'words'],
  passedOnByDesk: ['caseNumber', 'institution', 'phone'],
  notPassedOn: ['caseNumber', 'institution', 'phone'],
  institutionTook: ['caseNumber', 'institution'],
  institutionDone: ['caseNumber', 'institution', 'words'],
  institutionSilent: ['caseNumber', 'institution', 'phone'],
  institutionNote: ['words'],
  returned: ['caseNumber', 'institution', 'words', 'department', 'due'],
  question: ['caseNumber', 'department', 'words'],
  scheduled: ['caseNumber', 'department', 'day'],
  waitingInstitution: ['caseNumber', 'department', 'institution', 'words'],
  added: ['caseNumber'],
  rerouted: ['caseNumber', 'department', 'due'],
  corrected: ['caseNumber', 'department', 'due'],
  amended: ['caseNumber'],
  amendedSubject: ['subject'],
  amendedPlace: ['place'],
  resolved: ['caseNumber', 'department', 'words'],
  partlyResolved: ['caseNumber', 'department', 'words'],
  planned: ['caseNumber', 'department', 'when', 'words'],
  plannedUndated: ['caseNumber', 'department', 'words'],
  planMoved: ['caseNumber', 'department', 'when', 'words'],
  planPassed: ['caseNumber', 'department', 'when'],
  plannedSpring: ['year'],
  plannedSummer: ['year'],
  plannedAutumn: ['year'],
  plannedWinter: ['year'],
  interim: ['caseNumber', 'department', 'words'],
  late: ['caseNumber', 'department'],
  lateYourAnswer: [],
  lateInstitution: ['institution'],
  lateScheduled: ['day'],
  lateNewDue: ['due'],
  lateNoDate: [],
  answered: ['caseNumber', 'department', 'words'],
  surveyReminder: ['caseNumber', 'day'],
  askSolved: [],
  rejected: ['caseNumber', 'department', 'reason', 'words'],
  reopened: ['caseNumber', 'department', 'due'],
  askReason: [],
  answerUndone: ['caseNumber'],
  managerDecides: ['caseNumber'],
  objected: ['caseNumber', 'decider', 'date'],
  objectionAccepted: ['caseNumber', 'department', 'due', 'words'],
  outcomeConfirmed: ['caseNumber', 'words'],
  decidedFinally: [],
  objectionWithdrawn: ['caseNumber'],
  objectStillOpen: ['caseNumber'],
  objectFollowsAnother: ['caseNumber'],
  objectUnderWay: ['caseNumber'],
  objectWithdrawn: ['caseNumber'],
  objectEmergency: ['caseNumber'],
  objectFinal: ['caseNumber'],
  objectTooLate: ['caseNumber', 'date'],
  withdrawn: ['caseNumber'],
  closed: ['caseNumber'],
  alreadyClosed: ['caseNumber'],
  outsideDistrict: ['caseNumber'],
  outsideNeighbour: ['name', 'contact'],
  institutionWebsite: ['website'],
  alsoReported: [],
  alsoTell: ['question'],
  alsoPhoto: [],
  placeUnknown: [],
  placePinned: ['place'],
  placePinnedOnly: [],
  howToObject: ['line', 'date', 'caseNumber'],
  howToSayUnsolved: ['line', 'caseNumber'],
  fileUnreadable: ['caseNumber', 'why'],
  status: ['caseNumber', 'stage', 'department'],
  statusDue: ['due'],
  statusOverdue: [],
  statusPlanned: ['when'],
  statusPlanPassed: [],
  statusDecision: ['decider', 'date'],
  statusDecisionLate: ['decider'],
  statusIncident: [],
  statusResult: ['outcome'],
  noOpenCase: [],
  help: [],
  askSubject: [],
  confirmSubject: ['subject'],
  confirmSubjectAndPlace: ['subject'],
  askSubjectAndPlace: [],
  subjectLapsed: [],
  askMatters: ['first', 'second'],
  askRight: ['caseNumber', 'subject'],
  askCorrection: ['caseNumber', 'subject', 'right'],
  askWhich: ['caseNumber', 'subject'],
  askWhichOf: [],
  askSolvedOf: ['caseNumber', 'subject'],
  answerTaken: ['caseNumber', 'answer'],
  notUnderstood: [],
  askReport: [],
  kept: [],
  againAskPlace: [],
  againAskSubject: [],
  againAskWhich: [],
  againAskWords: [],
  againNotUnderstood: [],
  againConfirmWithdraw: [],
  lostFile: [],
  person: [],
  stopped: [],
  started: [],
  petition: [],
  abuse: [],
  blocked: [],
  confirmWithdraw: ['caseNumber', 'subject'],
  chooseWithdraw: [],
  withdrawKept: [],
  draftDropped: [],
  rated: [],
  sharesNumber: [],
  shareNumber: [],
  ratedLow: ['caseNumber'],
  askVoice: ['words'],
  voiceWrong: [],
  transcribed: ['words'],
  eraseStored: ['cases', 'messages'],
  eraseStaysOpen: ['caseNumber', 'date'],
  eraseStaysNew: ['caseNumber'],
  eraseStaysHeld: ['caseNumber', 'date'],
  eraseStaysMore: ['count'],
  eraseHeld: ['date'],
  eraseConfirm: [],
  eraseAsked: ['id', 'date', 'due'],
  eraseKept: [],
  eraseDone: [],
  eraseDonePartly: [],
  eraseRefused: ['reason'],
  askRating: [],
  tooManyCases: [],
  tooManyQuestions: [],
  unknownCase: [],
  openCases: ['count'],
  noCaseOpenNow: [],
  chooseStatus: [],
  openCase: ['caseNumber', 'subject', 'stage'],
  suggestionRecorded: ['caseNumber', 'subject', 'department'],
  thanksRecorded: ['caseNumber', 'department'],
} as const satisfies Record<string, readonly string[]>;

/** Available in every message. `privacyNoticeUrl` is the page of the line, the others come from municipality.yaml. */
export const commonParams = [
  'callCentre',
  'officeHours',
  'linePhone',
  'website',
  'privacyNoticeUrl',
] as const;

export type MessageKey = keyof typeof messageParams;

/**
 * WhatsApp limits a text message to 4,096 characters and one with buttons to 1,024. This leaves room for values.
 */
const LONGEST_MESSAGE = 1000;
/** A reply button title. WhatsApp allows 20 characters. */
const LONGEST_BUTTON = 20;

export const message = z.string().trim().min(1).max(LONGEST_MESSAGE);
const button = z.string().trim().min(1).max(LONGEST_BUTTON);

function oneEach<Key extends string, Value extends z.ZodType>(
  keys: readonly Key[],
  value: Value,
): z.ZodObject<Record<Key, Value>, z.core.$strict> {
  return entry(Object.fromEntries(keys.map(key => [key, value])) as Record<Key, Value>);
}

/** The texts of the page at the line's address. */
const homePageKeys = ['title', 'report', 'status', 'danger', 'write'] as const;

/** The texts of the page with the privacy notice: its title, and a heading for each part of privacy.yaml. */
const noticePageKeys = ['title', ...noticeParts, 'version', 'other'] as const;

/** The texts of the citizen's status page. */
const statusPageKeys = [
  'title',
  'notValid',
  'howToAsk',
  'stage',
  'subject',
  'place',
  'date',
  'department',
  'institution',
  'due',
  'plannedFor',
  'decision',
  'result',
  'answer',
  'photos',
  'photo',
  'steps',
  'objection',
  'question',
  'waitingFor',
  'report',
  'line',
  'privacy',
] as const;

/** The texts of the forms on the status page. */
const statusFormKeys = [
  'reply',
  'add',
  'missed',
  'words',
  'photos',
  'photosHint',
  'send',
  'survey',
  'object',
  'objectHint',
  'reason',
  'rate',
  'doneTitle',
  'done',
  'notDone',
  'typed',
  'damaged',
  'empty',
  'tooLong',
  'wrongPhoto',
  'notPossible',
  'tooMany',
  'unavailable',
] as const;

/** The steps of a case on the status page. */
const statusSteps = [
  'received',
  'forwarded',
  'accepted',
  'started',
  'scheduled',
  'waitingCitizen',
  'waitingInstitution',
  'joined',
  'answered',
  'rejected',
  'handedOff',
  'unhappy',
  'reopened',
  'plannedAhead',
  'planMoved',
  'informed',
  'objected',
  'confirmed',
  'objectionWithdrawn',
  'withdrawn',
  'closed',
] as const;

/** How far a hand-off is, in the chat and on the status page. `awaited`: the institution has not answered yet. */
export const handOffTexts = [
  'mailed',
  'deskAsked',
  'passedOn',
  'awaited',
  'taken',
  'done',
  'notOurs',
  'silent',
  'notPassedOn',
] as const;

/** The outcomes of a case on the status page. */
const statusOutcomes = [
  'resolved',
  'partlyResolved',
  'planned',
  'rejected',
  'handedOff',
  'withdrawn',
  'duplicate',
] as const satisfies readonly Outcome[];

/** Why a file of a citizen could not be kept. */
const fileProblems = ['type', 'tooLarge', 'incomplete', 'damaged'] as const;
export type FileProblem = (typeof fileProblems)[number];

/** texts/<language>.yaml: every text for citizens. Names come from the other files. */
export const textsSchema = entry({
  messages: oneEach(Object.keys(messageParams) as MessageKey[], message),
  buttons: entry({
    solved: button,
    partly: button,
    unsolved: button,
    object: button,
    undo: button,
    erase: button,
    keepData: button,
    report: button,
    askStatus: button,
    person: button,
    newReport: button,
    correct: button,
    aboutCase: button,
    withdraw: button,
    keep: button,
    openCase: button,
    yes: button,
    chooseSubject: button,
    otherSubject: button,
    bothMatters: button,
    firstMatter: button,
    secondMatter: button,
    voiceRight: button,
    voiceWrong: button,
    chooseCase: button,
    rate: button,
    rating5: button,
    rating4: button,
    rating3: button,
    rating2: button,
    rating1: button,
  }),
  fileProblems: oneEach(fileProblems, line),
  stages: oneEach<Stage, typeof line>(stages, line),
  homePage: oneEach(homePageKeys, line),
  noticePage: oneEach(noticePageKeys, line),
  statusPage: oneEach(statusPageKeys, line),
  statusForms: oneEach(statusFormKeys, line),
  statusSteps: oneEach(statusSteps, line),
  handOffSteps: oneEach(handOffTexts, line),
  statusOutcomes: oneEach(statusOutcomes, line),
  /** The reasons a department can give for a rejection. */
  rejectionReasons: bySlug(line),
});

export type Texts = z.infer<typeof textsSchema>;

export const languages = ['tr', 'en'] as const;
export type Language = (typeof languages)[number];

/** Returns the distinct {{placeholders}} of a text, sorted. */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*([^{}\s]*)\s*\}\}/g)].map(match => match[1] ?? ''))].sort();
}
