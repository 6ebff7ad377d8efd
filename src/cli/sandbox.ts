import { type Command, InvalidArgumentError, Option } from 'commander';
import { readEnv } from '../config/env';
import { loadMunicipality } from '../config/municipality';
import { townOptions } from './sandbox-town';
import { stopSignal } from './stop-signal';

interface SandboxCommandOptions {
  host: string;
  port: number;
  smtpPort: number;
  webhookUrl: string;
  publicUrl: string;
  phoneNumberId: string;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  graphVersion: string;
  dataDir: string;
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('a number from 0 to 65535');
  return Number(text);
}

/** Adds `sandbox`: runs only the Cloud API stand-in, the phone and the mailbox until SIGINT or SIGTERM. */
export function registerSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('run the Cloud API stand-in with its phone page, and the mail sink with its mailbox page')
    .addOption(
      new Option('--host <address>', 'address to listen on').env('SANDBOX_HOST').default('127.0.0.1'),
    )
    .addOption(
      new Option('--port <number>', 'port of the pages and the Graph API')
        .env('SANDBOX_PORT')
        .argParser(portNumber)
        .default(3001),
    )
    .addOption(
      new Option('--smtp-port <number>', 'port of the mail sink')
        .env('SANDBOX_SMTP_PORT')
        .argParser(portNumber)
        .default(1025),
    )
    .addOption(
      new Option('--webhook-url <url>', 'webhook URL of the product')
        .env('SANDBOX_WEBHOOK_URL')
        .default('http://127.0.0.1:3000/webhooks/whatsapp'),
    )
    .addOption(
      new Option('--public-url <url>', 'base of all links of the product')
        .env('PUBLIC_BASE_URL')
        .default('http://localhost:3000'),
    )
    .addOption(
      new Option('--phone-number-id <id>', 'id of the line')
        .env('WHATSAPP_PHONE_NUMBER_ID')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--access-token <token>', 'access token of the product')
        .env('WHATSAPP_ACCESS_TOKEN')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--app-secret <secret>', 'secret that signs webhooks; the first of a comma list')
        .env('WHATSAPP_APP_SECRET')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--verify-token <word>', 'token of the webhook handshake')
        .env('WHATSAPP_VERIFY_TOKEN')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--graph-version <version>', 'newest accepted version')
        .env('WHATSAPP_GRAPH_VERSION')
        .default('v26.0'),
    )
    .addOption(
      new Option('--data-dir <folder>', 'folder for chats and mails')
        .env('SANDBOX_DATA_DIR')
        .default('.local/sandbox'),
    )
    .action(async (options: SandboxCommandOptions) => {
      // Loaded lazily, because it needs development packages.
      const { startSandbox } = await import('../local/sandbox.js');
      const [appSecret = options.appSecret] = options.appSecret.split(',');
      const municipality = loadMunicipality(readEnv('checks').CONFIG_DIR);
      const sandbox = await startSandbox({
        ...options,
        ...townOptions(municipality, options.publicUrl),
        appSecret: appSecret.trim(),
      });
      console.log(`Phone    ${sandbox.url}/`);
      console.log(`Mailbox  ${sandbox.url}/mailbox`);
      console.log(`Graph    ${sandbox.graphUrl}`);
      console.log(`SMTP     ${sandbox.smtpUrl}`);
      await stopSignal();
      await sandbox.stop();
    });
}
