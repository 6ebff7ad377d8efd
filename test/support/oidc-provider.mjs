/**
 * An OpenID provider (oidc-provider) in a process of its own. It signs in whoever the last message names, without asking.
 *
 * node test/support/oidc-provider.mjs BASE_URL_OF_THE_LINE
 *
 * Prints its issuer on the first line. Messages: {account, fault?}; `fault` changes the next ID tokens and signs them
 * with the provider's own key.
 */
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, decodeJwt, SignJWT } from 'jose';
import Provider, { interactionPolicy } from 'oidc-provider';

const [line] = process.argv.slice(2);
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const { privateKey: foreignKey } = await generateKeyPair('RS256', { extractable: true });
const kid = 'k1';

let account = { id: 'nobody', claims: {} };
let fault = null;
process.on('message', message => {
  account = message.account;
  fault = message.fault ?? null;
  process.send('set');
});

const server = createServer();
await new Promise(done => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' }] },
  clients: [
    {
      client_id: 'line',
      client_secret: 'secret-of-the-line',
      redirect_uris: [`${line}/desk/sign-in/callback`],
      post_logout_redirect_uris: [`${line}/desk/signed-out`],
    },
  ],
  // Address and groups come in the ID token, as most town providers send them.
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  pkce: { required: () => true },
  cookies: { keys: ['of this test'] },
  features: { devInteractions: { enabled: false } },
  interactions: { policy: interactionPolicy.base(), url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...account.claims }) }),
  loadExistingGrant: async ctx => {
    const grant = new provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

/** Returns an ID token with one thing wrong. */
function spoiled(idToken) {
  const claims = decodeJwt(idToken);
  const changes = {
    audience: { aud: 'somebody-else' },
    expired: { iat: claims.iat - 7_200, exp: claims.iat - 3_600 },
    issuer: { iss: 'https://elsewhere.example' },
    nonce: { nonce: 'of another sign-in' },
    key: {},
  };
  return new SignJWT({ ...claims, ...changes[fault] })
    .setProtectedHeader({ alg: 'RS256', kid })
    .sign(fault === 'key' ? foreignKey : privateKey);
}

provider.use(async (ctx, next) => {
  if (ctx.path.startsWith('/interaction/')) {
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: account.id } });
    ctx.respond = false;
    return;
  }
  await next();
  if (fault !== null && ctx.oidc?.route === 'token' && ctx.body?.id_token) {
    ctx.body = { ...ctx.body, id_token: await spoiled(ctx.body.id_token) };
  }
});

server.on('request', provider.callback());
console.log(issuer);
