// Asks an authorization server something: bounded in time and size, without redirects, and never where it may not lead.

import { lookup } from "node:dns";
import { request as requestHttp } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import { isLoopback } from "../../routing/loopback.ts";
import { concat } from "../../transports/concat.ts";
import { isPublic } from "./public_address.ts";

/** How long a whole answer may take. */
export const ANSWER_LIMIT_MS = 5_000;

/** The largest answer, in bytes. */
export const MAX_ANSWER_BYTES = 256 * 1024;

/** What is asked. */
export interface Question {
  readonly url: URL;
  /** Whose address may be a private one: the operator has named it. Other hosts have to be on the public internet. */
  readonly trusted: Trusted;
  /** Absent: a GET. */
  readonly form?: URLSearchParams;
  /** The `Authorization` header. */
  readonly authorization?: string;
  /** Absent: `ANSWER_LIMIT_MS`. */
  readonly limitMs?: number;
}

/** The urls that stand in the configuration. */
export type Trusted = readonly URL[];

/** What was answered. */
export interface Answer {
  readonly status: number;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

/** Why nothing usable was answered. Its message holds nothing of an answer, and no address. */
export class IssuerFailure extends Error {
  override readonly name = "IssuerFailure";
}

/** Asks once. Throws `IssuerFailure`. */
export function ask(question: Question): Promise<Answer> {
  const { url, form, authorization, limitMs = ANSWER_LIMIT_MS } = question;
  checkUrl(question);
  const body = form?.toString();
  const options: RequestOptions = {
    method: body === undefined ? "GET" : "POST",
    agent: false,
    lookup: isNamed(question) ? undefined : publicOnly,
    headers: {
      accept: "application/json",
      "accept-encoding": "identity",
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(body.length),
      }),
    },
  };
  return new Promise((resolve, reject) => {
    const begin = url.protocol === "https:" ? requestHttps : requestHttp;
    const asked = begin(url, options, (answer) => {
      read(answer).then(resolve, failed).finally(() => {
        clearTimeout(timer);
        asked.destroy();
      });
    });
    const failed = (error: unknown) => {
      clearTimeout(timer);
      reject(asFailure(error));
    };
    const late = () => {
      failed(new IssuerFailure(`no whole answer came within ${limitMs} ms`));
      asked.destroy();
    };
    const timer = setTimeout(late, limitMs);
    asked.on("error", failed);
    asked.end(body);
  });
}

/** Where what is found in a document may lead: to https, or where the operator named a loopback address. */
function checkUrl(question: Question): void {
  const { url, trusted } = question;
  if (url.username !== "" || url.password !== "") {
    throw new IssuerFailure("the address holds credentials");
  }
  const isPlain = url.protocol === "http:" && isLoopback(url.hostname) &&
    trusted.some(({ origin }) => origin === url.origin);
  if (url.protocol !== "https:" && !isPlain) {
    throw new IssuerFailure("the address is not one of https");
  }
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (isNamed(question) || isIP(literal) === 0 || isPublic(literal)) return;
  throw new IssuerFailure("the address is not on the public internet");
}

/** Whether the operator has named the host. */
function isNamed({ url, trusted }: Question): boolean {
  return trusted.some(({ hostname }) => hostname === url.hostname);
}

/** Resolves a name for the connection itself, so that what was checked is what is connected to. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, "", 0);
    const [first] = found;
    if (
      first === undefined || !found.every(({ address }) => isPublic(address))
    ) {
      const message = "the address is not on the public internet";
      return callback(new IssuerFailure(message), "", 0);
    }
    if (options.all) return callback(null, found);
    callback(null, first.address, first.family);
  });
};

async function read(answer: IncomingMessage): Promise<Answer> {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    throw new IssuerFailure("it redirects, which is not followed");
  }
  const encoding = answer.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new IssuerFailure("the answer is compressed");
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) {
      throw new IssuerFailure(`it answers more than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return { status, json: parsed(concat(chunks, length)) };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // What it is instead is nobody's business.
    return undefined;
  }
}

function asFailure(error: unknown): IssuerFailure {
  if (error instanceof IssuerFailure) return error;
  const code = (error as { readonly code?: unknown } | null)?.code;
  const known = typeof code === "string" && /^[A-Z0-9_]{2,60}$/.test(code);
  return new IssuerFailure(
    known ? `it cannot be reached: ${code}` : "it cannot be reached",
  );
}
