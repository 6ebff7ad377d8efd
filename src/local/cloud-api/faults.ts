import { z } from 'zod';
import { isKnownCode } from './graph-errors';

const scope = {
  /** How many requests or webhooks are hit. */
  count: z.number().int().min(1).max(100_000).default(1),
  /** Only this citizen's traffic. */
  citizenId: z.string().optional(),
};
const webhookScope = { ...scope, of: z.enum(['messages', 'statuses', 'any']).default('messages') };

const code = z.number().int().refine(isKnownCode, "a code of Meta's error reference");

/** A disturbance ordered through the control API: the first five hit sends, the others webhooks. */
export const faultOrder = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rate-limit-429'), ...scope }),
  z.object({ kind: z.literal('server-error-500'), ...scope }),
  z.object({
    kind: z.literal('time-out-after-accept'),
    ...scope,
    /** How long the connection is held before it is cut without an answer. */
    holdMs: z.number().int().min(0).max(600_000).default(60_000),
  }),
  /** The send is refused with this code. */
  z.object({ kind: z.literal('graph-error'), ...scope, code }),
  /** The send is accepted, and reported as failed with this code afterwards. */
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
    /** Those held so far are let go after this time even when fewer than `count` came. */
    holdMs: z.number().int().min(0).max(600_000).default(5_000),
  }),
  z.object({
    kind: z.literal('delay-webhooks'),
    ...webhookScope,
    delayMs: z.number().int().min(0).max(3_600_000).default(10_000),
  }),
]);

export type FaultOrder = z.infer<typeof faultOrder>;
export type Fault = FaultOrder & { id: number; left: number };
const sendKinds = [
  'rate-limit-429',
  'server-error-500',
  'time-out-after-accept',
  'graph-error',
  'failed-status',
] as const;
export type SendFault = Extract<Fault, { kind: (typeof sendKinds)[number] }>;
export type WebhookFault = Exclude<Fault, SendFault>;

const hitsSends = (fault: Fault): fault is SendFault => (sendKinds as readonly string[]).includes(fault.kind);

export interface Faults {
  add(order: FaultOrder): Fault;
  list(): Fault[];
  clear(): void;
  /** The oldest fault that hits this send, used up by one. */
  takeForSend(citizenId: string | undefined): SendFault | undefined;
  takeForWebhook(citizenId: string | undefined, about: 'messages' | 'statuses'): WebhookFault | undefined;
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
