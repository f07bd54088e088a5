// An authorization server as far as resource servers see it, over real HTTP: metadata, keys, introspection.

import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey, JWK, JWTHeaderParameters, JWTPayload } from "jose";
import { answerJson, bodyOf, serveHttp } from "./http_server.ts";
import type { Handler, TestServer } from "./http_server.ts";

/** A key pair of the issuer. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly secret: CryptoKey;
  readonly published: JWK;
}

/** A new key pair. */
export async function signingKey(
  kid: string,
  alg = "ES256",
): Promise<SigningKey> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const published = { ...jwk, kid, alg, use: "sig" };
  return { kid, alg, secret: pair.privateKey, published };
}

/** What is wanted of a token besides what every good one has. */
export interface TokenWish {
  readonly claims?: JWTPayload;
  readonly header?: Partial<JWTHeaderParameters>;
  /** By which it is signed; the newest of the issuer where absent. */
  readonly key?: SigningKey;
}

/** A running issuer. */
export class PlayedIssuer implements AsyncDisposable {
  readonly #server: TestServer;
  /** What is answered in place of what a good issuer does, by path. */
  readonly instead = new Map<string, Handler>();
  /** The paths asked for, in order. */
  readonly asked: string[] = [];
  /** What introspection says of tokens; of others that they are not active. */
  readonly opaque = new Map<string, JWTPayload>();
  /** How introspection was asked. */
  readonly authorizations: string[] = [];
  keys: readonly SigningKey[];

  private constructor(server: TestServer, key: SigningKey) {
    this.#server = server;
    this.keys = [key];
  }

  /** Starts one with one key. */
  static async start(): Promise<PlayedIssuer> {
    const key = await signingKey("first");
    let issuer: PlayedIssuer | undefined = undefined;
    const server = await serveHttp((request, response) =>
      (issuer as PlayedIssuer | undefined)?.answer(request, response)
    );
    return issuer = new PlayedIssuer(server, key);
  }

  /** `http://127.0.0.1:PORT`. */
  get issuer(): string {
    return this.#server.origin;
  }

  /** How often a path was asked for. */
  times(path: string): number {
    return this.asked.filter((one) => one === path).length;
  }

  /** A token that is good for `audience`, but for what is wished. */
  async token(audience: string, wish: TokenWish = {}): Promise<string> {
    const key = wish.key ?? this.keys.at(-1) as SigningKey;
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: this.issuer,
      sub: "alice",
      client_id: "cli",
      aud: audience,
      iat: now,
      exp: now + 300,
      ...wish.claims,
    };
    const header = { alg: key.alg, kid: key.kid, typ: "at+jwt" };
    return await new SignJWT(claims)
      .setProtectedHeader({ ...header, ...wish.header })
      .sign(key.secret);
  }

  /** Answers like a good issuer, unless something else is wanted. */
  async answer(...[request, response]: Parameters<Handler>): Promise<void> {
    const path = request.url ?? "";
    this.asked.push(path);
    const instead = this.instead.get(path);
    if (instead) return await instead(request, response);
    switch (path) {
      case "/.well-known/oauth-authorization-server":
        return answerJson(response, 200, this.metadata);
      case "/jwks":
        return answerJson(response, 200, {
          keys: this.keys.map(({ published }) => published),
        });
      case "/introspect": {
        this.authorizations.push(request.headers.authorization ?? "");
        const form = new URLSearchParams(await bodyOf(request));
        const found = this.opaque.get(form.get("token") ?? "");
        return answerJson(
          response,
          200,
          found ? { active: true, ...found } : { active: false },
        );
      }
    }
    answerJson(response, 404, {});
  }

  /** What it says of itself. */
  get metadata(): Record<string, unknown> {
    const { issuer } = this;
    return {
      issuer,
      jwks_uri: `${issuer}/jwks`,
      introspection_endpoint: `${issuer}/introspect`,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}
