// A real authorization server over HTTP, at which whoever comes is logged in at once.

import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

/** What its tokens say. */
export interface AuthorizationServerOptions {
  /** The scopes that may be asked for. */
  readonly scopes: readonly string[];
  /** How long tokens are valid, in seconds. */
  readonly lifetimeS?: number;
}

/** A running server. */
export interface AuthorizationServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly issuer: string;
}

const HOUR_S = 3_600;

/** Starts a server; clients register themselves. */
export async function startAuthorizationServer(
  { scopes, lifetimeS = 300 }: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ format: "jwk" });
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...key, alg: "ES256", use: "sig", kid: "one" }] },
    ttl: {
      AccessToken: lifetimeS,
      Grant: HOUR_S,
      IdToken: HOUR_S,
      Interaction: HOUR_S,
      RefreshToken: HOUR_S,
      Session: HOUR_S,
    },
    cookies: { keys: ["a key of a test"] },
    scopes: [...scopes, "openid", "offline_access"],
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    enabledJWA: { idTokenSigningAlgValues: ["ES256"] },
    interactions: {
      url: (_: unknown, { uid }: { uid: string }) => `/in/${uid}`,
    },
    findAccount: (_: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId }),
    }),
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_: unknown, resource: string) => ({
          scope: scopes.join(" "),
          audience: resource,
          accessTokenTTL: lifetimeS,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
  });
  const answer = provider.callback();
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith("/in/")) {
      void logIn(provider, request, response);
    } else void answer(request, response);
  });
  return {
    issuer,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Says yes to everything that is asked. */
async function logIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session, grantId } = await provider
    .interactionDetails(request, response);
  if (prompt.name === "login") {
    await provider.interactionFinished(request, response, {
      login: { accountId: "alice" },
    });
    return;
  }
  const { details } = prompt;
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({
      accountId: session.accountId,
      clientId: params.client_id,
    });
  grant.addOIDCScope((details.missingOIDCScope ?? []).join(" "));
  for (
    const [resource, list] of Object.entries(
      details.missingResourceScopes ?? {},
    )
  ) {
    grant.addResourceScope(resource, (list as string[]).join(" "));
  }
  await provider.interactionFinished(request, response, {
    consent: { grantId: await grant.save() },
  }, { mergeWithLastSubmission: true });
}
