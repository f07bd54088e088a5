// What an SDK client keeps for OAuth, of either generation, with a browser in which alice agrees to everything.

import assert from "node:assert/strict";

/** Nothing listens there: the browser stops before it. */
const REDIRECT = "http://127.0.0.1:1/callback";

/** More than a login and a consent need. */
const MAX_HOPS = 20;

/** What both generations hand over; only the names of their types differ. */
// deno-lint-ignore no-explicit-any
type Kept = any;

/** Whether refresh tokens are kept. A client of the first generation that has one never asks for more scopes. */
export type Refreshing = "refreshes" | "asks anew";

/** An `OAuthClientProvider` of both generations. */
export class Wallet {
  readonly redirectUrl = REDIRECT;
  /** The scopes of each request to the authorization endpoint. */
  readonly asked: (string | null)[] = [];
  /** Where the last browser came back with. */
  callback?: URLSearchParams;
  /** How often tokens were saved. */
  saved = 0;
  readonly #refreshing: Refreshing;
  #client: Kept;
  #tokens: Kept;
  #verifier = "";
  #discovered: Kept;

  constructor(refreshing: Refreshing = "refreshes") {
    this.#refreshing = refreshing;
  }

  get clientMetadata() {
    return {
      client_name: "test",
      redirect_uris: [REDIRECT],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  clientInformation(): Kept {
    return this.#client;
  }

  saveClientInformation(client: Kept): void {
    this.#client = client;
  }

  tokens(): Kept {
    return this.#tokens;
  }

  saveTokens(tokens: Kept): void {
    this.saved++;
    this.#tokens = tokens;
    if (this.#refreshing === "asks anew") {
      const { refresh_token: _, ...others } = tokens;
      this.#tokens = others;
    }
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveDiscoveryState(state: Kept): void {
    this.#discovered = state;
  }

  discoveryState(): Kept {
    return this.#discovered;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    this.asked.push(url.searchParams.get("scope"));
    this.callback = await browse(url);
  }

  /** What the last browser came back with; once. */
  takeCallback(): URLSearchParams {
    const { callback } = this;
    this.callback = undefined;
    assert.ok(callback, "no browser came back");
    assert.ok(callback.has("code"), `no code: ${callback}`);
    return callback;
  }
}

/** Follows redirects, with cookies, until one leads back to the client. */
async function browse(start: URL): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    if (url.href.startsWith(REDIRECT)) return url.searchParams;
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const answer = await fetch(url, {
      redirect: "manual",
      headers: { cookie },
    });
    const text = await answer.text();
    for (const one of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    assert.ok(location, `HTTP ${answer.status} at ${url.pathname}: ${text}`);
    url = new URL(location, url);
  }
  throw new Error("The browser goes round in circles");
}
