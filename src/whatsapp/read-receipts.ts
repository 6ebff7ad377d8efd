import { SECOND_MS } from '../domain/durations';
import { errorFields, type Log } from '../logging';
import type { Store } from '../store/store';
import { timeLimit } from '../time-limit';
import type { GraphClient } from './graph-client';
import { asText, field } from './loose-json';

export interface ReadReceiptsDeps {
  store: Pick<Store, 'inbox'>;
  graph: Pick<GraphClient, 'markRead'>;
  log: Pick<Log, 'debug'>;
}

/** Shows citizens that their messages were read and that an answer is on its way. */
export interface ReadReceipts {
  /**
   * Marks a stored message and all earlier ones of the same citizen as read; with `typing` the phone shows "typing"
   * until the answer arrives, 25 s at most. Returns at once and never throws: no answer waits for a receipt, and a
   * failed one is not sent again.
   */
  read(messageId: string, typing: boolean): void;
}

/** In a flood, answers are worth more than receipts. */
const MOST_AT_ONCE = 16;
const LIMIT_MS = 5 * SECOND_MS;

export function createReadReceipts({ store, graph, log }: ReadReceiptsDeps): ReadReceipts {
  let underWay = 0;

  async function send(messageId: string, typing: boolean): Promise<void> {
    const wamid = asText(field((await store.inbox.get(messageId))?.payload, 'id'));
    if (wamid !== null) await graph.markRead(wamid, typing);
  }

  return {
    read(messageId, typing) {
      if (underWay >= MOST_AT_ONCE) return;
      underWay += 1;
      void timeLimit(LIMIT_MS, send(messageId, typing))
        .catch((error: unknown) => log.debug(errorFields(error), 'message not marked as read'))
        .finally(() => (underWay -= 1));
    },
  };
}
