// The urls of an issuer that are named in the file instead of being discovered.

import { isLoopback } from "../../routing/loopback.ts";
import { readHttpUrl } from "../http_url.ts";
import type { Report } from "../report.ts";
import type { Text } from "../text.ts";

/** An https url, or one of an issuer on this machine that has http itself; undefined where it is not sound or not there. */
export function readEndpoint(
  text: Text | undefined,
  issuer: string | undefined,
  report: Report,
): URL | undefined {
  const url = text && readHttpUrl(text, report);
  if (text === undefined || url === undefined) return undefined;
  const refuse = (message: string, hint: string) =>
    report.error(text.path, message + text.source, { hint });
  if (url.hash !== "") {
    refuse("found a fragment in the url", "leave it out");
    return undefined;
  }
  if (url.protocol === "https:") return url;
  const isOfIssuer = issuer === undefined ||
    new URL(issuer).origin === url.origin;
  if (isOfIssuer && isLoopback(url.hostname)) return url;
  refuse(
    "found http://, wanted https://",
    "only an issuer on this machine may have http, under its own host and port",
  );
  return undefined;
}
