/** What a page must fetch again: one citizen's chat, the mails, or the state of the stage itself. */
export type Change = { topic: 'thread'; id: string } | { topic: 'mail'; id: string } | { topic: 'stage' };

export interface Changes {
  tell(change: Change): void;
  /** Returns how to stop listening. */
  listen(listener: (change: Change) => void): () => void;
}

/** Passes changes on to the open pages. */
export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  return {
    tell: change => listeners.forEach(listener => listener(change)),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
