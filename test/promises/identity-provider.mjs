// A real provider of OpenID Connect as a process: node identity-provider.mjs PORT REDIRECT_URI
import { Provider } from 'oidc-provider';

const [port, redirectUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

/** Whoever signs in as "NAME" has the subject "sub-NAME"; what follows "@" is said to be the user name. */
const findAccount = (_context, id) => ({
  accountId: id,
  claims: () => ({ sub: id, preferred_username: id.split('@')[1] ?? '' }),
});

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'chancery',
      client_secret: 'secret of the client',
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  claims: { profile: ['preferred_username'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['a key for tests'] },
  features: { devInteractions: { enabled: true } },
  findAccount,
  pkce: { required: () => true },
});
provider.listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
