/**
 * The rooms of the program and their allowed imports. eslint.config.mjs forbids all others; test/structure.mjs counts
 * violations and rejects a list with a cycle.
 */

const nodeBuiltins =
  '(node:.*|fs|path|os|crypto|https?|net|stream|child_process|events|buffer|util|url|timers)(/.*)?';

/**
 * `imports`: the other rooms that a room may import; `ground` are the files directly in src (errors, logging, picture,
 * time-limit). `not`: patterns of packages that it may not import.
 */
export const walls = {
  domain: {
    imports: [],
    not: `mongoose koa nodemailer @temporalio/.* zod luxon i18next pino ${nodeBuiltins}`,
  },
  ground: { imports: [], not: 'mongoose koa nodemailer @temporalio/.*' },
  config: { imports: ['domain', 'ground'], not: 'mongoose koa nodemailer @temporalio/.*' },
  workflows: { imports: ['domain'], not: `zod luxon i18next mongoose pino ${nodeBuiltins}` },
  store: { imports: ['domain', 'ground'], not: 'koa nodemailer @temporalio/.*' },
  reports: { imports: ['config', 'domain', 'ground'], not: 'mongoose koa nodemailer @temporalio/.*' },
  whatsapp: {
    imports: ['store', 'config', 'domain', 'ground'],
    not: 'mongoose koa nodemailer @temporalio/.*',
  },
  events: { imports: ['config', 'domain', 'ground'], not: 'mongoose koa nodemailer @temporalio/.*' },
  mail: { imports: ['reports', 'store', 'config', 'domain', 'ground'], not: 'mongoose koa @temporalio/.*' },
  temporal: {
    imports: ['workflows', 'reports', 'store', 'config', 'domain', 'ground'],
    not: 'mongoose koa nodemailer',
  },
  activities: {
    imports: [
      'temporal',
      'workflows',
      'whatsapp',
      'mail',
      'events',
      'reports',
      'store',
      'config',
      'domain',
      'ground',
    ],
    not: 'koa mongoose nodemailer',
  },
  web: {
    imports: ['temporal', 'whatsapp', 'mail', 'reports', 'store', 'config', 'domain', 'ground'],
    not: 'mongoose nodemailer @temporalio/.*',
  },
  local: { imports: [], not: 'mongoose' },
  cli: {
    imports: [
      ...[
        'web',
        'local',
        'activities',
        'temporal',
        'workflows',
        'whatsapp',
        'mail',
        'events',
        'reports',
        'store',
      ],
      ...['config', 'domain', 'ground'],
    ],
    not: '',
  },
};

/**
 * Forbidden imports between folders of a room. In the domain, `case` depends on `sla`; `sla` depends on no other
 * folder.
 */
export const innerWalls = {
  'src/domain/sla': { room: 'domain', not: ['case', 'talk', 'routing', 'place'] },
  'src/domain/case': { room: 'domain', not: ['talk', 'routing', 'place'] },
};

/** The room of a file, named from the project's root; undefined outside of the program. */
export function roomOf(file) {
  const [top, second, ...deeper] = file.split('/');
  if (top === 'workflows' || top === 'activities') return top;
  if (top !== 'src') return undefined;
  return deeper.length === 0 ? 'ground' : second;
}

/** The files of a room, as a pattern. */
export function filesOf(room) {
  if (room === 'ground') return 'src/*.ts';
  return room === 'workflows' || room === 'activities' ? `${room}/**/*.ts` : `src/${room}/**/*.ts`;
}

/**
 * Returns a pattern for the import specifiers that are forbidden in a room, at any depth. `inner` are folders of the room
 * itself that are forbidden as well.
 */
export function stoppedBy(room, inner = []) {
  const { imports, not } = walls[room];
  const others = Object.keys(walls).filter(other => other !== room && !imports.includes(other));
  const folders = [...others.filter(other => other !== 'ground'), ...inner].join('|');
  // Activities implement the contract of the workflows and import nothing else of them.
  const beside = room === 'activities' ? '|(\\.\\./)+workflows/(?!contract$).*' : '';
  const ground = others.includes('ground') ? '|(\\.\\./)+(errors|logging|picture|time-limit)' : '';
  const packages = not === '' ? '' : `|(${not.split(' ').join('|')})`;
  return `^((\\.\\./)+(src/)?(${folders})/.*${beside}${ground}${packages})$`;
}
