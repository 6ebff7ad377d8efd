import { Router, type RouterContext } from '@koa/router';
import { Eta } from 'eta';
import { WINDOW_MS } from '../cloud-api/citizens';
import type { CloudApi } from '../cloud-api/cloud-api';
import type { Thread } from '../cloud-api/threads';
import { type Bubble, bubblesOf } from './bubbles';
import { type LocalTimes, windowText } from './local-times';
import { assetFolder, pageHeaders } from './page-assets';
import { citizenView, type CitizenView } from './thread-view';

/** A location that the phone offers to send. */
export interface Pin {
  name: string;
  latitude: number;
  longitude: number;
}

interface PhoneView {
  citizen: CitizenView;
  initials: string;
  address: string;
  windowText: string;
  /** The remaining part of the 24 hours, 0 to 100. */
  windowShare: number;
  closesAt: number;
  typingUntil: number;
  bubbles: Bubble[];
  /** The municipality, shown as the other side of the chat. */
  town: { name: string; initials: string };
}

/** With a mailbox, show one phone to leave room for the latest letter. */
const phonesAtFirst = (hasMailbox: boolean): number => (hasMailbox ? 1 : 3);

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map(word => Array.from(word)[0]?.toLocaleUpperCase('tr') ?? '')
    .join('');

/** Only the latest messages are rendered; the control API returns all. */
const DRAWN = 200;

function phoneView(thread: Thread, townName: string, times: LocalTimes, now: number): PhoneView {
  const { citizen } = thread;
  const closesAt = citizen.windowClosesAt ?? 0;
  return {
    citizen: citizenView(thread, now),
    initials: initialsOf(citizen.name),
    address: citizen.phone === undefined ? `@${citizen.username ?? ''}` : `+${citizen.phone}`,
    windowText: windowText(citizen.windowClosesAt, now),
    windowShare: Math.round((Math.max(0, closesAt - now) / WINDOW_MS) * 100),
    closesAt,
    typingUntil: thread.typingUntil,
    bubbles: bubblesOf(thread, times).slice(-DRAWN),
    town: { name: townName, initials: initialsOf(townName) },
  };
}

/**
 * `GET /` shows the phones; `GET /phones/:id` returns the dynamic parts of one, which the page reloads after a
 * change.
 */
export function phonePageRoutes(
  api: CloudApi,
  pins: readonly Pin[],
  times: LocalTimes,
  now: () => number,
  hasMailbox: boolean,
): Router {
  const townName = api.line.verifiedName;
  const eta = new Eta({ views: assetFolder('phone'), cache: true });
  const router = new Router();
  router.use(pageHeaders);

  const chosen = (ctx: RouterContext): Thread[] => {
    const asked = ctx.query['phone'];
    if (asked === undefined) return api.threads.all().slice(-phonesAtFirst(hasMailbox));
    return [asked].flat().flatMap(id => api.threads.get(id) ?? []);
  };

  router.get('/', ctx => {
    const shown = chosen(ctx);
    ctx.type = 'html';
    ctx.body = eta.render('./page.eta', {
      phones: shown.map(thread => phoneView(thread, townName, times, now())),
      citizens: api.threads.all().map(thread => ({
        id: thread.citizen.id,
        name: thread.citizen.name,
        shown: shown.includes(thread),
      })),
      pins,
      hasMailbox,
      line: api.line.displayPhoneNumber,
    });
  });

  router.get('/phones/:id', ctx => {
    const thread = api.threads.get(ctx.params['id'] ?? '');
    if (thread === undefined) return;
    ctx.type = 'html';
    ctx.body = eta.render('./chat.eta', phoneView(thread, townName, times, now()));
  });

  return router;
}
