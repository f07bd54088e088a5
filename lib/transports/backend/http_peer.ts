// HTTP requests to one backend: with the gateway's own headers, and never led away to another origin.

import { trustIn } from "../../runtime/trust.ts";
import type { Trust } from "../../runtime/trust.ts";
import type { Secret } from "../../secret.ts";
import { HttpAnswer } from "./http_answer.ts";
import {
  badRedirect,
  otherOrigin,
  refusedCredentials,
  unreachable,
  unsendableHeader,
} from "./http_failures.ts";
import { keptConnections } from "./kept_connections.ts";
import type { RemoteOptions } from "./remote_options.ts";

const MAX_REDIRECTS = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** The redirects that keep method and body (RFC 9110 § 15.4). */
const KEEPING_METHOD: readonly number[] = [307, 308];

/** Nothing is gained by compressing what is passed on at once, and a stream must not wait for a full block. */
const OWN = { "accept-encoding": "identity" };

/** One request to a backend. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  /** The transport's headers; they win over the configured ones. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** The HTTP side of one backend. */
export class HttpPeer {
  readonly name: string;
  readonly #headers: ReadonlyMap<string, Secret>;
  readonly #trust: Trust;
  #sendable?: Readonly<Record<string, string>>;

  constructor(
    name: string,
    { headers, ca }: Pick<RemoteOptions, "headers" | "ca">,
  ) {
    this.name = name;
    this.#headers = headers;
    this.#trust = trustIn(ca);
  }

  /**
   * Sends a request once; redirects within its origin are followed. Any status
   * but a redirect, 401 and 403 is returned. Throws `backend_unavailable` and
   * `backend_refused_credentials`, or what the runtime throws once `signal` fired.
   */
  async request(request: HttpRequest): Promise<HttpAnswer> {
    let { url } = request;
    for (let redirects = 0;; redirects++) {
      const answer = await this.#fetch(request, url);
      const { status } = answer;
      if (status === 401 || status === 403) {
        await answer.discard();
        throw refusedCredentials(this.name, status);
      }
      if (!REDIRECTS.includes(status)) return answer;
      await answer.discard();
      if (redirects === MAX_REDIRECTS) throw badRedirect(this.name, status);
      url = this.#follow(request, answer);
    }
  }

  async #fetch(request: HttpRequest, url: URL): Promise<HttpAnswer> {
    const { method, body, signal } = request;
    const headers = { ...this.#configured(), ...request.headers, ...OWN };
    const kept = keptConnections(url.origin);
    const turn = kept.begin();
    const init = {
      ...this.#trust,
      method,
      body: body as Uint8Array<ArrayBuffer> | undefined,
      signal,
      headers,
      redirect: "manual" as const,
      // Bun would otherwise end an answer that was silent for five minutes; Deno knows no such option.
      timeout: false,
      // Bun: whether a connection may be used again. Deno does not know it either.
      keepalive: turn.keepAlive,
    };
    try {
      const response = await fetch(url, init);
      kept.said(response.headers.get("keep-alive") ?? undefined);
      return new HttpAnswer(response, { url, signal, onEnd: turn.end });
    } catch (error) {
      turn.end();
      if (signal.aborted) throw error;
      throw unreachable(this.name, url.host, error);
    }
  }

  /** The configured headers, once they are known to be sendable. */
  #configured(): Readonly<Record<string, string>> {
    if (this.#sendable) return this.#sendable;
    const all = new Headers();
    for (const [name, value] of this.#headers) {
      this.#setSecret(all, name, value);
    }
    this.#sendable = Object.fromEntries(all);
    return this.#sendable;
  }

  #setSecret(headers: Headers, name: string, value: Secret): void {
    try {
      headers.set(name, value.reveal());
    } catch {
      // The runtime's own text quotes the value.
      throw unsendableHeader(this.name, name);
    }
  }

  #follow({ method }: HttpRequest, answer: HttpAnswer): URL {
    const { status, url: from } = answer;
    const location = answer.header("location");
    const allowed = method === "GET" || KEEPING_METHOD.includes(status);
    if (location === undefined || !allowed || !URL.canParse(location, from)) {
      throw badRedirect(this.name, status);
    }
    const target = new URL(location, from);
    if (target.origin === from.origin) return target;
    throw otherOrigin(this.name, "redirects", target);
  }
}
