import { type Connection, Schema } from 'mongoose';
import { insertOnce } from './insert-once';

/** Who signed in, as the provider or the link said. Roles are read from the configuration at each request. */
export interface StaffIdentity {
  name: string;
  /** A verified address; null if the provider tells none. */
  address: string | null;
  /** The provider's groups; empty after a sign-in by mail. */
  groups: string[];
}

/** The id of a person of staff.yaml, which Temporal may know. */
export function staffId(idOf: (name: string) => string, address: string): string {
  return idOf(`staff:${address}`);
}

/** A session of the staff pages. `id` is the hex SHA-256 of the cookie's value, which is never stored. */
export interface StaffSession extends StaffIdentity {
  id: string;
  /** Needed to sign out at the provider; null after a sign-in by mail. */
  idToken: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** A link that signs one person in once. `tokenHash` is the hex SHA-256 of the token. */
export interface SignInLink {
  tokenHash: string;
  address: string;
  createdAt: Date;
  expiresAt: Date;
}

const sessionSchema = new Schema(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    address: { type: String, default: null },
    groups: { type: [String], default: [] },
    idToken: { type: String, default: null },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'staff-sessions', versionKey: false },
);

const signInSchema = new Schema(
  {
    _id: { type: String, required: true },
    address: String,
    createdAt: Date,
    expiresAt: { type: Date, required: true },
  },
  { collection: 'staff-sign-ins', versionKey: false },
);

export type StaffRecords = ReturnType<typeof staffRecords>;

/** Sessions and sign-ins of staff. */
export function staffRecords(connection: Connection) {
  const sessions = connection.model('StaffSession', sessionSchema);
  const signIns = connection.model('StaffSignIn', signInSchema);
  return {
    /** Starts a session. Ids are random, so that an existing one is a fault. */
    async start({ id, ...rest }: StaffSession): Promise<void> {
      await sessions.collection.insertOne({ _id: id as never, ...rest });
    },

    async session(id: string): Promise<StaffSession | null> {
      const found = await sessions.findById(id).lean<{ _id: string } & Omit<StaffSession, 'id'>>();
      if (!found) return null;
      const { _id, ...rest } = found;
      return { id: _id, ...rest };
    },

    /** Ends a session now. */
    async end(id: string, at: Date): Promise<void> {
      await sessions.updateOne({ _id: id }, { $set: { expiresAt: at, idToken: null } });
    },

    async addLink({ tokenHash, ...rest }: SignInLink): Promise<void> {
      await signIns.collection.insertOne({ _id: tokenHash as never, ...rest });
    },

    async link(tokenHash: string): Promise<SignInLink | null> {
      const found = await signIns.findById(tokenHash).lean<{ _id: string } & Omit<SignInLink, 'tokenHash'>>();
      if (!found) return null;
      const { _id, ...rest } = found;
      return { tokenHash: _id, ...rest };
    },

    /**
     * Marks a link or a state of the provider as used. Returns false if it was used before: only one of several at once
     * succeeds, because the mark is a record of its own.
     */
    use: (id: string, expiresAt: Date): Promise<boolean> =>
      insertOnce(() => signIns.collection.insertOne({ _id: `used:${id}` as never, expiresAt })),
  };
}
