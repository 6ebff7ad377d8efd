/** What the desk can report after it has phoned the citizen. */
export const callResults = ['reached', 'notReached', 'wrongNumber'] as const;
export type CallResult = (typeof callResults)[number];

/**
 * How a request to phone a citizen ends. `unreached`: in none of the tries; `unanswered`: the desk did not report
 * a result; `arrived`: WhatsApp delivered the messages after all.
 */
export type CallEnd = 'reached' | 'wrongNumber' | 'unreached' | 'unanswered' | 'arrived' | 'noNumber';

/** The steps in which the desk is asked to phone the citizen. `returned`: the letter to the desk came back as mail. */
export const openCallSteps = ['asked', 'returned', 'notReached'] as const;

export type CallStep = (typeof openCallSteps)[number] | CallEnd;

/** A step of a call, as recorded by the case. `at` (epoch ms UTC) increases with each step. */
export interface CallNews {
  at: number;
  step: CallStep;
  /** The number of times that the desk was asked. */
  attempt: number;
  /** The report of the desk. */
  actionId?: string;
  /** The effects whose texts the desk read out. */
  told?: number[];
  /** Whether the desk wrote down what the citizen said. */
  said?: true;
}

/** A report of the desk: ids and enums. What the citizen said is stored under the action id. */
export type CallReport = Pick<CallNews, 'said'> & {
  actionId: string;
  result: CallResult;
  told: number[];
};

/** The request to phone a citizen whom WhatsApp did not reach. Times are epoch ms UTC. */
export interface CitizenCall {
  /** The effects of the case whose messages did not arrive. */
  untold: number[];
  /** How often the desk was asked. */
  attempt: number;
  /** When the desk is asked again; null until planned. */
  againAt: number | null;
  end: CallEnd | null;
  /** The time of the last news. */
  newsAt: number;
}

type CallEvent =
  | { type: 'undelivered'; effect: number }
  | { type: 'arrived'; effect: number }
  /** The desk got the letter. `againAt` is null if the citizen's number is unknown. */
  | { type: 'asked'; againAt: number | null }
  /** The letter to the desk came back as mail, and went to its fallback. */
  | { type: 'returned' }
  | { type: 'planned'; againAt: number }
  | { type: 'reported'; report: CallReport }
  | ({ type: 'resumed' } & LostCall)
  | { type: 'timePassed' };

/** What the records know about a call whose workflow is lost. */
export interface LostCall {
  untold: number[];
  attempt: number;
}

export type CallEffect =
  { type: 'ask'; attempt: number } | { type: 'plan' } | { type: 'note'; news: CallNews };

export const newCall: CitizenCall = { untold: [], attempt: 0, againAt: null, end: null, newsAt: 0 };

/**
 * Applies an event to a call. `tries` is how often the desk is asked, `now` epoch ms UTC. A message that fails
 * after the end of the call starts a new one.
 */
export function callTurn(
  before: CitizenCall,
  event: CallEvent,
  tries: number,
  now: number,
): { call: CitizenCall; effects: CallEffect[] } {
  let call = before;
  const effects: CallEffect[] = [];
  const note = (news: Omit<CallNews, 'at' | 'attempt'>): void => {
    call = { ...call, newsAt: Math.max(now, call.newsAt + 1) };
    effects.push({ type: 'note', news: { at: call.newsAt, attempt: call.attempt, ...news } });
  };
  const ask = (untold: number[], attempt: number): void => {
    call = { ...call, untold, attempt, againAt: null, end: null };
    effects.push({ type: 'ask', attempt });
  };
  const end = (how: CallEnd, report: Omit<CallNews, 'at' | 'attempt' | 'step'> = {}): void => {
    call = { ...call, untold: [], againAt: null, end: how };
    note({ step: how, ...report });
  };

  if (event.type === 'undelivered') {
    const { untold, attempt } = before;
    if (before.end !== null || attempt === 0) ask([event.effect], 1);
    else if (!untold.includes(event.effect)) call = { ...call, untold: [...untold, event.effect] };
    return { call, effects };
  }
  if (before.end !== null) return { call, effects };

  const isLast = before.attempt >= tries;
  switch (event.type) {
    case 'arrived':
      call = { ...call, untold: before.untold.filter(effect => effect !== event.effect) };
      if (call.untold.length === 0) end('arrived');
      break;
    case 'asked':
      if (event.againAt === null) {
        end('noNumber');
        break;
      }
      call = { ...call, againAt: event.againAt };
      note({ step: 'asked' });
      break;
    case 'returned':
      note({ step: 'returned' });
      break;
    case 'planned':
      call = { ...call, againAt: event.againAt };
      break;
    case 'resumed':
      call = { ...call, untold: event.untold, attempt: event.attempt };
      // All messages arrived meanwhile.
      if (event.untold.length === 0) end('arrived');
      else effects.push({ type: 'plan' });
      break;
    case 'reported': {
      const { result, told, ...report } = event.report;
      if (result === 'reached') {
        const left = before.untold.filter(effect => !told.includes(effect));
        end('reached', { told, ...report });
        // A message that failed while the desk was on the phone.
        if (left.length > 0) ask(left, 1);
      } else if (result === 'wrongNumber') {
        end('wrongNumber', report);
      } else if (isLast) {
        end('unreached', report);
      } else {
        call = { ...call, againAt: null };
        note({ step: 'notReached', ...report });
        effects.push({ type: 'plan' });
      }
      break;
    }
    case 'timePassed':
      if (isLast) end('unanswered');
      else ask(before.untold, before.attempt + 1);
      break;
  }
  return { call, effects };
}

/** Whether the desk is asked to phone the citizen now. */
export function isCallOpen(step: CallStep): boolean {
  return openCallSteps.some(each => each === step);
}
