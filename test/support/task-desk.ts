import { randomBytes, randomUUID } from 'node:crypto';
import { enterReport } from '../../activities/staff-report';
import { createTexts } from '../../src/config/texts';
import { loadMunicipality, type Municipality } from '../../src/config/municipality';
import { type CaseState, isEnded, type NewCase, newCaseState } from '../../src/domain/case/case';
import { type Act, refusalOf } from '../../src/domain/case/acts';
import { isCallOpen } from '../../src/domain/case/citizen-call';
import { handOffAnswers, handOffTurn } from '../../src/domain/case/hand-off';
import type { CaseEvent, CaseFact } from '../../src/domain/case/case-events';
import { openedEvent, takeTurn } from '../../src/domain/case/case-life';
import { caseNumberOf } from '../../src/domain/identifiers';
import { personActed, talkRefusal, type TakenTalk } from '../../src/domain/talk/taken-talk';
import { AppError } from '../../src/errors';
import { anyFree } from '../../src/local/services/port';
import { createTaskLinks, type IssuedLink, type TaskLinks } from '../../src/mail/task-link';
import type { CaseIntake } from '../../src/store/case-records';
import type { Message } from '../../src/store/message-records';
import { carryOutErasure } from '../../src/store/erasures';
import { openStore, type Store } from '../../src/store/store';
import type { TaskLink } from '../../src/store/task-records';
import { createWebApp } from '../../src/web/app';
import { startHttpServer } from '../../src/web/http';
import type { StaffProvider } from '../../src/web/desk/staff-provider';
import { createMetrics, type Metrics } from '../../src/web/metrics';
import { webhookRoutes } from '../../src/web/webhook-routes';
import { createIntake } from '../../src/whatsapp/intake';
import type { NewLinkWish, SendAgain, SignInWish } from '../../workflows/contract';
import { DAY, HOUR, opening, planAt, wordsMessage } from './cases';
import { hearingListeners } from './listeners';
import { testMongoUri } from './services';
import { visibilityOf } from './visibility';
import { phoneNumberId } from './webhook-bodies';

export const municipality = loadMunicipality('config/etimesgut');

/** The cases as their workflows would keep them, with the real rules and records. */
interface DeskLine {
  /** Temporal is unreachable. */
  isAway: boolean;
  /** No worker answers. */
  isPending: boolean;
  /** The workflows of calls and hand-offs are lost. */
  isLost: boolean;
  readonly acts: Act[];
  readonly linkWishes: NewLinkWish[];
  readonly signInWishes: SignInWish[];
  readonly copies: SendAgain[];
  /** The cases that were told that the calendar changed. */
  readonly replanned: string[];
  readonly states: Map<string, CaseState>;
  /** The talks that somebody has taken over, by citizen. */
  readonly talks: Map<string, TakenTalk>;
}

export interface Desk {
  base: string;
  store: Store;
  links: TaskLinks;
  line: DeskLine;
  metrics: Metrics;
  /** What was logged, as JSON. */
  logged: string[];
  /** The clock of the test, epoch ms. */
  setClock(at: number): void;
  openCase(over?: {
    words?: string[];
    intake?: Partial<CaseIntake>;
    messages?: Partial<Message>[];
    openedAt?: number;
    desk?: string;
    incident?: NewCase['incident'];
  }): Promise<{ caseNumber: string; link: IssuedLink; messageIds: string[] }>;
  linkTo(caseNumber: string, over?: Partial<TaskLink>): Promise<IssuedLink>;
  take(caseNumber: string, event: CaseEvent): Promise<CaseState>;
  stop(): Promise<void>;
}

