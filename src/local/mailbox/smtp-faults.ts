import { z } from 'zod';

/** A disturbance of the mail server ordered through the control API; each hits the next `count` mails. */
export const smtpFaultOrder = z.object({
  kind: z.enum(['421', '451', '550', 'slow', 'drop']),
  count: z.number().int().min(1).max(100_000).default(1),
  /** For `slow`: how long the answer to the message is held back. */
  delayMs: z.number().int().min(0).max(600_000).default(10_000),
});

export type SmtpFaultOrder = z.infer<typeof smtpFaultOrder>;
export type SmtpFault = SmtpFaultOrder & { left: number };

export interface SmtpFaults {
  add(order: SmtpFaultOrder): SmtpFault;
  list(): SmtpFault[];
  clear(): void;
  /** The oldest fault, used up by one, if its kind is among those that strike at this point of the dialogue. */
  take(...kinds: SmtpFaultOrder['kind'][]): SmtpFault | undefined;
}

export function createSmtpFaults(onChange: () => void): SmtpFaults {
  let faults: SmtpFault[] = [];
  return {
    add(order) {
      const fault = { ...order, left: order.count };
      faults.push(fault);
      onChange();
      return fault;
    },
    list: () => faults.map(fault => ({ ...fault })),
    clear() {
      faults = [];
      onChange();
    },
    take(...kinds) {
      const first = faults[0];
      if (first === undefined || !kinds.includes(first.kind)) return undefined;
      first.left -= 1;
      faults = faults.filter(fault => fault.left > 0);
      onChange();
      return first;
    },
  };
}
