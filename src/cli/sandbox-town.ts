import { messageTemplates } from '../config/approved-templates';
import { pageUrl } from '../mail/task-link';
import { internationalNumber, type Municipality } from '../config/municipality';
import type { SandboxOptions } from '../local/sandbox';

/** Returns the sandbox options that come from a municipality. `publicBaseUrl` is the base of all links. */
export function townOptions(
  municipality: Municipality,
  publicBaseUrl: string,
): Pick<SandboxOptions, 'town' | 'templates'> {
  const { name, linePhone, timeZone, sandbox } = municipality;
  return {
    town: { name, phone: internationalNumber(linePhone), timeZone, pins: sandbox.pins },
    templates: messageTemplates(municipality, pageUrl(publicBaseUrl, 'status', '{{1}}')),
  };
}
