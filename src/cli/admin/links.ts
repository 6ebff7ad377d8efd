import { type Command, InvalidArgumentError } from 'commander';
import { dayStart, localDate } from '../../config/calendars';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { DAY_MS } from '../../domain/durations';
import { createTaskLinks } from '../../mail/task-link';
import { openStore } from '../../store/store';
import { actorOf, type Reader, traced } from './arguments';
import { departmentViews, townViews, viewUrl } from '../../temporal/manager-views';

const LONGEST_DAYS = 366;

export function registerManagerLink(admin: Command): void {
  traced(admin.command('manager-link'))
    .description("a signed link to the managers' start page, shown once; only its hash is kept")
    .requiredOption('--for <name>', 'the person who gets the link; with --revoke, whose links to end')
    .option('--days <number>', 'days until it expires (default: linkDays of municipality.yaml)', days)
    .option('--revoke', 'end all links of this person instead')
    .action(async (asked: Reader & { for: string; days?: number; revoke?: boolean }) => {
      const env = readEnv('managerLink');
      const { managers } = loadMunicipality(env.CONFIG_DIR);
      const store = openStore(env.MONGODB_URI, { operationLimitMs: 10_000, auditKeys: env.AUDIT_KEYS });
      const now = new Date();
      try {
        await store.ping(10_000);
        if (asked.revoke) {
          const ended = await store.managerLinks.revoke(asked.for, now);
          await store.trail.add({ ...actorOf(asked), what: 'linksEnded', detail: asked.for });
          console.log(`${ended} links of ${asked.for} ended.`);
          return;
        }
        const links = createTaskLinks({ keys: env.LINK_KEYS, publicBaseUrl: env.PUBLIC_BASE_URL });
        const { tokenHash, url } = links.issue('manager');
        const expiresAt = new Date(now.getTime() + (asked.days ?? managers.linkDays) * DAY_MS);
        await store.trail.add({ ...actorOf(asked), what: 'linkMade', detail: asked.for });
        await store.managerLinks.add({ tokenHash, holder: asked.for, createdAt: now, expiresAt });
        console.log(url);
      } finally {
        await store.close();
      }
    });
}

export function registerListLinks(admin: Command): void {
  traced(admin.command('end-list-links <department>'))
    .description('end all links to the list of a department, or those of one person')
    .option('--of <address>', 'only the links of this e-mail address')
    .action(async (department: string, asked: Reader & { of?: string }) => {
      const env = readEnv('managerLink');
      const { departments } = loadMunicipality(env.CONFIG_DIR);
      if (!Object.hasOwn(departments, department))
        throw new InvalidArgumentError(`Unknown department: ${department}.`);
      const store = openStore(env.MONGODB_URI, { operationLimitMs: 10_000, auditKeys: env.AUDIT_KEYS });
      try {
        await store.ping(10_000);
        const ended = await store.listLinks.revoke(department, asked.of?.toLowerCase() ?? null, new Date());
        await store.trail.add({ ...actorOf(asked), what: 'linksEnded', detail: department });
        console.log(`${ended} links to the list of ${department} ended.`);
      } finally {
        await store.close();
      }
    });
}

function days(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > LONGEST_DAYS) {
    throw new InvalidArgumentError(`Allowed: whole days from 1 to ${LONGEST_DAYS}.`);
  }
  return number;
}

export function registerViews(admin: Command): void {
  admin
    .command('views')
    .description('print links to the lists of the Temporal UI')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => {
      const { CONFIG_DIR, TEMPORAL_UI_URL, TEMPORAL_NAMESPACE } = readEnv('views');
      const { timeZone, departments } = loadMunicipality(CONFIG_DIR);
      const today = localDate(timeZone, Date.now());
      const day = { from: dayStart(timeZone, today) ?? 0, to: dayStart(timeZone, today, 1) ?? 0 };
      const views = [
        ...Object.values(townViews(day)),
        ...Object.values(departments).map(({ slug, name }) => ({ name, query: departmentViews(slug).all })),
      ].map(({ name, query }) => ({
        name,
        query,
        url: viewUrl(TEMPORAL_UI_URL, TEMPORAL_NAMESPACE, query),
      }));
      if (json) console.log(JSON.stringify(views, null, 2));
      else for (const { name, url } of views) console.log(`${name}\n  ${url}`);
    });
}
