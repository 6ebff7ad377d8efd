import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { condition, continueAsNew, log, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import { caseOf, mattersOf } from '../src/domain/talk/burst';
import { hear, timePassed } from '../src/domain/talk/conversation';
import {
  newConversation,
  type ConversationState,
  type ConversationTurn,
  type MessageFacts,
  type Reply,
} from '../src/domain/talk/conversation-state';
import { joinTalks, laterTalk } from '../src/domain/talk/joined-talks';
import {
  heardByPerson,
  isSilenced,
  personActed,
  personSilent,
  type PersonAct,
  type TakenEffect,
  talkRefusal,
} from '../src/domain/talk/taken-talk';
import { wakeAt } from '../src/domain/talk/voice-note';
import { Lanes } from './lanes';
import {
  type CarriedTalk,
  type ConversationInput,
  inbound,
  joined,
  mergedInto,
  personActs,
  talkHolder,
} from './messages';
import { decided, records } from './proxies';
import { answerCitizen, mailStaff, sendPersonWords, transcribeNote } from './talk-effects';

const HANDLED_IDS_KEPT = 500;

/**
 * The conversation with one citizen. It handles the citizen's messages in order, gathers a burst into one
 * report, asks for missing facts and opens cases. It ends when nothing is pending, and the next message
 * starts it again. Facts needed after a run are in the records.
 */
export async function conversation(input: ConversationInput): Promise<void> {
  const { citizenId, pace, decidesFirst, hearsStored, carried } = input;
  const actions = decidesFirst ? decided : records;
  const queue: string[] = carried?.queue ?? [];
  let handled: string[] = carried?.handled ?? [];
  let state = carried?.state ?? newConversation;
  let later = carried?.later ?? [];
  /** Who has taken the talk over, and what that person has done since the last step. */
  let taken = carried?.taken ?? null;
  const effectsOfPerson: TakenEffect[] = [];
  const others: CarriedTalk[] = [];
  /** The citizen whose talk continues this one. */
  let remaining: string | null = null;
  let answeredAt = -Infinity;
  const lanes = new Lanes();
  const listened = new Set<string>();
  let listening = 0;

  setHandler(
    inbound,
    ({ messageId }) => {
      if (handled.includes(messageId)) return;
      handled = [...handled, messageId].slice(-HANDLED_IDS_KEPT);
      queue.push(messageId);
    },
    { description: 'The citizen sent a message' },
  );
  setHandler(mergedInto, ({ citizenId: other }) => void (remaining = other === citizenId ? null : other), {
    description: 'The citizen turned out to be another one',
  });
  setHandler(joined, talk => void others.push(talk), {
    description: 'The talk of another identity of the citizen joins this one',
  });
  setHandler(talkHolder, () => taken && { person: taken.person, caseNumber: taken.caseNumber });
  setHandler(
    personActs,
    given => {
      const turn = personActed(taken, given, Date.now());
      taken = turn.talk;
      effectsOfPerson.push(...turn.effects);
    },
    {
      description: 'A member of staff takes the talk over, writes, or gives it back',
      validator: (given: PersonAct) => {
        const refusal = talkRefusal(taken, given);
        if (refusal) throw ApplicationFailure.nonRetryable('refused', 'act-refused', refusal);
      },
    },
  );

  const take = async (turn: ConversationTurn): Promise<void> => {
    state = turn.state;
    for (const effect of turn.effects) await carryOut(effect);
  };

  const carryOut = async (effect: TakenEffect): Promise<void> => {
    switch (effect.type) {
      case 'reply':
        if (isSilenced(taken, effect.reply)) {
          await records.noteMessages({ messageIds: effect.messageIds });
          return;
        }
        lanes.add('citizen', async () => {
          await awaitInterval();
          await answerCitizen(citizenId, effect);
        });
        return;
      case 'sendWords':
        lanes.add('citizen', () => sendPersonWords(citizenId, effect.key));
        return;
      case 'openCase': {
        const { type, ...report } = effect;
        const opened = await actions.openCase.executeWithOptions({ summary: 'Kayıt açılıyor' }, [
          { citizenId, ...report },
        ]);
        if (opened === null) await answer('tooManyCases', effect.messageIds);
        return;
      }
      case 'withdraw': {
        const { caseNumber, messageIds } = effect;
        const isTaken = await actions.withdrawCase({ citizenId, caseNumber, messageIds });
        if (!isTaken) await answer('endedCase', messageIds);
        return;
      }
      case 'tellStaff':
        lanes.add('staff', () => mailStaff(citizenId, effect.messageIds));
        return;
      case 'correctCase':
      case 'addToCase': {
        const { type, ...added } = effect;
        const { messageIds } = added;
        const isTaken = await actions[type]({ citizenId, ...added });
        // Activities in older histories have no result here.
        if (isTaken === false) await answer('tooManyCases', messageIds);
        if (isTaken === 'ended') await answer('endedCase', messageIds, added.caseNumber);
        if (isTaken === 'outside') await answer('pinOutside', messageIds, added.caseNumber);
        return;
      }
      case 'object': {
        const { caseNumber, messageIds } = effect;
        const isTaken = await actions.objectTo({ citizenId, caseNumber, messageIds });
        if (!isTaken) await answer('endedCase', messageIds);
        return;
      }
      case 'undo': {
        const { caseNumber, messageIds } = effect;
        const isTaken = await actions.undoAnswer({ citizenId, caseNumber, messageIds });
        if (!isTaken) await answer('endedCase', messageIds);
        return;
      }
      case 'feedback': {
        const { type, ...said } = effect;
        const isTaken = await actions.giveFeedback({ citizenId, ...said });
        if (!isTaken) await answer('endedCase', effect.messageIds);
        return;
      }
      case 'note':
        await records.noteMessages({ messageIds: effect.messageIds });
        return;
    }
  };

  const answer = (kind: Reply, messageIds: string[], caseNumber?: string): Promise<void> =>
    carryOut({ type: 'reply', reply: kind, messageIds, ...(caseNumber !== undefined && { caseNumber }) });

  /**
   * Queues messages that are stored but whose signals are late, so that a decision knows all of a report.
   * Returns whether there were any.
   */
  const hearStored = async (): Promise<boolean> => {
    if (!hearsStored || state.gathered.length === 0) return false;
    const stored = await records.storedMessages.executeWithOptions({ summary: 'Geciken mesajlar aranıyor' }, [
      { citizenId },
    ]);
    const late = stored.filter(messageId => !handled.includes(messageId));
    handled = [...handled, ...late].slice(-HANDLED_IDS_KEPT);
    queue.unshift(...late);
    return late.length > 0;
  };

  /** The person who holds the talk answers instead of the line, except in danger. */
  const heard = async (facts: MessageFacts): Promise<void> => {
    const now = Date.now();
    const byPerson = taken && heardByPerson(taken, state, facts, pace, now);
    if (byPerson) taken = byPerson.talk;
    if (byPerson?.isForPerson) await carryOut({ type: 'note', messageIds: [facts.messageId] });
    else await take(hear(state, facts, pace, now));
  };

  /** Takes the talk back from a person who has been silent for too long. */
  const takeBack = async (): Promise<void> => {
    // The person may have written meanwhile.
    if (!taken || taken.until > Date.now()) return;
    const effects = personSilent(taken);
    taken = null;
    for (const effect of effects) await carryOut(effect);
  };

  /** When the talk goes on by itself. A question of ours waits while a person holds the talk. */
  const wakesAt = (): number | null => {
    const own = wakeAt(state);
    if (!taken) return own;
    return state.phase === 'gathering' && own !== null ? Math.min(own, taken.until) : taken.until;
  };

  const decide = async (): Promise<void> => {
    if (!(await hearStored())) await take(timePassed(state, pace, Date.now()));
  };

  /** Queues a voice note again once it has words, or once it is certain that it gets none. */
  const listen = (messageId: string): void => {
    lanes.add(`voice:${messageId}`, async () => {
      listening += 1;
      await transcribeNote(citizenId, messageId);
      listening -= 1;
      listened.add(messageId);
      queue.push(messageId);
    });
  };

  /** Meta accepts one message to the same person every few seconds. */
  const awaitInterval = async (): Promise<void> => {
    const wait = answeredAt + (pace.replyEveryMs ?? 0) - Date.now();
    if (pace.replyEveryMs !== undefined && wait > 0) await sleep(wait, { summary: 'Mesajlar arası bekleme' });
    answeredAt = Date.now();
  };

  /** Under a flood of messages the queue may never be empty, but a burst must still end on time. */
  const isOverdue = (): boolean =>
    pace.mostInBurst !== undefined && state.deadline !== null && state.deadline <= Date.now();

  const join = async (other: CarriedTalk): Promise<void> => {
    const known = handled;
    const isNew = (talk: ConversationState): boolean =>
      talk.gathered.some(({ messageId }) => !known.includes(messageId));
    taken ??= other.taken ?? null;
    handled = [...other.handled, ...known].slice(-HANDLED_IDS_KEPT);
    queue.push(...other.queue.filter(messageId => !known.includes(messageId)));
    const joint = joinTalks(state, other.state, known, pace, Date.now());
    later = [...later, ...(joint.later ? [joint.later] : []), ...(other.later ?? []).filter(isNew)];
    await take(joint);
  };

  /** Passes everything on to the talk of the remaining citizen. More can arrive here meanwhile. */
  const passOn = async (into: string): Promise<void> => {
    const own = {
      state,
      queue: queue.splice(0),
      handled,
      ...(later.length > 0 && { later }),
      ...(taken && { taken }),
    };
    const talks = [own, ...others.splice(0)];
    state = newConversation;
    later = [];
    taken = null;
    for (const talk of talks) {
      await decided.joinTalk.executeWithOptions({ summary: 'Yazışma birleştiriliyor' }, [
        { citizenId: into, talk },
      ]);
    }
  };

  const hasNews = (): boolean => queue.length > 0 || others.length > 0 || effectsOfPerson.length > 0;
  const isMoving = (): boolean => remaining !== null;

  for (;;) {
    while (others.length > 0 && !isMoving()) {
      const other = others.shift();
      if (other) await join(other);
    }
    for (const effect of effectsOfPerson.splice(0)) await carryOut(effect);
    while (queue.length > 0 && !isMoving()) {
      // While a question is open, a message may decide at once. Those before it come first.
      if (state.phase !== 'gathering') await hearStored();
      const messageId = queue.shift();
      if (messageId === undefined) break;
      const facts = await readMessage(citizenId, messageId, state);
      if (facts?.mergedInto !== undefined) {
        remaining = facts.mergedInto;
        queue.unshift(messageId);
        break;
      }
      if (facts?.voice && !listened.has(messageId)) listen(messageId);
      else if (facts) await heard(facts);
      if (isOverdue()) await decide();
    }
    if (remaining !== null) {
      if (listening > 0) await condition(() => listening === 0);
      await passOn(remaining);
      await condition(() => hasNews() || lanes.allIdle);
      if (!hasNews()) return;
      continue;
    }
    const [next, ...rest] = later;
    if (wakeAt(state) === null && next && !taken) {
      later = rest;
      state = laterTalk(state, next, pace, Date.now());
    }
    if (workflowInfo().continueAsNewSuggested && lanes.allIdle) {
      const more = later.length > 0 && { later };
      const held = taken && { taken };
      await continueAsNew<typeof conversation>({
        ...input,
        carried: { state, queue, handled, ...more, ...held },
      });
    }
    const wake = wakesAt();
    if (wake === null) {
      await condition(() => hasNews() || isMoving() || lanes.allIdle);
      if (!hasNews() && !isMoving()) return;
    } else {
      const wait = Math.max(wake - Date.now(), 1);
      const isOwn = wake === wakeAt(state);
      const summary = !isOwn
        ? 'Yazışma görevlide'
        : state.phase === 'gathering' && wake === state.deadline
          ? 'Vatandaş yazmayı sürdürebilir'
          : 'Vatandaşın yanıtı bekleniyor';
      const more = await condition(() => hasNews() || isMoving(), wait, { summary });
      // A burst includes the words of its voice notes.
      if (!more && listening > 0) await condition(() => hasNews() || isMoving());
      else if (!more && isOwn) await decide();
      else if (!more) await takeBack();
    }
  }
}

/** A message whose record was erased must not block the following ones. */
async function readMessage(
  citizenId: string,
  messageId: string,
  { gathered: before, phase, withdraws, unconfirmed = [] }: ConversationState,
): Promise<MessageFacts | null> {
  const gathered = before.map(message => message.messageId);
  const matters = mattersOf(before);
  const voice = unconfirmed.at(-1)?.note.messageId;
  const corrects = before.some(message => message.corrects && !message.alike?.length);
  const question = {
    ...{ phase, caseNumber: withdraws ?? caseOf(before) },
    ...(corrects && { corrects }),
    ...(matters && { matters }),
    ...(voice !== undefined && { voice }),
  };
  try {
    return await records.readMessage.executeWithOptions({ summary: 'Mesaj okunuyor' }, [
      {
        citizenId,
        messageId,
        ...(gathered.length > 0 && { gathered }),
        ...((phase !== 'gathering' || voice !== undefined) && { question }),
      },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('message not read', { messageId });
    return null;
  }
}
