import { sep } from 'node:path';
import { Eta } from 'eta';

export interface EtaTemplates {
  /** Escapes all values as HTML. */
  html(name: string, values: object): string;
  /** Escapes nothing; for plain text only. */
  text(name: string, values: object): string;
}

/**
 * Returns the source folder of a module folder. The compiler copies only code, so the program in `dist/` reads other
 * files from the sources.
 */
export function templateFolder(folder: string): string {
  return folder.replace(`${sep}dist${sep}src${sep}`, `${sep}src${sep}`);
}

/**
 * Loads the templates (`name.eta`) next to the calling module, whose `__dirname` is the folder. Templates are read
 * once and never built from input; template marks in values are not interpreted.
 */
export function createTemplates(folder: string): EtaTemplates {
  const views = templateFolder(folder);
  const html = new Eta({ views, cache: true, autoEscape: true, autoTrim: [false, 'nl'] });
  const text = new Eta({ views, cache: true, autoEscape: false, autoTrim: [false, 'nl'] });
  return {
    html: (name, values) => html.render(name, values),
    text: (name, values) => text.render(name, values),
  };
}
