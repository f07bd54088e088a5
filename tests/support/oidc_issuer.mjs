// A real OpenID provider: whoever asks is alice, who consents to everything; keys change when that is asked for.

import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const SCOPES = ["openid", "offline_access", "db:use", "mcp:read", "mcp:write"];

/** How long access tokens are good, in seconds. */
const TOKEN_SECONDS = 300;

async function newKey(kid) {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...await exportJWK(privateKey), kid, alg: "RS256", use: "sig" };
}

/** What is known of clients, grants and tokens outlives a change of keys. */
const stored = new Map();

class Store {
  constructor(model) {
    this.model = model;
  }

  upsert(id, payload) {
    stored.set(`${this.model} ${id}`, payload);
    if (payload.uid) stored.set(`uid ${payload.uid}`, payload);
  }

  find(id) {
    return stored.get(`${this.model} ${id}`);
  }

  findByUid(uid) {
    return stored.get(`uid ${uid}`);
  }

  consume(id) {
    this.find(id).consumed = Math.floor(Date.now() / 1_000);
  }

  destroy(id) {
    stored.delete(`${this.model} ${id}`);
  }

  revokeByGrantId(grantId) {
    for (const [key, payload] of stored) {
      if (payload.grantId === grantId) stored.delete(key);
    }
  }
}

function configured(key) {
  return {
    adapter: Store,
    jwks: { keys: [key] },
    scopes: SCOPES,
    cookies: { keys: ["not a secret in a test"] },
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId }),
    }),
    issueRefreshToken: (_, client) => client.grantTypeAllowed("refresh_token"),
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => ({
          scope: SCOPES.slice(2).join(" "),
          audience: resource,
          accessTokenTTL: TOKEN_SECONDS,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  };
}

/** Logs alice in, then grants all that was asked for. */
async function interact(provider, request, response) {
  const details = await provider.interactionDetails(request, response);
  const { prompt: { name }, params, session } = details;
  if (name === "login") {
    const login = { accountId: "alice" };
    return await provider.interactionFinished(request, response, { login });
  }
  const grant = new provider.Grant({
    accountId: session.accountId,
    clientId: params.client_id,
  });
  grant.addOIDCScope(SCOPES.join(" "));
  if (params.resource) {
    grant.addResourceScope(params.resource, params.scope ?? "");
  }
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { consent }, {
    mergeWithLastSubmission: true,
  });
}

/** SDK clients register for the scopes that they ask for first, which here binds them to nothing. */
async function register(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { scope: _, ...client } = JSON.parse(chunks.join(""));
  request.body = client;
  await answer(request, response);
}

let issuer = "";
let provider;
let answer;
let keys = 0;

async function useNewKey() {
  const key = await newKey(`key-${++keys}`);
  provider = new Provider(issuer, configured(key));
  answer = provider.callback();
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, issuer);
  try {
    if (pathname === "/test/new-key") {
      await useNewKey();
      return response.end();
    }
    if (pathname === "/reg" && request.method === "POST") {
      return await register(request, response);
    }
    if (pathname.startsWith("/interaction/")) {
      return await interact(provider, request, response);
    }
    await answer(request, response);
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
    response.end();
  }
});

server.listen(0, "127.0.0.1", async () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  await useNewKey();
  console.log(`issuer ${issuer}`);
});
