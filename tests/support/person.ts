// A person with a client that knows OAuth: the official one, and a browser in which whatever is asked is agreed to.

import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  OAuthTokens,
} from "@modelcontextprotocol/client";
import { follow } from "./browser.ts";

const REDIRECT = "http://127.0.0.1/callback";

/** What a person's client keeps, in memory. */
export class Person implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT;
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: "person",
    redirect_uris: [REDIRECT],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    application_type: "native",
  };
  /** Where the browser was sent, each time. */
  readonly logins: URL[] = [];
  #client?: OAuthClientInformationMixed;
  #tokens?: OAuthTokens;
  #verifier = "";
  #found?: OAuthDiscoveryState;
  #back?: URL;

  /** Connects to a server, and logs in where that is asked for. */
  async connect(url: string): Promise<Client> {
    const attempt = async () => {
      const client = new Client({ name: "person", version: "1" });
      const transport = new StreamableHTTPClientTransport(new URL(url), {
        authProvider: this,
      });
      await client.connect(transport);
      return client;
    };
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
    }
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      authProvider: this,
    });
    await transport.finishAuth(
      this.#back?.searchParams ?? new URLSearchParams(),
    );
    return await attempt();
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.#client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.#client = client;
  }

  tokens(): OAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.#tokens = tokens;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    this.logins.push(url);
    this.#back = await follow(url, REDIRECT);
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveDiscoveryState(found: OAuthDiscoveryState): void {
    this.#found = found;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#found;
  }
}
