import { insertOnce } from './insert-once';

/** What is needed of a mongoose model whose `_id` is a string. */
interface Links {
  collection: { insertOne(record: never): Promise<unknown> };
  findById(id: string): { lean(): PromiseLike<unknown> };
}

/** Adds and looks up links by the SHA-256 of their token, hex, which is all that is kept of it. */
export function linksByToken<Link extends { tokenHash: string }>(links: Links) {
  return {
    /** False when the token was kept before. */
    add: ({ tokenHash, ...rest }: Link): Promise<boolean> =>
      insertOnce(() => links.collection.insertOne({ _id: tokenHash, ...rest } as never)),

    get: async (tokenHash: string): Promise<Link | null> => {
      const found = (await links.findById(tokenHash).lean()) as ({ _id: string } & object) | null;
      if (!found) return null;
      const { _id, ...rest } = found;
      return { tokenHash: _id, ...rest } as unknown as Link;
    },
  };
}
