// An entry that leads to the gateway itself would make it a client of its own.

import { isLoopback } from "../../routing/loopback.ts";
import type { ServerDraft } from "./draft.ts";
import { LeftOut } from "./left_out.ts";
import { literalOf } from "./template.ts";

/** Where the gateway listens by the configuration that is written. */
export const OWN_PORT = 8080;

/** What `mcp-front connect` calls all servers together. */
const OWN_NAME = "mcp-front";

const OWN_PROGRAM = /(?:^|[/\\])mcp-front(?:\.exe)?$/i;
const OWN_PATH = /\/(?:mcp|sse)\/?$/;

/** Throws `LeftOut` for a server by our name, one at our address, and our own program unless it is the sample database. */
export function refuseSelf(name: string, draft: ServerDraft): void {
  const { command, args = [], url } = draft;
  const words = [url, ...args].map((text) => literalOf(text ?? []) ?? "");
  const isProgram = OWN_PROGRAM.test(literalOf(command ?? []) ?? "") &&
    words[1] !== "demo";
  if (name !== OWN_NAME && !isProgram && !words.some(isOwnUrl)) return;
  throw new LeftOut("it leads to mcp-front itself");
}

function isOwnUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port, pathname } = new URL(text);
  return protocol === "http:" && Number(port) === OWN_PORT &&
    isLoopback(hostname.replace(/^\[|\]$/g, "")) && OWN_PATH.test(pathname);
}
