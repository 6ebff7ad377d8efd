import type { LocalSecrets } from '../../local/secrets';

/** What the user's environment decides before anything is started. */
export interface LinePlan {
  /** The user's environment without empty variables. */
  readonly given: NodeJS.ProcessEnv;
  readonly publicUrl: string;
  readonly namespace: string;
  readonly graphVersion: string;
  /** Whether the WhatsApp stand-in and the mailbox are ours to run. */
  readonly ownGraph: boolean;
  readonly ownMail: boolean;
  readonly ownTemporal: boolean;
  readonly ownMongo: boolean;
  /** What the stand-in must agree on with the product. */
  readonly agreed: LocalSecrets;
  readonly secrets: LocalSecrets;
}

/** Where the parts of the line are, once they run; parts that others run are left out. */
export interface LineAddresses {
  readonly temporal?: string;
  readonly temporalUi?: string;
  readonly mongoUri?: string;
  readonly graphUrl?: string;
  readonly smtpUrl?: string;
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

/** The environment the roles and the admin commands run in; what the user gave always wins. */
export function roleEnvironment(
  plan: LinePlan,
  addresses: LineAddresses,
  listening: Readonly<Record<string, number>>,
): NodeJS.ProcessEnv {
  const local: Record<string, string | undefined> = {
    PUBLIC_BASE_URL: plan.publicUrl,
    TEMPORAL_NAMESPACE: plan.namespace,
    WHATSAPP_GRAPH_VERSION: plan.graphVersion,
    MAIL_FROM: 'Paydaşkent <paydaskent@etimesgut.example>',
    MONGODB_URI: addresses.mongoUri,
    TEMPORAL_ADDRESS: addresses.temporal,
    TEMPORAL_UI_URL: addresses.temporalUi,
    WHATSAPP_GRAPH_URL: addresses.graphUrl,
    SMTP_URL: addresses.smtpUrl,
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

/** A secret may also be given as NAME_FILE, which the roles read themselves. */
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
  };
}
