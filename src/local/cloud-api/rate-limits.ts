/** A token bucket by arithmetic alone: the time at which it would be full again. */
interface Bucket {
  take(now: number): boolean;
}

function createBucket(capacity: number, intervalMs: number): Bucket {
  let fullAt = 0;
  return {
    take(now) {
      const next = Math.max(fullAt, now) + intervalMs;
      if (next - now > capacity * intervalMs) return false;
      fullAt = next;
      return true;
    },
  };
}

export interface RateLimits {
  /** False: 131056. One message per 6 s to one person, up to 45 at once borrowed from the future. */
  takePair(person: string, now: number): boolean;
  /** False: 130429. Messages per second of the number, in plus out. */
  takeThroughput(now: number): boolean;
}

const PAIR_INTERVAL_MS = 6_000;
const PAIR_BURST = 45;

export function createRateLimits(messagesPerSecond: number): RateLimits {
  const pairs = new Map<string, Bucket>();
  const throughput = createBucket(messagesPerSecond, 1_000 / messagesPerSecond);
  return {
    takePair(person, now) {
      const bucket = pairs.get(person) ?? createBucket(PAIR_BURST, PAIR_INTERVAL_MS);
      pairs.set(person, bucket);
      return bucket.take(now);
    },
    takeThroughput: now => throughput.take(now),
  };
}
