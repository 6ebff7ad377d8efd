import { readTap } from '../src/domain/talk/taps';
import type { OutgoingContent } from '../src/whatsapp/outgoing';
import type { Deps } from './deps';
import type { ReplyTo } from './reply-to';
import { subjectQuestion, whichQuestion, withdrawQuestion } from './questions';
import { statusAnswer } from './status-answer';

/** What the citizen reads as the answer to some messages. */
export async function replyContent(deps: Deps, to: ReplyTo): Promise<OutgoingContent> {
  const { say } = deps;
  const { citizen, language, kind, messages, caseNumber } = to;
  const text = (body: string): OutgoingContent => ({ type: 'text', body });
  switch (kind) {
    case 'askPlace':
      return { type: 'locationRequest', body: say(language, 'askLocation', {}) };
    case 'askWords': {
      const spoken = messages.some(message => message.media?.kind === 'audio');
      return text(say(language, spoken ? 'voiceNote' : 'askWords', {}));
    }
    case 'askSubject':
      return subjectQuestion(deps, language, messages);
    case 'askWhich':
      return caseNumber === null
        ? text(say(language, 'help', {}))
        : whichQuestion(deps, language, caseNumber);
    case 'confirmWithdraw':
      return withdrawQuestion(deps, to);
    case 'status':
      return text(await statusAnswer(deps, to));
    case 'endedCase': {
      const [tapped] = messages.flatMap(({ tap }) => (tap === null ? [] : (readTap(tap) ?? [])));
      const named = tapped && 'caseNumber' in tapped ? tapped.caseNumber : null;
      const ended = named ?? caseNumber ?? citizen.cases.at(-1)?.caseNumber;
      return text(
        ended ? say(language, 'alreadyClosed', { caseNumber: ended }) : say(language, 'noOpenCase', {}),
      );
    }
    case 'blocked': {
      const isUrgent = messages.some(({ says }) => says === 'emergency');
      return text(say(language, isUrgent ? 'emergency' : 'blocked', {}));
    }
    case 'unreadable':
      return text(say(language, 'unsupported', {}));
    case 'stop':
      return text(say(language, 'stopped', {}));
    case 'start':
      return text(say(language, 'started', {}));
    case 'withdrawNo':
      return text(say(language, 'withdrawKept', {}));
    case 'greeting':
    case 'thanks':
    case 'help':
    case 'emergency':
    case 'petition':
    case 'abuse':
    case 'lostFile':
    case 'person':
    case 'draftDropped':
    case 'rated':
    case 'tooManyCases':
      return text(say(language, kind, {}));
  }
}
