/** How a matter reaches an institution: by our letter, or by our desk through its web form or telephone. */
export type HandOffWay = 'letter' | 'desk';

/** What the institution can answer on its page. Our desk reports the same if it hears it by telephone. */
export const institutionAnswers = ['taken', 'done', 'notOurs', 'question'] as const;
/** What our desk reports: whether it passed the matter on, and its reply to a question. */
export const deskReports = ['passedOn', 'notPassedOn', 'reply'] as const;
export type HandOffAnswer = (typeof institutionAnswers)[number] | (typeof deskReports)[number];

/** Who answers: the institution or our desk, each with a link of its own. */
export type HandOffSide = 'institution' | 'desk';

/**
 * How a hand-off ends. `silent`: the institution did not answer; `notPassedOn`: our desk did not or could not pass
 * the matter on; `recalled`: the municipality took the case back.
 */
export type HandOffEnd = 'done' | 'notOurs' | 'silent' | 'notPassedOn' | 'recalled';

/**
 * The steps of a hand-off. `undelivered`: the institution's mail server refused the letter, so our desk passes the
 * matter on.
 */
export type HandOffStep =
  | 'mailed'
  | 'deskAsked'
  | 'undelivered'
  | 'passedOn'
  | 'reminded'
  | 'deskReminded'
  | 'taken'
  | 'question'
  | 'replied'
  | HandOffEnd;

/** What a hand-off waits for: our desk passes it on, the institution answers, or our desk replies to a question. */
export const awaitedThings = ['passing', 'answer', 'reply'] as const;
export type Awaited = (typeof awaitedThings)[number];

/** The letters of a hand-off that go to the institution; the others go to our desk. */
export const institutionLetters = ['matter', 'reminder', 'reply', 'addition', 'recall'] as const;
export type HandOffLetter =
  (typeof institutionLetters)[number] | 'pass' | 'watch' | 'question' | 'additionToPass';

/** Labels of the Temporal UI. */
export const awaitedLabels: Readonly<Record<Awaited, string>> = {
  passing: 'Bildirim masasının kuruma iletmesi bekleniyor',
  answer: 'Kurumun yanıtı bekleniyor',
  reply: 'Kurumun sorusuna yanıt bekleniyor',
};

export const handOffLabels: Readonly<Record<HandOffStep, string>> = {
  mailed: 'kuruma e-postayla iletildi',
  deskAsked: 'bildirim masasından kuruma iletmesi istendi',
  undelivered: 'kurumun adresi e-postayı kabul etmedi, bildirim masası iletecek',
  passedOn: 'bildirim masası kuruma iletti',
  reminded: 'kuruma hatırlatıldı',
  deskReminded: 'bildirim masasından kurumu araması istendi',
  taken: 'kurum işleme aldı',
  question: 'kurum soru sordu',
  replied: 'kurumun sorusu yanıtlandı',
  done: 'kurum sonuçlandırdığını bildirdi',
  notOurs: 'kurum görevli olmadığını bildirdi',
  silent: 'kurum yanıt vermedi',
  notPassedOn: 'kuruma iletilemedi',
  recalled: 'geri alındı, kayıt yeniden belediyede',
};

export const handOffLetterLabels: Readonly<Record<HandOffLetter, string>> = {
  matter: 'Kuruma mektup',
  reminder: 'Kuruma hatırlatma',
  reply: 'Kurumun sorusuna yanıt',
  addition: 'Kuruma, vatandaşın sonradan yazdığı',
  recall: 'Kuruma geri alma bildirimi',
  pass: 'Bildirim masasına görev: kuruma iletilecek',
  watch: 'Bildirim masasına görev: kurum aranacak',
  question: 'Bildirim masasına kurumun sorusu',
  additionToPass: 'Bildirim masasına görev: sonradan yazılan kuruma iletilecek',
};

/** A step as its case records it. `at` (epoch ms UTC) increases with each step. */
export interface HandOffNews {
  at: number;
  /** The effect of the case that started the hand-off. */
  number: number;
  institution: string;
  way: HandOffWay;
  step: HandOffStep;
  /** Null after the end. */
  awaits: Awaited | null;
  /** The report behind the step. Its words are stored under this id. */
  actionId?: string;
}

/** A report from the page: ids and enums. Its words are stored under the action id. */
export interface HandOffReport {
  actionId: string;
  answer: HandOffAnswer;
  by: HandOffSide;
}

