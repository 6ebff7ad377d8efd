import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { townDay, dayStart } from '../../config/calendars';
import { departmentViews, townViews, viewUrl } from '../../temporal/manager-views';

export function registerViews(admin: Command): void {
  admin
    .command('views')
    .description('links to the ready lists of the Temporal UI; "due today" is of today')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => {
      const { CONFIG_DIR, TEMPORAL_UI_URL, TEMPORAL_NAMESPACE } = readEnv('views');
      const { timeZone, departments } = loadMunicipality(CONFIG_DIR);
      const today = townDay(timeZone, Date.now());
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
