// A server with a url: where it is, which transport it speaks, and what is sent along to it.

import type { RemoteOptions } from "../transports/backend/remote_options.ts";
import { readHeaders } from "./header_fields.ts";
import { readHttpUrl } from "./http_url.ts";
import { readNamedFile } from "./named_file.ts";
import type { Path } from "./path.ts";
import { certificatesIn } from "./pem.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";
import type { ServerContext } from "./server_context.ts";
import type { Text } from "./text.ts";
import { readTransport } from "./transport.ts";

/** The keys that name a url: ours first, then those of other tools. */
export const URL_KEYS = ["url", "serverUrl", "httpUrl"] as const;

const CHILD_ONLY = ["args", "cwd", "inheritEnv"] as const;

/** How to reach the server at `path`; undefined where its url is not sound. */
export function readRemoteServer(
  draft: ServerDraft,
  path: Path,
  context: ServerContext,
): RemoteOptions | undefined {
  const { report } = context;
  tellChildKeys(draft, path, report);
  const urls = URL_KEYS.flatMap((key) => {
    const text = draft[key];
    return text === undefined ? [] : [{ key, text }];
  });
  for (const { key } of urls.slice(1)) {
    report.error(
      [...path, key],
      `"${key}" means the same as "${urls[0].key}"; one of them is wanted`,
      { at: "key" },
    );
  }
  const [url] = urls.map(({ text }) => readHttpUrl(text, report));
  const transport = readTransport(draft, path, report);
  const headers = readHeaders(draft, path, report);
  const ca = readAuthorities(draft.ca, context);
  if (url?.protocol === "http:" && draft.ca !== undefined) {
    report.warn(
      draft.ca.path,
      '"ca" has no effect on a server whose url begins with http://',
      { hint: "begin it with https://, or leave ca out" },
    );
  }
  return url && { url, transport, headers, ...(ca && { ca }) };
}

function readAuthorities(
  text: Text | undefined,
  context: ServerContext,
): string | undefined {
  return text && readNamedFile(text, certificatesIn, context)?.found.pem;
}

function tellChildKeys(
  draft: ServerDraft,
  path: Path,
  report: Report,
): void {
  for (const key of CHILD_ONLY) {
    if (draft[key] === undefined) continue;
    report.error([...path, key], `"${key}" is for servers with a command`, {
      at: "key",
      hint: "leave it out: a server with a url is started elsewhere",
    });
  }
  if (draft.env === undefined) return;
  report.warn(
    [...path, "env"],
    '"env" has no effect on a server with a url: it runs elsewhere',
    { at: "key", hint: "set the variables where the server is started" },
  );
}
