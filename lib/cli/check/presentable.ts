// Texts that came from outside, made fit to be shown: without secrets, in one piece, of bounded length.

import type { Config } from "../../../mod.ts";
import { escapeInvisible } from "../../telemetry/loggable.ts";

/** The longest line that is shown, in characters. */
export const MAX_LINE_CHARS = 500;

/** Shorter values turn up in texts by chance, and hide nothing: they are not looked for. */
const MIN_SECRET_CHARS = 8;

const MARK = "[secret]";

/** Makes one line fit to be shown. */
export type Presentable = (line: string) => string;

/**
 * Hides the values of tokens, of headers and of url queries, which a server may quote
 * in its errors, escapes what could steer a terminal, and cuts what is too long.
 */
export function presentable(config: Config): Presentable {
  // The longest first: a word of a header must not leave the rest of the header behind.
  const secrets = secretsOf(config).toSorted((a, b) => b.length - a.length);
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

/** Each value, and each word of it, as in `Bearer <token>`. */
function secretsOf({ tokens, servers }: Config): string[] {
  const values = [...tokens.values()].map((token) => token.reveal());
  for (const { backend } of servers) {
    if (backend.kind !== "remote") continue;
    const { headers, url } = backend.remote;
    values.push(...[...headers.values()].map((value) => value.reveal()));
    values.push(url.search, ...url.searchParams.values());
  }
  const words = values.flatMap((value) => [value, ...value.split(/\s+/)]);
  return [...new Set(words)].filter(({ length }) => length >= MIN_SECRET_CHARS);
}
