import type { WebDeps } from '../../src/web/app';

/** A gateway of a line that has no cases, and what enters reports and lists cases there. */
export const idleLine: Pick<WebDeps, 'gateway' | 'enterReport' | 'caseList'> = {
  enterReport: () => Promise.reject(new Error('unused')),
  caseList: { running: async () => [] },
  gateway: {
    act: () => Promise.reject(new Error('unused')),
    addToCase: async () => false,
    moveIncident: async () => false,
    changeCalendar: async () => false,
    addToEnded: async () => undefined,
    giveFeedback: async () => false,
    object: async () => undefined,
    reportCall: async () => undefined,
    reportHandOff: async () => undefined,
    mailNewLink: async () => true,
    mailSignIn: async () => true,
    actInTalk: async () => undefined,
    talkHolder: async () => null,
    carryOutRequest: async () => undefined,
    sendAgain: async () => 'pending',
    resumeCase: async () => false,
    ping: async () => undefined,
  },
};