/** What the records know about a hand-off whose workflow is lost. */
export interface LostHandOff {
  /** The time of its last step. */
  at: number;
  awaits: Awaited;
  asked: number;
  /** The letter of its last step, which may not have been sent; null if that step has none. */
  letter: HandOffLetter | null;
  /** How many letters it sent before that letter. */
  letters: number;
}

/** The rules of a hand-off, fixed when it starts. */
export interface HandOffTerms {
  /** How long the institution has to answer, in ms. Afterwards it is reminded, and after as long again our desk. */
  answerWithinMs: number;
  /** How often our desk is asked. */
  tries: number;
}

/** A hand-off to an institution. Times are epoch ms UTC. */
export interface HandOff {
  /** Whether the institution can be written to. */
  hasMail: boolean;
  awaits: Awaited | null;
  /** How often the side that must act was asked. */
  asked: number;
  /** When that side is asked again; null until planned. */
  againAt: number | null;
  /** The time of the last news. */
  newsAt: number;
}

type HandOffEvent =
  | { type: 'begun' }
  | ({ type: 'resumed' } & LostHandOff)
  /** `bounced`: the letter came back as mail, which shows that the institution's mailbox is not read. */
  | { type: 'undelivered'; letter: HandOffLetter; bounced?: boolean }
  | { type: 'planned'; againAt: number }
  | { type: 'reported'; report: HandOffReport }
  /** The citizen wrote more about the matter. */
  | { type: 'added'; messageIds: string[] }
  | { type: 'recalled' }
  | { type: 'timePassed' };

export type HandOffEffect =
  /** `added` are the messages that the letter is about. */
  | { type: 'send'; letter: HandOffLetter; added?: string[] }
  /** Plans when the side that must act is asked again. */
  | { type: 'plan'; awaits: Awaited }
  | { type: 'note'; news: Omit<HandOffNews, 'number' | 'institution'> };

export function newHandOff(way: HandOffWay): HandOff {
  return { hasMail: way === 'letter', awaits: null, asked: 0, againAt: null, newsAt: 0 };
}

/** Returns what a side can report while the hand-off waits for this. */
export function handOffAnswers(awaits: Awaited | null, by: HandOffSide): HandOffAnswer[] {
  switch (awaits) {
    case null:
      return [];
    case 'passing':
      return by === 'desk' ? ['passedOn', 'notPassedOn'] : [];
    case 'answer':
      return by === 'desk' ? ['taken', 'done', 'notOurs'] : [...institutionAnswers];
    case 'reply':
      return by === 'desk' ? ['reply', 'done', 'notOurs'] : ['taken', 'done', 'notOurs'];
  }
}

const FIRST = 1;
/** The institution's letter and its reminder, and then the letter to our desk. */
const LETTERS_BEFORE_SILENCE = 3;

const lettersOfSteps: Partial<Record<HandOffStep, HandOffLetter>> = {
  ...{ mailed: 'matter', deskAsked: 'pass', undelivered: 'pass', reminded: 'reminder' },
  ...{ deskReminded: 'watch', question: 'question', replied: 'reply' },
};

/** How often an institution was asked at a step; otherwise once. */
const askedAt: Partial<Record<HandOffStep, number>> = {
  reminded: FIRST + 1,
  deskReminded: LETTERS_BEFORE_SILENCE,
};

type RecordedStep = Pick<HandOffNews, 'step' | 'way'>;

function letterOf({ step, way }: RecordedStep): HandOffLetter | null {
  if (step === 'replied' && way === 'desk') return null;
  return lettersOfSteps[step] ?? null;
}

/**
 * Returns where a lost hand-off goes on. `steps` are its recorded steps up to the last one, `stored` is the number of
 * its letters in the outbox, of which `additions` are about later words. Other letters without a step are repeated
 * requests to our desk.
 */
export function lostHandOff(
  { awaits, ...last }: Pick<HandOffNews, 'at' | 'step' | 'way'> & { awaits: Awaited },
  steps: readonly RecordedStep[],
  stored: number,
  additions = 0,
): LostHandOff {
  const letter = letterOf(last);
  const expected = steps.filter(step => letterOf(step) !== null).length;
  const repeated = Math.max(stored - additions - expected, 0);
  const asked = awaits === 'answer' ? (askedAt[last.step] ?? FIRST) : FIRST + repeated;
  return {
    ...{ at: last.at, awaits, asked, letter },
    letters: expected + repeated + additions - (letter === null ? 0 : 1),
  };
}

