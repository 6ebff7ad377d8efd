import type { Municipality } from '../config/municipality';
import type { Say } from '../config/texts';

/** What news is put into words with. */
export interface NewsDeps {
  municipality: Municipality;
  say: Say;
}
