import type Koa from 'koa';
import type { Municipality } from '../../config/municipality';
import { HOUR_MS } from '../../domain/durations';
import { AppError } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';

export interface LinkRequestDeps {
  store: Pick<Store, 'tasks'>;
  links: Pick<TaskLinks, 'formerHashOf'>;
  gateway: Pick<CaseGateway, 'mailNewLink'>;
  municipality: Pick<Municipality, 'departments'>;
  now: () => Date;
}

/** Look-ups at once in this process; more are refused, whatever their link is. */
const MOST_AT_ONCE = 20;

/**
 * Returns a function that asks for a new link in place of a refused one. It does not wait for the work, so that neither
 * the answer nor its time tells whether the link was ever valid. Throws `too-often` while too many are under way.
 */
export function createLinkRequests({
  store,
  links,
  gateway,
  municipality,
  now,
}: LinkRequestDeps): (token: string, ctx: Koa.Context) => void {
  let underWay = 0;

  async function ask(token: string): Promise<void> {
    const tokenHash = links.formerHashOf(token);
    const link = tokenHash === null ? null : await store.tasks.link(tokenHash);
    if (!link || !Object.hasOwn(municipality.departments, link.department)) return;
    const { caseNumber, department } = link;
    await gateway.mailNewLink({ caseNumber, department, hour: Math.floor(now().getTime() / HOUR_MS) });
  }

  return (token, ctx) => {
    if (underWay >= MOST_AT_ONCE) throw new AppError('too-often', { status: 429 });
    underWay += 1;
    void ask(token)
      .catch((error: unknown) => void ctx.app.emit('error', error, ctx))
      .finally(() => (underWay -= 1));
  };
}
