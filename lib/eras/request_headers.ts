// Whether the HTTP headers of a modern request say what its body says, and whether that is complete.

import type { Envelope } from "../channel/envelope.ts";
import { GatewayError } from "../errors.ts";
import type { GatewayErrorOptions } from "../errors.ts";
import { decodedFieldValue } from "../protocol/field_value.ts";
import { HEADERS } from "../protocol/headers.ts";
import { META } from "../protocol/meta.ts";
import {
  isServedModernRevision,
  servedRevisions,
} from "../protocol/versions.ts";

/** Which parameter the header `Mcp-Name` repeats (2026-07-28 `basic/transports/streamable-http` § Standard Request Headers; tasks extension § Streamable HTTP). */
const NAMING: ReadonlyMap<string, string> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["tasks/get", "taskId"],
  ["tasks/update", "taskId"],
  ["tasks/cancel", "taskId"],
]);

/** A longer revision is cut where it is told back. */
const SHOWN_CHARS = 100;

/**
 * Checks a request before anyone sees it. Throws `invalid_params` (-32602), `header_mismatch`
 * (-32020) or `unknown_revision` (-32022). The values of `Mcp-Param-*` are for whoever knows the tool.
 */
export function checkModernRequest(headers: Headers, request: Envelope): void {
  const { params } = request.message();
  const meta = params?._meta;
  if (!isObject(meta)) throw incomplete("params._meta is no object");
  const revision = meta[META.protocolVersion];
  if (typeof revision !== "string") {
    throw incomplete(`params._meta has no text in ${META.protocolVersion}`);
  }
  checkRevision(headers.get(HEADERS.protocolVersion), revision);
  if (!isObject(meta[META.clientCapabilities])) {
    throw incomplete(
      `params._meta has no object in ${META.clientCapabilities}`,
    );
  }
  const method = request.head.method as string;
  checkEqual("Mcp-Method", headers.get(HEADERS.method), method, "method");
  const member = NAMING.get(method);
  if (member === undefined) return;
  checkName(headers.get(HEADERS.name), params?.[member], `params.${member}`);
}

/** Of a notification only the revision is checked, where it says one: no rules for its headers exist. Throws like `checkModernRequest`. */
export function checkModernNotification(
  headers: Headers,
  notification: Envelope,
): void {
  const header = headers.get(HEADERS.protocolVersion);
  const meta = notification.message().params?._meta;
  const said = isObject(meta) ? meta[META.protocolVersion] : undefined;
  const revision = typeof said === "string" ? said : header;
  if (revision !== null) checkRevision(header ?? revision, revision);
}

function checkRevision(header: string | null, revision: string): void {
  const member = `params._meta["${META.protocolVersion}"]`;
  checkEqual("MCP-Protocol-Version", header, revision, member);
  if (isServedModernRevision(revision)) return;
  const supported = servedRevisions();
  throw new GatewayError(
    "unknown_revision",
    "The revision of the request is not one of " + supported.join(", "),
    { data: { supported, requested: revision.slice(0, SHOWN_CHARS) } },
  );
}

/** What is no name in the body is for the server to refuse; a header may not name something then. */
function checkName(
  header: string | null,
  named: unknown,
  member: string,
): void {
  const isNamed = typeof named === "string";
  if (!isNamed && header === null) return;
  const value = header === null ? null : decodedFieldValue(header);
  if (value === undefined) {
    throw mismatch("The header Mcp-Name has characters that no value has", {
      hint: "Send what is not plain ASCII as =?base64?…?=",
    });
  }
  checkEqual("Mcp-Name", value, isNamed ? named : undefined, member);
}

/** Values may hold what is nobody's business: none is repeated. */
function checkEqual(
  name: string,
  header: string | null,
  value: string | undefined,
  member: string,
): void {
  if (header === null) {
    throw mismatch(`The header ${name} is missing`, {
      hint: `Send in it what ${member} says`,
    });
  }
  if (header === value) return;
  throw mismatch(`The header ${name} does not say what ${member} says`);
}

function mismatch(
  message: string,
  options?: GatewayErrorOptions,
): GatewayError {
  return new GatewayError("header_mismatch", message, options);
}

function incomplete(what: string): GatewayError {
  return new GatewayError(
    "invalid_params",
    `The request does not describe itself: ${what}`,
    {
      hint: "Each request of 2026-07-28 and later says in _meta which " +
        "revision it is in and what its client can do",
    },
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
