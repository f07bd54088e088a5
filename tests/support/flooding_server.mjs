// An MCP server over stdio that says far more than anyone reads. Its answers are `{method, params}`, but for:
// - `x/flood` with a progress token: progress on it, without end and without an answer; without one: an answer, then
//   notifications `x/flood` without end. Each has `params.bytes` bytes of text (64 KiB when absent). What was taken of
//   all it said is told on stderr after every MiB: "said 12 MiB".
// - `x/large`: an answer of `params.bytes` bytes of text, different for each id;
// - `x/deaf`: no answer, and it reads nothing more.

import { createInterface } from "node:readline";
import process from "node:process";

const MIB = 1024 * 1024;
const FLOOD_BYTES = 64 * 1024;

let said = 0;
let told = 0;

/** Resolves when the system has taken it. */
function say(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n";
  return new Promise((resolve) =>
    process.stdout.write(text, () => {
      said += text.length;
      if (said - told >= MIB) {
        told = said;
        process.stderr.write(`said ${Math.floor(said / MIB)} MiB\n`);
      }
      resolve();
    })
  );
}

async function flood({ bytes = FLOOD_BYTES, items, _meta }) {
  const text = items === undefined
    ? "x".repeat(bytes)
    : Array.from({ length: items }, () => []);
  const progressToken = _meta?.progressToken;
  for (let progress = 1;; progress++) {
    await say(
      progressToken === undefined ? { method: "x/flood", params: { text } } : {
        method: "notifications/progress",
        params: { progressToken, progress, message: text },
      },
    );
  }
}

function textFor(id, bytes) {
  const line = `${id}: the quick brown fox jumps over the lazy dog. `;
  return line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes);
}

function resultOf({ id, method, params }) {
  if (method === "x/large") return textFor(id, params.bytes);
  if (method !== "initialize") return { method, params };
  const { protocolVersion } = params;
  const serverInfo = { name: "flooding", version: "1.0.0" };
  return { protocolVersion, capabilities: {}, serverInfo };
}

function goDeaf() {
  lines.removeAllListeners("line");
  process.stdin.pause();
  setInterval(() => {}, MIB);
}

const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const message = JSON.parse(line);
  const { id, method, params = {} } = message;
  if (id === undefined || method === undefined) return;
  if (method === "x/deaf") return goDeaf();
  const isProgress = params._meta?.progressToken !== undefined;
  if (method === "x/flood" && isProgress) return await flood(params);
  await say({ id, result: resultOf({ ...message, params }) });
  if (method === "x/flood") await flood(params);
});
