// A gateway and the issuer whose tokens it takes, shared by the tests of one `describe`.

import { after } from "node:test";
import type { InProcessGateway } from "./in_process_gateway.ts";
import { startOAuthGateway } from "./oauth_gateway.ts";
import { PlayedIssuer } from "./played_issuer.ts";
import type { TokenWish } from "./played_issuer.ts";

/** Both. */
export interface OAuthStage {
  readonly issuer: PlayedIssuer;
  readonly gateway: InProcessGateway;
  /** A token for a path of the gateway; for all of it where that is empty. */
  token(path: string, wish?: TokenWish): Promise<string>;
}

/** Call it in a `describe`. `auth` are further members of `proxy.auth`; with the issuer where they depend on it. */
export function oauthStage(
  mcpServers: Readonly<Record<string, unknown>>,
  auth:
    | Readonly<Record<string, unknown>>
    | ((issuer: string) => Readonly<Record<string, unknown>>) = {},
): () => Promise<OAuthStage> {
  let made: Promise<OAuthStage> | undefined;
  after(async () => {
    const stage = await made;
    await stage?.gateway[Symbol.asyncDispose]();
    await stage?.issuer[Symbol.asyncDispose]();
  });
  return () => made ??= begin(mcpServers, auth);
}

async function begin(
  mcpServers: Readonly<Record<string, unknown>>,
  auth: Parameters<typeof oauthStage>[1],
): Promise<OAuthStage> {
  const issuer = await PlayedIssuer.start();
  const more = typeof auth === "function" ? auth(issuer.issuer) : auth;
  const gateway = await startOAuthGateway(mcpServers, {
    issuer: issuer.issuer,
    ...more,
  });
  return {
    issuer,
    gateway,
    token: (path, wish) => issuer.token(`${gateway.url}${path}`, wish),
  };
}
