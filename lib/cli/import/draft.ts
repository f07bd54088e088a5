// A server on its way from the file of a client into ours: our keys, with texts that are not yet ours.

import type { Template } from "./template.ts";

/** Texts by name. */
export type Templates = Readonly<Record<string, Template>>;

/** One entry of `mcpServers`; it has a `command` or a `url`. */
export interface ServerDraft {
  readonly command?: Template;
  readonly args?: readonly Template[];
  readonly env?: Templates;
  readonly inheritEnv?: readonly string[];
  readonly cwd?: Template;
  readonly url?: Template;
  readonly transport?: "sse" | "streamable-http";
  readonly headers?: Templates;
  readonly timeouts?: { readonly open?: string; readonly request?: string };
  readonly toolFilter?: {
    readonly mode: "allow" | "deny";
    readonly tools: readonly string[];
  };
}

/** A server that was found. */
export interface FoundServer {
  /** As the client calls it. */
  readonly name: string;
  /** The client and its file, for people. */
  readonly origin: string;
  readonly draft: ServerDraft;
  /** What the client does with it and the gateway will not, in words. */
  readonly losses: readonly string[];
}

/** A server that is not taken over, or a file whose servers are not known. */
export interface Omission {
  /** Absent for a whole file. */
  readonly name?: string;
  readonly origin: string;
  /** In words, without a value of the entry. */
  readonly reason: string;
}

/** Every text of a server, with the keys that lead to it. */
export function textsOf(
  { command, args = [], env = {}, cwd, url, headers = {} }: ServerDraft,
): [path: readonly (string | number)[], text: Template][] {
  const single = Object.entries({ command, cwd, url }).flatMap(
    ([key, text]) => text === undefined ? [] : [[[key], text] as const],
  );
  const listed = args.map((text, index) => [["args", index], text] as const);
  const named = Object.entries({ env, headers }).flatMap(([key, texts]) =>
    Object.entries(texts).map(([name, text]) => [[key, name], text] as const)
  );
  return [...single, ...listed, ...named].map((
    [path, text],
  ) => [[...path], text]);
}
