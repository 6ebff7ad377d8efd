import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';

export function registerCheckConfig(admin: Command): void {
  admin
    .command('check-config')
    .description("check the municipality's files and list every mistake with file and line")
    .argument('[folder]', 'the folder to check; CONFIG_DIR when left out')
    .action((folder?: string) => {
      const municipality = loadMunicipality(folder ?? readEnv('checks').CONFIG_DIR);
      const { departments, categories, neighbourhoods } = municipality;
      const counts = [
        `${Object.keys(departments).length} departments`,
        `${categories.length} subjects`,
        `${neighbourhoods.length} neighbourhoods`,
      ];
      console.log(`${municipality.name}: no mistakes found in ${counts.join(', ')}.`);
    });
}
