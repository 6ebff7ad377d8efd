import { z } from 'zod';
import { isKnownCode } from './graph-errors';

const scope = {
  /** The number of affected requests or webhooks. */
  count: z.number().int().min(1).max(100_000).default(1),
  /** Limits the fault to this citizen. */
  citizenId: z.string().optional(),
};
const webhookScope = { ...scope, of: z.enum(['messages', 'statuses', 'any']).default('messages') };

const code = z.number().int().refine(isKnownCode, "a code of Meta's error reference");

/** A fault injected through the control API. The first five kinds affect sends, the others webhooks. */
export const faultOrder = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rate-limit-429'), ...scope }),
  z.object({ kind: z.literal('server-error-500'), ...scope }),
  z.object({
    kind: z.literal('time-out-after-accept'),
    ...scope,
    /** How long the connection stays open before it is closed without a response. */
    holdMs: z.number().int().min(0).max(600_000).default(60_000),
  }),
  /** The error code of the rejected send. */
  z.object({ kind: z.literal('graph-error'), ...scope, code }),
  /** The send is accepted and later reported as failed with this code. */
  z.object({ kind: z.literal('failed-status'), ...scope, code }),
  z.object({
    kind: z.literal('duplicate-webhook'),
    ...webhookScope,
    copies: z.number().int().min(1).max(100).default(1),
  }),
  z.object({
    kind: z.literal('reorder-webhooks'),
    ...webhookScope,
    count: z.number().int().min(2).max(1_000).default(2),
    /** Held webhooks are released after this time, even if fewer than `count` arrived. */
    holdMs: z.number().int().min(0).max(600_000).default(5_000),
  }),
  z.object({
    kind: z.literal('delay-webhooks'),
    ...webhookScope,
    delayMs: z.number().int().min(0).max(3_600_000).default(10_000),
  }),
]);

type FaultOrder = z.infer<typeof faultOrder>;
type Fault = FaultOrder & { id: number; left: number };
const sendKinds = [
  'rate-limit-429',
  'server-error-500',
  'time-out-after-accept',
  'graph-error',
  'failed-status',
] as const;
type SendFault = Extract<Fault, { kind: (typeof sendKinds)[number] }>;
type WebhookFault = Exclude<Fault, SendFault>;

const hitsSends = (fault: Fault): fault is SendFault => (sendKinds as readonly string[]).includes(fault.kind);

export interface Faults {
  add(order: FaultOrder): Fault;
  list(): Fault[];
  clear(): void;
  /** Consumes one use of the oldest fault that matches this send. */
  takeForSend(citizenId: string | undefined): SendFault | undefined;
  takeForWebhook(
    citizenId: string | undefined,
    about: 'messages' | 'statuses' | 'account',
  ): WebhookFault | undefined;
}

export function createFaults(onChange: () => void): Faults {
  let faults: Fault[] = [];
  let lastId = 0;
  const use = (fault: Fault): void => {
    fault.left -= 1;
    faults = faults.filter(other => other.left > 0);
    onChange();
  };
  const concerns = (fault: Fault, citizenId: string | undefined): boolean =>
    fault.citizenId === undefined || fault.citizenId === citizenId;

  return {
    add(order) {
      const fault: Fault = { ...order, id: (lastId += 1), left: order.count };
      faults.push(fault);
      onChange();
      return fault;
    },
    list: () => faults.map(fault => ({ ...fault })),
    clear() {
      faults = [];
      onChange();
    },
    takeForSend(citizenId) {
      const fault = faults.filter(hitsSends).find(candidate => concerns(candidate, citizenId));
      if (fault !== undefined) use(fault);
      return fault;
    },
    takeForWebhook(citizenId, about) {
      const fault = faults.find(
        (candidate): candidate is WebhookFault =>
          !hitsSends(candidate) &&
          concerns(candidate, citizenId) &&
          (candidate.of === 'any' || candidate.of === about),
      );
      if (fault !== undefined) use(fault);
      return fault;
    },
  };
}
