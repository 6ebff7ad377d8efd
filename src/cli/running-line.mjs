/**
 * Sets the addresses of the line on this machine for `npm run admin`. Existing environment variables take
 * precedence.
 */
import { readFileSync } from 'node:fs';

try {
  const addresses = readFileSync(new URL('../../.local/line.json', import.meta.url), 'utf8');
  Object.assign(process.env, { ...JSON.parse(addresses), ...process.env });
} catch {
  // No line is running: the environment must name the services.
}
