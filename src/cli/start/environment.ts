import type { LocalSecrets } from '../../local/secrets';
import { holderOf, isFree, nextFree } from '../../local/services/port';

/** The decisions taken from the user's environment before the start. */
export interface LinePlan {
  /** The user's environment without empty variables. */
  readonly given: NodeJS.ProcessEnv;
  readonly publicUrl: string;
  readonly namespace: string;
  readonly graphVersion: string;
  /** Whether we run the WhatsApp stand-in and the mailbox. */
  readonly ownGraph: boolean;
  readonly ownMail: boolean;
  readonly ownTemporal: boolean;
  readonly ownMongo: boolean;
  /** The secrets shared by stand-in and product. */
  readonly agreed: LocalSecrets;
  readonly secrets: LocalSecrets;
}

/** The addresses of the parts we run. */
export interface LineAddresses {
  readonly temporal?: string;
  readonly temporalUi?: string;
  readonly mongoUri?: string;
  readonly graphUrl?: string;
  readonly smtpUrl?: string;
  readonly erasureList?: string;
  readonly configFolder?: string;
}

export function planLine(environment: NodeJS.ProcessEnv, webPort: number, secrets: LocalSecrets): LinePlan {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  return {
    given,
    publicUrl: given['PUBLIC_BASE_URL'] ?? `http://localhost:${webPort}`,
    namespace: given['TEMPORAL_NAMESPACE'] ?? 'paydaskent',
    graphVersion: given['WHATSAPP_GRAPH_VERSION'] ?? 'v26.0',
    ownGraph: !isGiven(given, 'WHATSAPP_ACCESS_TOKEN') && !isGiven(given, 'WHATSAPP_GRAPH_URL'),
    ownMail: !isGiven(given, 'SMTP_URL'),
    ownTemporal: given['TEMPORAL_ADDRESS'] === undefined,
    ownMongo: !isGiven(given, 'MONGODB_URI'),
    agreed: agreedSecrets(given, secrets),
    secrets,
  };
}

/** Returns the environment of the roles and admin commands. Values given by the user win. */
export function roleEnvironment(
  plan: LinePlan,
  addresses: LineAddresses,
  listening: Readonly<Record<string, number>>,
): NodeJS.ProcessEnv {
  const local: Record<string, string | undefined> = {
    PUBLIC_BASE_URL: plan.publicUrl,
    TEMPORAL_NAMESPACE: plan.namespace,
    WHATSAPP_GRAPH_VERSION: plan.graphVersion,
    MAIL_FROM: 'Paydaşkent <paydaskent@municipality.example>',
    MONGODB_URI: addresses.mongoUri,
    TEMPORAL_ADDRESS: addresses.temporal,
    TEMPORAL_UI_URL: addresses.temporalUi,
    WHATSAPP_GRAPH_URL: addresses.graphUrl,
    SMTP_URL: addresses.smtpUrl,
    ERASURE_LIST: addresses.erasureList,
    ADMIN_REASON: 'npm start',
    ...plan.secrets,
  };
  const open = Object.entries(local).filter(([name]) => !isGiven(plan.given, name));
  return {
    ...plan.given,
    ...Object.fromEntries(open),
    ...(addresses.configFolder === undefined ? {} : { CONFIG_DIR: addresses.configFolder }),
    ...Object.fromEntries(Object.entries(listening).map(([name, port]) => [name, String(port)])),
  };
}

/** A secret may also be given as NAME_FILE, which the roles read. */
function isGiven(given: NodeJS.ProcessEnv, name: string): boolean {
  return given[name] !== undefined || given[`${name}_FILE`] !== undefined;
}

/** The stand-in signs with the first of several app secrets. */
function agreedSecrets(given: NodeJS.ProcessEnv, secrets: LocalSecrets): LocalSecrets {
  const value = (name: keyof LocalSecrets): string => given[name] ?? secrets[name];
  return {
    WHATSAPP_APP_SECRET: value('WHATSAPP_APP_SECRET').split(',')[0]?.trim() ?? '',
    WHATSAPP_VERIFY_TOKEN: value('WHATSAPP_VERIFY_TOKEN'),
    WHATSAPP_ACCESS_TOKEN: value('WHATSAPP_ACCESS_TOKEN'),
    WHATSAPP_PHONE_NUMBER_ID: value('WHATSAPP_PHONE_NUMBER_ID'),
    LINK_KEYS: value('LINK_KEYS'),
    AUDIT_KEYS: value('AUDIT_KEYS'),
  };
}

/** The ports of one local run. */
export interface LocalPorts {
  readonly web: number;
  readonly sandbox: number;
  readonly smtp: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly mongo: number;
  readonly workerHealth: number;
  readonly metrics: number;
  readonly workerMetrics: number;
}

/**
 * The web port must be the requested one, because others know it. All other ports move up to the next free one.
 * @throws StartFailure if the web port is taken or invalid.
 */
export async function choosePorts(wanted: string | undefined): Promise<LocalPorts> {
  const web = await webPort(wanted);
  const promised = new Set([web]);
  const next = async (port: number): Promise<number> => {
    const free = await nextFree(port, promised);
    promised.add(free);
    return free;
  };
  return {
    web,
    sandbox: await next(3001),
    smtp: await next(2525),
    temporal: await next(7233),
    temporalUi: await next(8233),
    mongo: await next(27017),
    workerHealth: await next(3100),
    metrics: await next(9464),
    workerMetrics: await next(9465),
  };
}

async function webPort(wanted: string | undefined): Promise<number> {
  const port = Number(wanted ?? '3000');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartFailure(`PORT is not a port number between 1 and 65535. Example: PORT=3100 npm start`);
  }
  if (await isFree(port)) return port;
  const holder = await holderOf(port);
  const other = await nextFree(port + 1, new Set());
  throw new StartFailure(
    `Port ${port} is taken${holder === undefined ? '' : ` by ${holder}`}. ` +
      `End that program, or choose another port: PORT=${other} npm start`,
  );
}

/** A failure of the local run whose message fully explains the problem and the remedy. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
