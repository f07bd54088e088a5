// A backend's HTTP answer: its body is read within bounds, or let go of.

import { GatewayError } from "../../errors.ts";
import { MEDIA } from "../../protocol/headers.ts";
import { gathered, ownBytes } from "../concat.ts";
import type { Share } from "./intake.ts";

/** Up to this size a body is read at once, in the account of its session from the start; a larger one as it comes. */
const MAX_WHOLE_BYTES = 512 * 1024;
/** What is read of a body nobody wants, so that its connection can be used again. */
const MAX_DISCARDED_BYTES = 64 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Of which request an answer is. */
export interface AnswerOrigin {
  /** What gave the answer, after redirects. */
  readonly url: URL;
  /** That of the request: the body ends when it fires. */
  readonly signal: AbortSignal;
  /** Called when the body was read to its end, or let go of. */
  onEnd(): void;
}

/** One HTTP answer. Its body has one consumer, who reads it or lets go of it. */
export class HttpAnswer {
  readonly #response: Response;
  readonly #origin: AnswerOrigin;

  constructor(response: Response, origin: AnswerOrigin) {
    this.#response = response;
    this.#origin = origin;
  }

  /** What gave the answer, after redirects. */
  get url(): URL {
    return this.#origin.url;
  }

  get status(): number {
    return this.#response.status;
  }

  /** Whether the status is 2xx. */
  get ok(): boolean {
    return this.#response.ok;
  }

  /** The media type without parameters, in lower case; `no content` when there is none. */
  get media(): string {
    const [type] = (this.header("content-type") ?? "").split(";");
    return type?.trim().toLowerCase() || "no content";
  }

  /** Whether it is an event stream. */
  get isStream(): boolean {
    return this.ok && this.media === MEDIA.events;
  }

  header(name: string): string | undefined {
    return this.#response.headers.get(name) ?? undefined;
  }

  /**
   * The body as it comes; ending the loop early lets go of the connection. Throws
   * the reason of the signal once that fired, and whatever the runtime throws when
   * the connection breaks.
   */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { signal, onEnd } = this.#origin;
    const reader = this.#response.body?.getReader();
    if (!reader) return onEnd();
    // Deno's own abort no longer reaches a body whose response was garbage-collected.
    const letGo = () => void cancel(reader);
    signal.addEventListener("abort", letGo);
    try {
      for (let next = await reader.read(); !next.done;) {
        yield next.value;
        next = await reader.read();
      }
      signal.throwIfAborted();
    } finally {
      signal.removeEventListener("abort", letGo);
      onEnd();
      await cancel(reader);
    }
  }

  /**
   * The whole body, without a byte order mark; `share` says when to go on. Throws
   * `message_too_large` beyond `limit` bytes, or as `chunks()`.
   */
  async read(limit: number, share?: Share): Promise<Uint8Array> {
    const announced = this.#length;
    const most = Math.min(limit, MAX_WHOLE_BYTES);
    if (announced <= most && share?.takeWhole(announced) !== false) {
      return withoutMark(await this.#whole());
    }
    return withoutMark(await this.#inParts(limit, share));
  }

  /** Lets go of a body that nobody reads. Never throws. */
  async discard(): Promise<void> {
    try {
      if (!this.isStream) return void await this.read(MAX_DISCARDED_BYTES);
      this.#origin.onEnd();
      const { body } = this.#response;
      if (body) await cancel(body.getReader());
    } catch {
      // Too large, or broken: reading has let go of the connection.
    }
  }

  /** What the body will have, in bytes; without end where that was not said, or is not what counts (RFC 9112 § 6.3). */
  get #length(): number {
    const length = this.header("content-length");
    const isCoded = this.header("content-encoding") !== undefined ||
      this.header("transfer-encoding") !== undefined;
    return length === undefined || isCoded ? Infinity : Number(length);
  }

  async #whole(): Promise<Uint8Array> {
    try {
      return await this.#response.bytes();
    } finally {
      this.#origin.onEnd();
    }
  }

  async #inParts(limit: number, share?: Share): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    const chunks = this.chunks();
    for await (const chunk of share?.through(chunks) ?? chunks) {
      parts.push(ownBytes(chunk));
      length += chunk.length;
      if (length > limit) {
        throw new GatewayError(
          "message_too_large",
          `The body is larger than ${limit} bytes`,
        );
      }
    }
    return gathered(parts, length);
  }
}

function withoutMark(body: Uint8Array): Uint8Array {
  const marked = BYTE_ORDER_MARK.every((byte, at) => body[at] === byte);
  return marked ? body.subarray(BYTE_ORDER_MARK.length) : body;
}

async function cancel(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<void> {
  try {
    await reader.cancel();
  } catch {
    // It broke already.
  }
}
