// What a server of the modern era says of itself, as the answer to `initialize`.

import type { Envelope } from "../../channel/envelope.ts";
import { META } from "../../protocol/meta.ts";
import { objectIn } from "../legacy_backend_for_modern/bridged_request.ts";
import { withoutTasks } from "../legacy_backend_for_modern/introduction.ts";
import type { LegacyClient } from "./client.ts";

type Members = Readonly<Record<string, unknown>>;

/** What a session goes by. */
export interface Introduction {
  readonly capabilities: Members;
  /** The result of `initialize` (2025-11-25 `schema` § InitializeResult). */
  readonly result: Members;
}

/** Reads a successful answer to `server/discover` of server `name`. */
export function introductionIn(
  answer: Envelope,
  name: string,
  { revision: protocolVersion }: LegacyClient,
): Introduction {
  const result = objectIn(answer.message().result);
  const capabilities = plain(objectIn(result.capabilities));
  const said = objectIn(objectIn(result._meta)[META.serverInfo]);
  const isNamed = typeof said.name === "string";
  const serverInfo = isNamed ? { version: "", ...said } : { name, version: "" };
  const { instructions } = result;
  return {
    capabilities,
    result: {
      protocolVersion,
      capabilities,
      serverInfo,
      ...(typeof instructions === "string" && { instructions }),
    },
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function plain(capabilities: Members): Members {
  const json = encoder.encode(JSON.stringify(capabilities));
  return JSON.parse(decoder.decode(withoutTasks(json)));
}
