import { messageTemplates } from '../config/approved-templates';
import { internationalNumber, type Municipality } from '../config/municipality';
import type { SandboxOptions } from '../local/sandbox';

/** Returns the sandbox options that come from a municipality. */
export function townOptions(municipality: Municipality): Pick<SandboxOptions, 'town' | 'templates'> {
  const { name, linePhone, timeZone, sandbox } = municipality;
  return {
    town: { name, phone: internationalNumber(linePhone), timeZone, pins: sandbox.pins },
    templates: messageTemplates(municipality),
  };
}