/** Applies an event to a hand-off. `now` is epoch ms UTC. */
export function handOffTurn(
  before: HandOff,
  event: HandOffEvent,
  { tries, answerWithinMs }: HandOffTerms,
  now: number,
): { handOff: HandOff; effects: HandOffEffect[] } {
  let handOff = before;
  const effects: HandOffEffect[] = [];
  const note = (step: HandOffStep, actionId?: string): void => {
    handOff = { ...handOff, newsAt: Math.max(now, handOff.newsAt + 1) };
    const { newsAt: at, awaits, hasMail } = handOff;
    const way = hasMail ? 'letter' : 'desk';
    const news = { at, step, way, awaits, ...(actionId !== undefined && { actionId }) } as const;
    effects.push({ type: 'note', news });
  };
  const send = (letter: HandOffLetter): void => {
    effects.push({ type: 'send', letter });
  };
  const wait = (awaits: Awaited, asked = FIRST): void => {
    handOff = { ...handOff, awaits, asked, againAt: null };
    effects.push({ type: 'plan', awaits });
  };
  const end = (step: HandOffEnd, actionId?: string): void => {
    handOff = { ...handOff, awaits: null, againAt: null };
    note(step, actionId);
  };
  const begins = event.type === 'begun' || event.type === 'resumed';
  const isBegin = begins && before.awaits === null && before.asked === 0;
  if (before.awaits === null && !isBegin) return { handOff, effects };

  const take = ({ answer, by, actionId }: HandOffReport): void => {
    if (!handOffAnswers(before.awaits, by).includes(answer)) return;
    switch (answer) {
      case 'done':
      case 'notOurs':
      case 'notPassedOn':
        end(answer, actionId);
        return;
      case 'taken':
      case 'passedOn':
        wait('answer');
        note(answer, actionId);
        return;
      case 'question':
        send('question');
        wait('reply');
        note('question', actionId);
        return;
      case 'reply':
        if (before.hasMail) send('reply');
        wait('answer');
        note('replied', actionId);
    }
  };

  const askAgain = (): void => {
    const { awaits, hasMail } = before;
    const asked = before.asked + 1;
    switch (awaits) {
      case 'passing':
        if (asked > tries) {
          end('notPassedOn');
          return;
        }
        send('pass');
        wait('passing', asked);
        return;
      case 'reply':
        // Unanswered questions must not stop the watch over the institution.
        if (asked > tries) {
          wait('answer');
          return;
        }
        send('question');
        wait('reply', asked);
        return;
      case 'answer': {
        if (asked > LETTERS_BEFORE_SILENCE) {
          end('silent');
          return;
        }
        // Without a letter to the institution only our desk can ask.
        const toInstitution = hasMail && asked < LETTERS_BEFORE_SILENCE;
        send(toInstitution ? 'reminder' : 'watch');
        wait('answer', toInstitution ? asked : LETTERS_BEFORE_SILENCE);
        note(toInstitution ? 'reminded' : 'deskReminded');
        return;
      }
      case null:
    }
  };

  switch (event.type) {
    case 'begun':
      // The case has recorded this step itself.
      send(before.hasMail ? 'matter' : 'pass');
      wait(before.hasMail ? 'answer' : 'passing');
      break;
    case 'resumed': {
      const { at, awaits, asked, letter } = event;
      const isWatched = awaits === 'answer';
      handOff = { ...before, awaits, asked, newsAt: at, againAt: isWatched ? at + answerWithinMs : null };
      // A letter that was sent is not sent again.
      if (letter !== null) send(letter);
      if (!isWatched) effects.push({ type: 'plan', awaits });
      break;
    }
    case 'undelivered':
      if (!(isFirstNews(event.letter) || event.bounced) || before.awaits !== 'answer' || !before.hasMail)
        break;
      handOff = { ...handOff, hasMail: false };
      send('pass');
      wait('passing');
      note('undelivered');
      break;
    case 'planned':
      handOff = { ...handOff, againAt: event.againAt };
      break;
    case 'recalled':
      // The case that recalled it knows.
      handOff = { ...before, awaits: null, againAt: null };
      if (before.hasMail) send('recall');
      break;
    case 'reported':
      take(event.report);
      break;
    case 'added': {
      const isToDesk = before.awaits === 'passing' || !before.hasMail;
      effects.push({
        type: 'send',
        letter: isToDesk ? 'additionToPass' : 'addition',
        added: event.messageIds,
      });
      break;
    }
    case 'timePassed':
      askAgain();
      break;
  }
  return { handOff, effects };
}

/** Whether the institution does not know its content otherwise. */
function isFirstNews(letter: HandOffLetter): boolean {
  return letter === 'matter' || letter === 'addition';
}
