import { sep } from 'node:path';
import { Eta } from 'eta';

export interface EtaTemplates {
  /** Every value is escaped as HTML. */
  html(name: string, values: object): string;
  /** Nothing is escaped: for plain text only. */
  text(name: string, values: object): string;
}

/**
 * Where the files beside a module are, given the module's folder: the compiler copies code only, so the compiled
 * program reads them where they were written.
 */
export function templateFolder(folder: string): string {
  return folder.replace(`${sep}dist${sep}src${sep}`, `${sep}src${sep}`);
}

/**
 * The templates (`name.eta`) beside the calling module, whose `__dirname` is the folder. They are read once and
 * never built from input; values appear as they are, whatever template marks they contain.
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
