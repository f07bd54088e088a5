// Which transport a url server speaks, said in our words or in those of other tools.

import type { RemoteTransport } from "../transports/backend/remote_options.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";
import type { Text } from "./text.ts";

/** What `transport` may be. */
export const TRANSPORTS: ReadonlyMap<string, RemoteTransport> = new Map([
  ["auto", "auto"],
  ["sse", "sse"],
  ["streamable-http", "streamable-http"],
]);

/** The words other tools have for `type`; absent for those that are no remote transport. */
export const PASTED_TYPES: ReadonlyMap<string, RemoteTransport | undefined> =
  new Map([
    ["http", "streamable-http"],
    ["sse", "sse"],
    ["stdio", undefined],
    ["streamable-http", "streamable-http"],
    ["streamableHttp", "streamable-http"],
    ["streamable_http", "streamable-http"],
  ]);

/** The transport of the url server at `path`; `auto` where it says nothing. */
export function readTransport(
  draft: ServerDraft,
  path: Path,
  report: Report,
): RemoteTransport {
  const own = readOwn(draft.transport, report);
  const pasted = readPastedType(draft.type, report);
  if (draft.transport !== undefined && draft.type !== undefined) {
    report.error(
      [...path, "type"],
      '"type" means the same as "transport"; one of them is wanted',
      { at: "key" },
    );
  }
  const said = own ?? pasted;
  if (draft.httpUrl === undefined) return said ?? "auto";
  if (said !== undefined && said !== "streamable-http") {
    report.error(
      [...path, "httpUrl"],
      `"httpUrl" means Streamable HTTP, and the transport is "${said}"`,
      { at: "key", hint: 'write "url"' },
    );
  }
  return "streamable-http";
}

function readOwn(
  text: Text | undefined,
  report: Report,
): RemoteTransport | undefined {
  if (text?.value === undefined) return undefined;
  const transport = TRANSPORTS.get(text.value);
  if (transport !== undefined) return transport;
  const meant = PASTED_TYPES.get(text.value);
  report.error(
    text.path,
    `found ${report.quote(text)}, wanted "auto", "sse" or "streamable-http"`,
    { hint: meant === undefined ? undefined : `write "${meant}"` },
  );
  return undefined;
}

function readPastedType(
  text: Text | undefined,
  report: Report,
): RemoteTransport | undefined {
  if (text?.value === undefined) return undefined;
  if (text.value === "stdio") {
    report.error(
      text.path,
      'found "stdio", wanted "sse" or "streamable-http": the server has a url',
    );
  } else if (!PASTED_TYPES.has(text.value)) {
    report.error(
      text.path,
      `found ${report.quote(text)}, wanted "stdio", "sse" or "streamable-http"`,
    );
  }
  return PASTED_TYPES.get(text.value);
}
