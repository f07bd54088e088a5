// What a client brings back when it retries a request: sealed, and good for that request only.

import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Principal } from "../../principal.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import { digestOf } from "./digest.ts";

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** More cannot be one of ours. */
const MAX_CHARS = 512;

/** Parameters in which a retry differs. */
const OF_ONE_ROUND: ReadonlySet<string> = new Set([
  "_meta",
  "inputResponses",
  "requestState",
]);

/** What a state belongs to; on anything else it cannot be opened. */
export interface Binding {
  readonly owner: Principal;
  /** The name in `mcpServers`. */
  readonly server: string;
  readonly request: BridgedRequest;
}

/** What is in a state. */
export interface State {
  readonly ticket: string;
  /** As `Date.now()` has it. */
  readonly expiresAt: number;
}

/**
 * Seals and opens `requestState` (2026-07-28 `basic/patterns/mrtr` § Server Requirements 4–5): AES-256-GCM
 * with a key that this process alone has. Whom it belongs to is authenticated with it: the
 * credential, the server, the method and a digest of the parameters. That it is used once is for who has the tickets.
 */
export class RequestStates {
  readonly #key = randomBytes(KEY_BYTES);

  /** The text for the client. */
  seal({ ticket, expiresAt }: State, binding: Binding): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce);
    cipher.setAAD(digestOfBinding(binding));
    const sealed = cipher.update(JSON.stringify([ticket, expiresAt]), "utf8");
    const parts = [nonce, sealed, cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(parts).toString("base64url");
  }

  /** What is in a text; nothing where it was not sealed here for this. */
  open(text: string, binding: Binding): State | undefined {
    if (text.length > MAX_CHARS) return undefined;
    const bytes = Buffer.from(text, "base64url");
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const sealed = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonce);
    decipher.setAAD(digestOfBinding(binding));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const opened = decipher.update(sealed, undefined, "utf8") +
        decipher.final("utf8");
      const [ticket, expiresAt] = JSON.parse(opened);
      return { ticket, expiresAt };
    } catch {
      return undefined; // Forged, or of another request, server or owner.
    }
  }
}

/** The same for a request and its retry, and for nothing else. */
function digestOfBinding({ owner, server, request }: Binding): Buffer {
  const { id, generation } = owner;
  const { method, params } = request;
  const salient = Object.fromEntries(
    Object.entries(params).filter(([name]) => !OF_ONE_ROUND.has(name)),
  );
  return digestOf([id, generation, server, method, salient]);
}
