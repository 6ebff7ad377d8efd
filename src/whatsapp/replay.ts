/** Meta redelivers for seven days; what is older was recorded and sent again by somebody. */
const OLDEST_MS = 8 * 24 * 3_600_000;

/** Whether a message comes too late to be acted on; it is kept, noted, and answered by nobody. */
export function isStale({ sentAt, receivedAt }: { sentAt: Date; receivedAt: Date }): boolean {
  return receivedAt.getTime() - sentAt.getTime() > OLDEST_MS;
}
