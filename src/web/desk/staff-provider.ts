import type * as Oidc from 'openid-client';
import { createHash, randomBytes } from 'node:crypto';
import { mailAddress } from '../../config/schemas/fields';
import { AppError } from '../../errors';
import type { StaffIdentity } from '../../store/staff-records';

/** The town's OpenID provider. */
export interface StaffProvider {
  /** Its origin, to which the sign-out form may lead. */
  origin: string;
  /**
   * Starts a sign-in: the address of the provider, and the secret that the browser keeps until it comes back. Rejects
   * with `sign-in-unavailable`.
   */
  start(): Promise<{ url: string; secret: string }>;
  /**
   * Exchanges the code of the callback's query for the person. `state` identifies the sign-in, so that it is finished
   * once. Rejects with `sign-in-refused` if the answer or the ID token is not valid for this sign-in and this client.
   */
  finish(
    secret: string,
    search: string,
  ): Promise<{ identity: StaffIdentity; idToken: string; state: string }>;
  /** Returns the address that signs out at the provider as well; null if it has none. */
  endUrl(idToken: string): Promise<string | null>;
}

export interface ProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  groupsClaim: string;
  publicBaseUrl: string;
}

const SCOPE = 'openid email profile';
const TIMEOUT_SECONDS = 10;
const SECRET_BYTES = 32;

/**
 * State, nonce and PKCE verifier all follow from the secret in the browser's cookie, so that nothing is stored before
 * somebody has signed in.
 */
function derived(secret: string) {
  const of = (purpose: string): string =>
    createHash('sha256').update(`${purpose}\0${secret}`).digest('base64url');
  return { state: of('state'), nonce: of('nonce'), verifier: of('verifier') };
}

function refused(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  // Codes of the library are closed words; what the provider wrote stays out.
  return new AppError('sign-in-refused', { status: 400, reason: code.replace(/\W/g, '').slice(0, 60) });
}

/** Signs in by the code flow with PKCE, state and nonce. The signature of the ID token is always verified. */
export function createStaffProvider(settings: ProviderSettings): StaffProvider {
  const { issuer, clientId, clientSecret, groupsClaim, publicBaseUrl } = settings;
  const callback = `${publicBaseUrl}/desk/sign-in/callback`;
  let found: Promise<{ oidc: typeof Oidc; config: Oidc.Configuration }> | undefined;

  async function discover(): Promise<{ oidc: typeof Oidc; config: Oidc.Configuration }> {
    // An ES module, which only `import()` loads on every supported Node.
    const oidc = await import('openid-client');
    const config = await oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: TIMEOUT_SECONDS,
      execute: [
        oidc.enableNonRepudiationChecks,
        ...(issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []),
      ],
    });
    return { oidc, config };
  }

  function provider(): Promise<{ oidc: typeof Oidc; config: Oidc.Configuration }> {
    found ??= discover().catch((cause: unknown) => {
      found = undefined;
      throw new AppError('sign-in-unavailable', { status: 503, cause });
    });
    return found;
  }

  return {
    origin: new URL(issuer).origin,

    async start() {
      const { oidc, config } = await provider();
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const { state, nonce, verifier } = derived(secret);
      const url = oidc.buildAuthorizationUrl(config, {
        ...{ redirect_uri: callback, scope: SCOPE, state, nonce },
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, secret };
    },

    async finish(secret, search) {
      const { oidc, config } = await provider();
      const { state, nonce, verifier } = derived(secret);
      try {
        const tokens = await oidc.authorizationCodeGrant(config, new URL(callback + search), {
          ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (!claims || tokens.id_token === undefined) throw new Error('no ID token');
        // Providers may tell address and groups in either of them.
        const more = config.serverMetadata().userinfo_endpoint
          ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
          : {};
        const identity = identityOf({ ...more, ...claims }, groupsClaim);
        return { identity, idToken: tokens.id_token, state };
      } catch (error) {
        throw refused(error);
      }
    },

    async endUrl(idToken) {
      const { oidc, config } = await provider();
      if (!config.serverMetadata().end_session_endpoint) return null;
      const url = oidc.buildEndSessionUrl(config, {
        id_token_hint: idToken,
        post_logout_redirect_uri: `${publicBaseUrl}/desk/signed-out`,
      });
      return url.href;
    },
  };
}

const LONGEST_NAME = 100;

/** Returns the person of the claims. An address that the provider has not verified could be anybody's. */
function identityOf(claims: Readonly<Record<string, unknown>>, groupsClaim: string): StaffIdentity {
  const { sub, name, email, email_verified: isVerified } = claims;
  const address = isVerified === true ? mailAddress.safeParse(email) : null;
  const groups = claims[groupsClaim];
  return {
    name: (typeof name === 'string' && name.trim() !== '' ? name.trim() : String(sub)).slice(0, LONGEST_NAME),
    address: address?.success ? address.data : null,
    groups: Array.isArray(groups) ? groups.filter(group => typeof group === 'string') : [],
  };
}
