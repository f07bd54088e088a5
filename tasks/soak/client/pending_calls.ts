// What a client waits for in one session, and the judge of everything it hears: each answer once, and only its own.

import { identityOf } from "./calls.ts";
import type { Findings } from "../findings.ts";

/** What became of a request. */
export type Outcome =
  | { readonly kind: "result"; readonly result: unknown }
  | {
    readonly kind: "error";
    readonly code: number;
    readonly message: string;
    readonly fault?: string;
  }
  | { readonly kind: "refused"; readonly status: number; readonly text: string }
  /** The client left, or took its request back. */
  | { readonly kind: "left" };

/** A JSON-RPC message, as far as a client looks at it. */
export interface Heard {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data?: { readonly fault?: string };
  };
}

/** The requests of one session. */
export class PendingCalls {
  /** The name of the session. */
  readonly client: string;
  readonly #findings: Findings;
  readonly #reply: (message: object) => void;
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();
  /** What may not be answered again. */
  readonly #settled = new Set<string>();
  /** What may still be answered once, or not at all. */
  readonly #takenBack = new Set<string>();
  /** The nonce that belongs to a progress token, and how far it came. */
  readonly #progress = new Map<string, { nonce: string; at: number }>();

  /** @param reply sends the answer to a request of the server */
  constructor(
    client: string,
    findings: Findings,
    reply: (message: object) => void,
  ) {
    this.client = client;
    this.#findings = findings;
    this.#reply = reply;
  }

  /** Waits for the answer to request `id`. */
  enter(id: string | number): Promise<Outcome> {
    return new Promise((settle) => {
      this.#waiting.set(keyOf(id), settle);
    });
  }

  /** Whether request `id` still waits. */
  waits(id: string | number): boolean {
    return this.#waiting.has(keyOf(id));
  }

  /** What waits. */
  ids(): (string | number)[] {
    return [...this.#waiting.keys()].map((key) => JSON.parse(key));
  }

  /** Ends the wait for an answer. */
  settle(id: string | number, outcome: Outcome): void {
    const key = keyOf(id);
    this.#waiting.get(key)?.(outcome);
    this.#waiting.delete(key);
    if (outcome.kind === "left") this.#takenBack.add(key);
    else this.#settled.add(key);
  }

  /** Ends every wait. */
  settleAll(outcome: Outcome): void {
    for (const id of this.ids()) this.settle(id, outcome);
  }

  /** Notes that progress of this token is for the call with this nonce. */
  expectProgress(token: string, nonce: string): void {
    this.#progress.set(token, { nonce, at: 0 });
  }

  /** Takes what the gateway said. */
  take(message: Heard): void {
    const { id, method } = message;
    if (method === undefined) this.#answered(message);
    else if (id === undefined || id === null) this.#noted(message);
    else this.#asked(message);
  }

  #answered({ id, result, error }: Heard): void {
    if (id === undefined || id === null) {
      this.#fail("wrong answer", `an answer without an id: ${error?.message}`);
      return;
    }
    const key = keyOf(id);
    if (this.#waiting.has(key)) {
      return this.settle(id, outcomeOf(result, error));
    }
    if (this.#takenBack.delete(key)) {
      this.#settled.add(key);
      return;
    }
    if (this.#settled.has(key)) {
      this.#fail("duplicated answer", `a second answer to request ${key}`);
    } else this.#fail("wrong answer", `an answer to ${key}, never asked`);
  }

  #asked({ id, method, params }: Heard): void {
    const { client, nonce } = (params?.metadata ?? {}) as Record<
      string,
      string
    >;
    if (method !== "sampling/createMessage" || client !== this.client) {
      this.#fail("wrong answer", `the question ${method} meant for ${client}`);
    }
    this.#findings.count("questions answered");
    const text = identityOf(this.client, nonce ?? "");
    const content = { type: "text", text };
    const result = { role: "assistant", content, model: "soak" };
    this.#reply({ jsonrpc: "2.0", id, result });
  }

  #noted({ method, params }: Heard): void {
    this.#findings.count("notifications heard");
    if (method === "notifications/progress") return this.#progressed(params);
    if (method !== "notifications/message") return;
    const { client } = (params?.data ?? {}) as { client?: string };
    if (client === this.client) return;
    this.#fail("wrong answer", `a log message meant for ${client}`);
  }

  #progressed(params: Heard["params"]): void {
    const { progressToken, progress, message } = params ?? {};
    const known = this.#progress.get(String(progressToken));
    if (known?.nonce === message && known && Number(progress) > known.at) {
      known.at = Number(progress);
      return;
    }
    this.#fail(
      "wrong answer",
      `progress ${progress} of "${message}" at the token ${progressToken}, whose own is ${known?.at} of "${known?.nonce}"`,
    );
  }

  #fail(kind: "wrong answer" | "duplicated answer", text: string): void {
    this.#findings.fail(kind, `${this.client} got ${text}`);
  }
}

function outcomeOf(result: unknown, error: Heard["error"]): Outcome {
  if (!error) return { kind: "result", result };
  const { code, message, data } = error;
  return { kind: "error", code, message, fault: data?.fault };
}

function keyOf(id: string | number): string {
  return JSON.stringify(id);
}
