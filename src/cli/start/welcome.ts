import { casesUrl } from '../../temporal/manager-views';
import { addressTable } from './address-table';
import type { TableRow } from './address-table';
import type { StartedLine } from './line';

/** The one table of addresses: where to write, read, watch, and where each service came from. */
export function welcome({ plan, ports, stage, temporal, mongo }: StartedLine, managerLink: string): string {
  const rows: TableRow[] = [
    ...(plan.ownGraph ? [{ name: 'Phone', value: `${stage.url}/` }] : []),
    ...(plan.ownMail ? [{ name: 'Mailbox', value: `${stage.url}/mailbox` }] : []),
    { name: "Managers' page", value: managerLink },
    {
      name: 'Temporal UI',
      value: plan.ownTemporal
        ? `${casesUrl(`http://localhost:${ports.temporalUi}`, plan.namespace)}, ready lists: npm run -s admin -- views`
        : 'the one of your Temporal server, at TEMPORAL_UI_URL',
    },
    { name: 'Webhook', value: `${plan.publicUrl}/webhooks/whatsapp` },
    { name: 'Health', value: `http://localhost:${ports.web}/readyz` },
    { name: 'Health of the worker', value: `http://localhost:${ports.workerHealth}/readyz` },
    { name: 'Metrics', value: `http://localhost:${ports.metrics}/metrics` },
    { name: 'Temporal', value: `${temporal.address}, from ${temporal.source}` },
    { name: 'MongoDB', value: plan.ownMongo ? `${mongo.address}, from ${mongo.source}` : mongo.source },
    { name: 'WhatsApp', value: plan.ownGraph ? 'local stand-in of the Cloud API' : 'your Graph API' },
    { name: 'Mail', value: plan.ownMail ? `local mailbox, ${stage.smtpUrl}` : 'SMTP_URL' },
    { name: 'Logs', value: '.local/logs' },
  ];
  return addressTable('\nPaydaşkent runs. Ctrl-C ends it; the data stay in .local.\n', rows);
}
