// Why a server could not be used, from what the client threw.

import type { ClientLibrary } from "../../../deps.ts";
import type { ServerConfig } from "../../../mod.ts";
import { MAX_LAST_WORDS } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { hintFor } from "./hint_for.ts";
import { EndlessList, MAX_PAGES } from "./list_all.ts";
import type { Presentable } from "./presentable.ts";
import type { Failure } from "./server_report.ts";

/** What is known besides about a failure. */
export interface Circumstances {
  readonly library: ClientLibrary;
  readonly server: ServerConfig;
  /** What the server was asked last. */
  readonly method: string;
  /** The time for all of it; its signal has fired where it ran out. */
  readonly limit: { readonly ms: number; readonly signal: AbortSignal };
  readonly findings: Findings;
  readonly presentable: Presentable;
}

/** What was told, before it is made fit to be shown. */
interface Told {
  readonly fault: string;
  readonly message: string;
  readonly hint?: string;
}

/** The reason of a failure, for the operator. */
export function failureOf(
  error: unknown,
  circumstances: Circumstances,
): Failure {
  const { server, findings, presentable } = circumstances;
  const told = toldBy(error, circumstances);
  const [message = "", ...more] = withoutHint(told).split("\n");
  const words = more.length > 0 ? more : findings.lastWordsOf(server.name);
  const straysOnStdout = findings.straysOnStdout(server.name);
  const hint = hintFor({ ...told, message, straysOnStdout }, server);
  return {
    fault: presentable(told.fault),
    message: presentable(message.replace(/\. It last said:$/, "")),
    lastWords: words.slice(-MAX_LAST_WORDS).map(presentable),
    hint: hint && presentable(uncapitalized(hint)),
  };
}

function toldBy(
  error: unknown,
  { library, server: { name }, method, limit }: Circumstances,
): Told {
  const failed = (fault: string, what: string) => ({
    fault,
    message: `Server "${name}" ${what}`,
  });
  if (limit.signal.aborted || isTimeout(error, library)) {
    const seconds = limit.ms / 1_000;
    return failed("backend_timeout", `did not get ready within ${seconds} s`);
  }
  if (error instanceof library.SdkHttpError) {
    const { status, text } = error.data;
    return refusal(text) ?? failed("internal", `answers HTTP ${status}`);
  }
  if (error instanceof library.ProtocolError) {
    const { code, message } = error;
    return byGateway(message, error.data) ??
      failed("backend_error", `answered ${method} with ${code}: ${message}`);
  }
  if (error instanceof EndlessList) {
    const what = `gives no end to ${method}: more than ${MAX_PAGES} pages`;
    return failed("backend_protocol", what);
  }
  const text = error instanceof Error ? error.message : String(error);
  const why = oneLine(text).replace(`Invalid result for ${method}: `, "");
  const what = `answered ${method} with what clients refuse: ${why}`;
  return failed("backend_protocol", what);
}

/** The library has a clock of its own, set to the same time. */
function isTimeout(error: unknown, library: ClientLibrary): boolean {
  return error instanceof library.SdkError &&
    error.code === library.SdkErrorCode.RequestTimeout;
}

/** An HTTP error of the gateway: a JSON-RPC error, or the plain form. */
function refusal(body: unknown): Told | undefined {
  const answer = parsed(body);
  const { error, error_description: description } = answer ?? {};
  if (typeof error === "string") {
    return { fault: error, message: String(description) };
  }
  const { message, data } = (error ?? {}) as Record<string, unknown>;
  return byGateway(String(message), data);
}

function byGateway(message: string, data: unknown): Told | undefined {
  const { fault, hint } = (data ?? {}) as Record<string, unknown>;
  if (typeof fault !== "string") return undefined;
  return { fault, message, hint: typeof hint === "string" ? hint : undefined };
}

/** The gateway's message for a person ends with its hint; here each is shown for itself. */
function withoutHint({ message, hint }: Told): string {
  const end = [`. ${hint}`, `\n${hint}`].find((one) => message.endsWith(one));
  return end === undefined ? message : message.slice(0, -end.length);
}

/** The gateway's hints are sentences of a message; here they follow a colon. */
function uncapitalized(hint: string): string {
  return hint.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

/** The library's texts can be whole JSON documents. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

function parsed(body: unknown): Record<string, unknown> | undefined {
  try {
    return JSON.parse(String(body)) ?? undefined;
  } catch {
    // No JSON: the status says enough.
    return undefined;
  }
}
