import type { Activities } from './contract';
import type { Deps } from './deps';

export function recordCase({ store }: Deps): Activities['recordCase'] {
  return ({ progress, facts }) => store.cases.write(progress, facts);
}
