import type { Activities } from './contract';
import type { Deps } from './deps';

export function noteMessages({ store, now }: Deps): Activities['noteMessages'] {
  return ({ messageIds }) => store.messages.handled(messageIds, now(), null);
}