/** The web role over real HTTP and a real store. Only Temporal is replaced, by the domain's functions. */
export async function startDesk(
  name: string,
  town: Municipality = municipality,
  providerAt?: (publicBaseUrl: string) => Promise<StaffProvider>,
): Promise<Desk> {
  const store = openStore(testMongoUri(name));
  const metrics = createMetrics();
  const logged: string[] = [];
  const write = (...parts: unknown[]): void => void logged.push(JSON.stringify(parts));
  const log = { debug: write, info: write, warn: write, error: write };
  const line: DeskLine = {
    isAway: false,
    isPending: false,
    isLost: false,
    acts: [],
    linkWishes: [],
    signInWishes: [],
    copies: [],
    replanned: [],
    states: new Map(),
    talks: new Map(),
  };
  let clock: number | null = null;
  const now = (): Date => new Date(clock ?? Date.now());

  async function take(caseNumber: string, event: CaseEvent): Promise<CaseState> {
    const before = line.states.get(caseNumber);
    if (!before) throw new Error('no such case');
    const turn = takeTurn(before, event, now().getTime());
    await record(turn.state, turn.facts);
    for (const effect of turn.effects) {
      if (effect.type !== 'plan') continue;
      const plan = planAt(effect.from, effect.department);
      const name = municipality.departments[effect.department]?.name ?? effect.department;
      const desk = { slug: effect.department, name };
      return take(caseNumber, { type: 'planned', plan: { ...plan, desk }, after: effect.after });
    }
    return turn.state;
  }

  /** Sends a signal. Returns false if the workflow of the case has ended. */
  async function tell(caseNumber: string, event: CaseEvent): Promise<boolean> {
    if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
    const state = line.states.get(caseNumber);
    if (!state || (isEnded(state.stage) && event.type !== 'objected')) return false;
    await take(caseNumber, event);
    return true;
  }

  async function record(state: CaseState, facts: CaseFact[]): Promise<void> {
    line.states.set(state.caseNumber, state);
    const { handled, ...progress } = state;
    await store.cases.write(progress, facts);
  }

  const webhook = webhookRoutes({
    intake: createIntake({ store, phoneNumberId, gateway: hearingListeners(), log }),
    appSecrets: ['secret'],
    verifyToken: 'word',
    log,
  });
  // Choose the port before listening, because the application needs its own origin.
  const port = await anyFree();
  const publicBaseUrl = `http://127.0.0.1:${port}`;
  const links = createTaskLinks({ keys: [{ id: 'k1', key: randomBytes(32) }], publicBaseUrl });
  const app = createWebApp({
    store,
    links,
    municipality: town,
    say: createTexts(town),
    publicBaseUrl,
    counts: visibilityOf(() => line.states.values()),
    caseList: { running: async () => [...line.states.keys()] },
    temporalUi: { url: 'http://127.0.0.1:1', namespace: 'line' },
    enterReport: report => {
      if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
      const openCase = async (given: NewCase): Promise<void> => {
        const turn = takeTurn(newCaseState(given), openedEvent(given), now().getTime());
        await record(turn.state, turn.facts);
      };
      return enterReport({ municipality: town, store, gateway: { openCase } as never, now }, report);
    },
    provider: (await providerAt?.(publicBaseUrl)) ?? null,
    webhook,
    metrics,
    log,
    now,
    gateway: {
      async ping() {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
      },
      async moveIncident(caseNumber) {
        return tell(caseNumber, { type: 'incidentMoved' });
      },
      async changeCalendar(caseNumber) {
        const isTold = await tell(caseNumber, { type: 'calendarChanged' });
        if (isTold) line.replanned.push(caseNumber);
        return isTold;
      },
      async addToCase(caseNumber, added) {
        return tell(caseNumber, { type: 'citizenAdded', ...added });
      },
      async addToEnded({ caseNumber }, added) {
        await tell(caseNumber, { type: 'citizenAdded', ...added, reasons: true });
      },
      async giveFeedback(caseNumber, { messageId, answer }) {
        return tell(caseNumber, { type: 'feedback', messageId, answer });
      },
      async object({ caseNumber }, { messageId }) {
        await tell(caseNumber, { type: 'objected', messageId });
      },
      async reportCall(caseNumber, { told, said, result: step, actionId }) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        if (line.isPending) throw new AppError('act-pending', { status: 503 });
        if (line.isLost) throw new AppError('act-refused', { status: 409, reason: 'taskEnded' });
        const at = Date.now();
        const call = line.states.get(caseNumber)?.call;
        if (!call || !isCallOpen(call.step)) {
          throw new AppError('act-refused', { status: 409, reason: 'callEnded' });
        }
        const news = { at, step, attempt: 1, actionId, told, ...(said && { said }) };
        await take(caseNumber, { type: 'called', news });
      },
      async reportHandOff(caseNumber, number, reported) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        if (line.isPending) throw new AppError('act-pending', { status: 503 });
        if (line.isLost) throw new AppError('act-refused', { status: 409, reason: 'taskEnded' });
        const handOff = line.states.get(caseNumber)?.handOff;
        const awaits = handOff?.number === number ? handOff.awaits : null;
        if (!handOff || !handOffAnswers(awaits, reported.by).includes(reported.answer)) {
          throw new AppError('act-refused', { status: 409, reason: 'handOffMoved' });
        }
        const before = {
          hasMail: handOff.way === 'letter',
          awaits,
          asked: 1,
          againAt: null,
          newsAt: handOff.at,
        };
        const terms = { answerWithinMs: DAY, tries: 3 };
        const { effects } = handOffTurn(
          before,
          { type: 'reported', report: reported },
          terms,
          now().getTime(),
        );
        for (const effect of effects) {
          if (effect.type !== 'note') continue;
          const news = { number, institution: handOff.institution, ...effect.news };
          await take(caseNumber, { type: 'handOffMoved', news });
        }
      },
      async mailNewLink(wish) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        line.linkWishes.push(wish);
        return true;
      },
      async mailSignIn(wish) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        line.signInWishes.push(wish);
        return true;
      },
      async actInTalk(citizenId, given) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        const held = line.talks.get(citizenId) ?? null;
        const refusal = talkRefusal(held, given);
        if (refusal) throw new AppError('act-refused', { status: 409, reason: refusal });
        const { talk } = personActed(held, given, now().getTime());
        if (talk) line.talks.set(citizenId, talk);
        else line.talks.delete(citizenId);
      },
      async sendAgain(order) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        line.copies.push(order);
        return { refused: null };
      },
      async carryOutRequest(requestId) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        const request = await store.erasureRequests.get(requestId);
        if (request?.state === 'refused') await store.erasureRequests.done(requestId, now(), 'refused');
        else if (request) await carryOutErasure(store, request, now());
      },
      async talkHolder(citizenId) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        return line.talks.get(citizenId) ?? null;
      },
      async resumeCase({ caseNumber }, because) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        if (!because || !('taking' in because) || !because.taking) return false;
        line.acts.push(because.taking);
        await take(caseNumber, { type: 'acted', act: because.taking });
        return true;
      },
      async act(caseNumber, given) {
        if (line.isAway) throw new AppError('temporal-unavailable', { status: 503 });
        if (line.isPending) throw new AppError('act-pending', { status: 503 });
        const state = line.states.get(caseNumber);
        if (!state) throw new AppError('act-refused', { status: 409, reason: 'taskEnded' });
        const refusal = refusalOf(state, given, Date.now());
        if (refusal) throw new AppError('act-refused', { status: 409, reason: refusal });
        line.acts.push(given);
        return take(caseNumber, { type: 'acted', act: given });
      },
    },
  });
  const handle = app.callback();
  const server = await startHttpServer((request, response) => void handle(request, response), {
    port,
    host: '127.0.0.1',
  });

  const linkTo: Desk['linkTo'] = async (caseNumber, over = {}) => {
    const link = links.issue();
    await store.tasks.addLink({
      tokenHash: link.tokenHash,
      caseNumber,
      task: 1,
      department: 'fen-isleri',
      role: 'department',
      recipient: { name: 'Fen İşleri Müdürlüğü', address: 'fen.isleri@etimesgut.example' },
      createdAt: now(),
      expiresAt: new Date(now().getTime() + 60 * DAY),
      ...over,
    });
    return link;
  };

  return {
    base: publicBaseUrl,
    store,
    links,
    line,
    metrics,
    logged,
    setClock: at => (clock = at),
    linkTo,
    take,
    async openCase({ words = ['Süvari mahallesi 1234. sokakta çukur var'], intake = {}, ...rest } = {}) {
      const openedAt = rest.openedAt ?? now().getTime() - HOUR;
      const desk = rest.desk ?? 'fen-isleri';
      const caseNumber = caseNumberOf(randomBytes(5), 'PK');
      const given = rest.messages ?? words.map(text => ({ words: text }));
      const messages = given.map(message => {
        const id = randomUUID().replaceAll('-', '');
        return wordsMessage({ id, sentAt: new Date(openedAt), caseNumber, ...message });
      });
      for (const message of messages) await store.messages.add(message);
      const messageIds = messages.map(({ id }) => id);
      const plan = planAt(openedAt, desk);
      const { incident } = rest;
      const held = incident && { incident };
      const input = opening({ caseNumber, messageIds, receivedAt: openedAt, plan, ...held });
      await store.cases.open(caseNumber, {
        openedBy: messageIds[0] ?? '',
        citizenId: 'c-1',
        language: 'tr',
        kind: 'problem',
        category: input.category,
        priority: 'p2',
        confidence: 0.9,
        matchedWords: ['çukur'],
        neighbourhood: input.neighbourhood,
        place: { latitude: 39.947121, longitude: 32.633214, name: null, address: null },
        outside: false,
        desk,
        institution: null,
        withNotice: true,
        receivedAt: new Date(openedAt),
        ...intake,
      });
      const turn = takeTurn(newCaseState(input), openedEvent(input), openedAt);
      await record(turn.state, turn.facts);
      return { caseNumber, messageIds, link: await linkTo(caseNumber, { department: desk }) };
    },
    async stop() {
      await server.stop();
      await store.close();
    },
  };
}
