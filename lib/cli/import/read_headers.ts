// The headers that a client sends to a server, in the words of each.

import { isOwnField } from "../../config/header_fields.ts";
import type { Members } from "./client_file.ts";
import type { Templates } from "./draft.ts";
import { LeftOut } from "./left_out.ts";
import { readTexts } from "./read_texts.ts";
import { literalSyntax } from "./syntaxes.ts";
import type { Syntax } from "./syntaxes.ts";

/** The headers, and those that the gateway sets by itself. */
export function readHeaders(
  entry: Members,
  syntax: Syntax,
): { headers: Templates; losses: string[] } {
  const all = {
    ...readTexts(entry.headers, "headers", syntax),
    ...readTexts(entry.http_headers, "http_headers", syntax),
    ...variables(entry.env_http_headers),
    ...bearer(entry.bearer_token_env_var),
  };
  const own = Object.keys(all).filter(isOwnField);
  const kept = Object.entries(all).filter(([name]) => !own.includes(name));
  return {
    headers: Object.fromEntries(kept),
    losses: own.map((name) =>
      `the header ${JSON.stringify(name)}: the gateway sets it itself`
    ),
  };
}

/** Codex: header names with the variables that hold their values. */
function variables(value: unknown): Templates {
  const names = readTexts(value, "env_http_headers", literalSyntax);
  return Object.fromEntries(
    Object.entries(names).map(([header, [name]]) => [
      header,
      [{ kind: "variable", name: String(name) }],
    ]),
  );
}

/** Codex: the variable that holds a bearer token. */
function bearer(name: unknown): Templates {
  if (name === undefined) return {};
  if (typeof name !== "string" || name === "") {
    throw new LeftOut('"bearer_token_env_var" is no name of a variable');
  }
  return { Authorization: ["Bearer ", { kind: "variable", name }] };
}
