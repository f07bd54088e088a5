// What can go wrong with a backend over HTTP, in words fit for a client: they name the server and never quote it.

import { NotModern } from "../../channel/not_modern.ts";
import { SessionLost } from "../../channel/session_lost.ts";
import { GatewayError } from "../../errors.ts";
import type { RequestId } from "../../protocol/messages.ts";

/** The url does not speak the transport that was tried. */
export class WrongTransport extends GatewayError {}

/** The backend knows the session no more; `refused` is the request that it said so to, unread. */
export function sessionLost(name: string, refused?: RequestId): SessionLost {
  return new SessionLost(
    `Server "${name}" has ended its session`,
    { hint: "Try again: the next request begins another one" },
    refused,
  );
}

/** `backend_unavailable`: no HTTP answer came. */
export function unreachable(
  name: string,
  host: string,
  error: unknown,
): GatewayError {
  // The runtimes' texts quote the url, which may hold a secret: only what they mean is kept.
  const reason = reasonOf(error);
  return new GatewayError(
    "backend_unavailable",
    `Server "${name}" cannot be reached at ${host}: ${reason}`,
    { fields: { server: name, host, reason } },
  );
}

/** `backend_unavailable`: the connection broke in the middle of an answer. */
export function brokenOff(name: string, error: unknown): GatewayError {
  const reason = reasonOf(error);
  return new GatewayError(
    "backend_unavailable",
    `The connection to server "${name}" broke: ${reason}`,
    { fields: { server: name, reason } },
  );
}

/** `backend_refused_credentials`: HTTP 401 or 403. */
export function refusedCredentials(name: string, status: number): GatewayError {
  return new GatewayError(
    "backend_refused_credentials",
    `Server "${name}" refused the gateway's own credentials for it (HTTP ${status})`,
    { hint: `Whoever runs the gateway can correct this server's "headers"` },
  );
}

/** `backend_unavailable`: a redirect or an endpoint on another origin would hand the credentials over to it. */
export function otherOrigin(
  name: string,
  what: "redirects" | "sends its messages",
  target: URL,
): GatewayError {
  return new GatewayError(
    "backend_unavailable",
    `Server "${name}" ${what} to another origin, ${target.origin}, which would be given the gateway's credentials: refused`,
    { hint: `If that is where the server lives, set its "url" to it` },
  );
}

/** `backend_unavailable`: redirects that lead nowhere, or that would turn a POST into a GET. */
export function badRedirect(name: string, status: number): GatewayError {
  return new GatewayError(
    "backend_unavailable",
    `Server "${name}" answered with a redirect that cannot be followed (HTTP ${status})`,
    { hint: `Set its "url" to the address it redirects to` },
  );
}

/** `backend_unavailable`: a configured header whose value HTTP does not allow. */
export function unsendableHeader(name: string, header: string): GatewayError {
  return new GatewayError(
    "backend_unavailable",
    `Header "${header}" configured for server "${name}" cannot be sent: its value holds characters that HTTP does not allow`,
  );
}

/** An HTTP status that is not success, without a message in it. */
export function badStatus(name: string, status: number): GatewayError {
  return new GatewayError(
    status >= 500 ? "backend_unavailable" : "backend_protocol",
    `Server "${name}" answered HTTP ${status}`,
  );
}

/** `backend_protocol`: a status that a server of the modern era does not give without an answer in it. */
export function notModern(name: string, status: number): NotModern {
  return new NotModern(
    `Server "${name}" refused a request of the revisions without sessions (HTTP ${status})`,
  );
}

/** `backend_protocol`: an HTML page and the like. */
export function badMedia(name: string, media: string): GatewayError {
  return new GatewayError(
    "backend_protocol",
    `Server "${name}" answered with ${media} instead of MCP`,
    { hint: `Check its "url"` },
  );
}

/** `backend_protocol`: one message was larger than `maxBytes`. */
export function tooLarge(name: string, maxBytes: number): GatewayError {
  return new GatewayError(
    "backend_protocol",
    `Server "${name}" sent a message over ${maxBytes} bytes`,
    { fields: { limit: "serverMessage" } },
  );
}

/** `backend_protocol`: the conversation or stream went wrong as `what` says. */
export function badAnswer(name: string, what: string): GatewayError {
  return new GatewayError("backend_protocol", `Server "${name}" ${what}`);
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/refused/i, "the connection was refused"],
  [/ENOTFOUND|EAI_AGAIN|dns|getaddrinfo/i, "its name cannot be resolved"],
  [/ETIMEDOUT|timed? ?out/i, "the connection timed out"],
  [/EHOSTUNREACH|ENETUNREACH|unreachable/i, "no route leads there"],
  [/ALTNAME|valid for name/i, "its TLS certificate is for another name"],
  [/cert|self.signed|issuer/i, "its TLS certificate is not trusted"],
  [/EPROTO|tls|ssl|corrupt message/i, "the TLS handshake failed"],
  [/reset|closed|body|EPIPE/i, "the connection was closed"],
];

function reasonOf(error: unknown): string {
  const { code, message, cause } = (error ?? {}) as Partial<
    { code: unknown; message: unknown; cause: { message?: unknown } }
  >;
  const text = withoutUrls(`${code} ${message} ${cause?.message}`);
  return REASONS.find(([pattern]) => pattern.test(text))?.[1] ??
    "the connection failed";
}

/** A host name could look like a reason. */
function withoutUrls(text: string): string {
  return text.replace(/https?:\/\/[^\s)]+/g, "");
}
