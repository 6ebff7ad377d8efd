import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Grows with every change of the mends, so that a program built with fewer of them is built anew. */
export const mendsVersion = 2;

interface Mend {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** The lock is held until the update's iterators, closed by later defers, are closed. */
const locked = '\n\tupdating.Lock()\n\tdefer updating.Unlock()\n';
const updateDocument =
  'func (h *Handler) updateDocument(ctx context.Context, params *common.UpdateParams) (int32, int32, *types.Array, error) {';
const findAndModify =
  'func (h *Handler) findAndModifyDocument(ctx context.Context, params *common.FindAndModifyParams) (*findAndModifyResult, error) {';

const mends: readonly Mend[] = [
  // This version indexes `_id` by one expression and looks it up by another, so that SQLite reads the whole
  // collection: 90 ms among 6,000 records instead of 1 ms. Both must be the same words.
  {
    file: 'internal/backends/sqlite/metadata/metadata.go',
    from: `IDColumn = DefaultColumn + "->'$._id'"`,
    to: 'IDColumn = DefaultColumn + `->"_id"`',
  },
  // An update reads the document, changes the copy and writes all of it back, so that of two at once one is
  // lost; MongoDB's are atomic.
  { file: 'internal/handler/msg_update.go', from: '\t"fmt"\n', to: '\t"fmt"\n\t"sync"\n' },
  {
    file: 'internal/handler/msg_update.go',
    from: updateDocument,
    to: `${updateDocument}${locked}`,
  },
  {
    file: 'internal/handler/msg_update.go',
    from: '// MsgUpdate implements',
    to: '// updating lets one update at a time read a document and write it back.\nvar updating sync.Mutex\n\n// MsgUpdate implements',
  },
  {
    file: 'internal/handler/msg_findandmodify.go',
    from: findAndModify,
    to: `${findAndModify}${locked}`,
  },
];

/** Mends what this version of FerretDB does otherwise than MongoDB, in its source before it is built. */
export function mendSource(folder: string): void {
  for (const { file, from, to } of mends) {
    const path = join(folder, file);
    const code = readFileSync(path, 'utf8');
    if (!code.includes(from)) throw new Error(`${file} of FerretDB has other words than expected`);
    writeFileSync(path, code.replace(from, to));
  }
}
