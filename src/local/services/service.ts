/** A server the product needs, whoever runs it. */
export interface Service {
  /** What the product connects to: host:port for Temporal, a URI for MongoDB. */
  readonly address: string;
  /** Which source it came from, in human words. */
  readonly source: string;
  /** Set for a server that we run. */
  readonly pid?: number;
  /** Resolves with words on how a server of ours ended; absent for another's server. */
  readonly exited?: Promise<string>;
  /** Ends a server of ours; another's server is left alone. */
  readonly stop: () => Promise<void>;
}

/** A server that someone else runs, named by an environment variable. */
export function anothers(address: string, variable: string): Service {
  return { address, source: variable, stop: async () => undefined };
}
