// One session of the scripted server: records every message byte for byte and does what the messages tell it.

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import process from "node:process";

/** Up to this size a recorded message is reported whole; above it by length and hash only. */
const WHOLE_BYTES = 1024 * 1024;

/**
 * What it does with a message:
 * - `initialize`: answers with the revision asked for;
 * - a request `script/run`: does `params.steps` in order, and says nothing else;
 * - a request `silent/…`: never answers;
 * - any other request: answers with what it received (`{base64, length, sha256}`);
 * - notifications and answers: records them.
 *
 * Steps: `{say, on}` says the text as it is; `{big: [before, count, after], on}` says it with `count`
 * times the letter x in the middle; `{wait: {method} | {id}}` waits until such a message has come;
 * `{report: true}` answers the script with all that was recorded.
 * `on` is the id of the request whose stream is meant, null for the standalone one; the script's own
 * when absent. Transports with one stream ignore it.
 */
export class Conversation {
  #say;
  #heard = [];
  #waiting = new Set();

  /** @param say writes a text for the client: `say(text, on)`, a promise of its being written */
  constructor(say) {
    this.#say = say;
  }

  hear(bytes) {
    const message = JSON.parse(bytes.toString());
    this.#heard.push({ bytes, message });
    for (const look of this.#waiting) look();
    const { id, method } = message;
    if (id === undefined || method === undefined) return;
    if (method.startsWith("silent/")) return;
    this.#respond(message, bytes).catch((error) => {
      console.error(error);
      process.exit(70);
    });
  }

  async #respond({ id, method, params }, bytes) {
    if (method === "initialize") return await this.#answer(id, hello(params));
    if (method !== "script/run") {
      return await this.#answer(id, recorded(bytes));
    }
    for (const step of params.steps) await this.#do(step, id);
  }

  async #do(step, id) {
    const on = step.on === undefined ? id : step.on;
    if (step.say !== undefined) return await this.#say(step.say, on);
    if (step.big) {
      const [before, count, after] = step.big;
      return await this.#say(before + "x".repeat(count) + after, on);
    }
    if (step.wait) return await this.#until(step.wait);
    const heard = this.#heard.map(({ bytes }) => recorded(bytes));
    await this.#answer(id, { heard, pid: process.pid });
  }

  #answer(id, result) {
    return this.#say(JSON.stringify({ jsonrpc: "2.0", id, result }), id);
  }

  async #until(wanted) {
    const came = () =>
      this.#heard.some(({ message }) =>
        wanted.method === undefined
          ? message.method === undefined && message.id === wanted.id
          : message.method === wanted.method
      );
    if (came()) return;
    await new Promise((resolve) => {
      const look = () => {
        if (!came()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }
}

function hello({ protocolVersion }) {
  const serverInfo = { name: "scripted", version: "1.0.0" };
  const capabilities = {
    tools: {},
    prompts: {},
    resources: { subscribe: true },
    logging: {},
    completions: {},
  };
  return { protocolVersion, capabilities, serverInfo };
}

function recorded(bytes) {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const whole = bytes.length <= WHOLE_BYTES;
  const base64 = whole ? Buffer.from(bytes).toString("base64") : undefined;
  return { base64, length: bytes.length, sha256 };
}
