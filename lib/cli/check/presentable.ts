// Texts that came from outside, made fit to be shown: without secrets, in one piece, of bounded length.

import { platform } from "node:os";
import type { Config, RemoteOptions, StdioOptions } from "../../../mod.ts";
import { childEnvironment } from "../../config/child_environment.ts";
import type { Variables } from "../../config/child_environment.ts";
import { TokenTable } from "../../config/token_table.ts";
import { escapeInvisible } from "../../telemetry/loggable.ts";

/** The longest line that is shown, in characters. */
export const MAX_LINE_CHARS = 500;

/** Shorter values turn up in texts by chance, and hide nothing: they are not looked for. */
const MIN_SECRET_CHARS = 8;

const MARK = "[secret]";

/** Makes one line fit to be shown. */
export type Presentable = (line: string) => string;

/**
 * Hides the values of tokens, of headers, of url queries and of variables that a server
 * is given besides the ordinary ones, which it may quote in its errors; escapes what
 * could steer a terminal, and cuts what is too long. `environment` is the gateway's own.
 */
export function presentable(
  config: Config,
  environment: Variables,
): Presentable {
  // The longest first: a word of a header must not leave the rest of the header behind.
  const secrets = secretsOf(config, environment)
    .toSorted((a, b) => b.length - a.length);
  return (line) => {
    const hidden = secrets.reduce(
      (text, secret) => text.replaceAll(secret, MARK),
      line,
    );
    const text = escapeInvisible(hidden.trim());
    return text.length <= MAX_LINE_CHARS
      ? text
      : `${text.slice(0, MAX_LINE_CHARS - 1)}…`;
  };
}

/** Each value, each word of it, as in `Bearer <token>`, and the password of a url. */
function secretsOf(
  { tokens, servers }: Config,
  environment: Variables,
): string[] {
  const ordinary = ordinaryVariables(environment);
  const values = [...tokens.values()].flatMap(({ value }) =>
    value === undefined ? [] : [value.reveal()]
  );
  for (const { backend } of servers) {
    values.push(
      ...backend.kind === "remote"
        ? remoteValues(backend.remote)
        : ownVariables(backend.stdio, ordinary),
    );
  }
  const words = values.flatMap((value) => [
    value,
    ...value.split(/\s+/),
    ...passwordsOf(value),
  ]);
  return [...new Set(words)].filter(({ length }) => length >= MIN_SECRET_CHARS);
}

function remoteValues({ headers, url }: RemoteOptions): string[] {
  return [
    ...[...headers.values()].map((value) => value.reveal()),
    url.search,
    ...url.searchParams.values(),
    ...passwordsOf(url.href),
  ];
}

/** What every child gets of the gateway's environment, and what holds no secret. */
function ordinaryVariables(environment: Variables): Variables {
  return childEnvironment({
    environment,
    platform: platform(),
    env: new Map(),
    inheritEnv: [],
    tokens: new TokenTable([]),
  });
}

/** The values that the configuration gives this server, by `env` or `inheritEnv`. */
function ownVariables({ env }: StdioOptions, ordinary: Variables): string[] {
  return Object.entries(env)
    .filter(([name, value]) => value !== ordinary[name])
    .map(([, value]) => value);
}

/** The password of a url, as it stands there and as it is sent. */
function passwordsOf(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A `%` that encodes nothing: it is sent as it stands there.
    return [password];
  }
}
