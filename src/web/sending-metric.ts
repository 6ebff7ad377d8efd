import { Gauge, type Registry } from 'prom-client';
import type { Store } from '../store/store';

/**
 * Shows in the metrics whether sending to WhatsApp is paused (1) or not (0); the last answer counts while the store
 * is away.
 */
export function watchSending(registry: Registry, pauses: Pick<Store['sendingPauses'], 'current'>): void {
  new Gauge({
    name: 'paydaskent_whatsapp_paused',
    help: 'Whether all messages to citizens wait because of the token or the account',
    registers: [registry],
    async collect() {
      const pause = await pauses.current().catch(() => undefined);
      if (pause !== undefined) this.set(pause === null ? 0 : 1);
    },
  });
}
