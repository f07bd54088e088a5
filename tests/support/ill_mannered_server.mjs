// An MCP server over stdio with one bad habit, named by its first argument. Otherwise it answers every
// request: `initialize` with the revision asked for, `x/environment` with its environment, others with `{pid, method, params}`.

import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const [habit] = process.argv.slice(2);
/** When the gateway begins to stream an answer. */
const STREAM_AFTER_MS = 5_000;
/** What it says of itself in `serverInfo`. */
const about = { name: habit, version: "1.0.0", pid: process.pid };

let refusals = 0;

const atStart = {
  "prints banners": () => {
    process.stdout.write("Welcome to the server!\n\n  (c) nobody\n");
    process.stdout.write('{"level":"info","text":"not a message"}\n');
    process.stdout.write("[1, 2\n42\nnull\n");
  },
  "dies at start": () => {
    const lines = Array.from({ length: 15 }, (_, at) => `line ${at + 1}`);
    process.stderr.write(`${lines.join("\n")}\ncannot open the database\n`);
    process.exit(3);
  },
  "ignores its end": () => {
    process.on("SIGTERM", () => {});
    setInterval(() => {}, 60_000);
  },
  "has descendants": () => {
    const stubborn = `process.on("SIGTERM", () => {});` +
      `process.stdout.write("!"); setInterval(() => {}, 60000)`;
    const child = spawn(process.execPath, ["-e", stubborn], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    about.descendant = child.pid;
    return new Promise((resolve) => child.stdout.once("data", resolve));
  },
  "floods stderr": () => {
    const line = `${"noise ".repeat(100)}\n`;
    for (let count = 0; count < 20_000; count++) process.stderr.write(line);
  },
};

const onRequest = {
  "dies in mid-call": ({ method }) => {
    if (method !== "x/die") return;
    process.stderr.write("out of memory\n");
    process.exit(9);
  },
  "has descendants": ({ method }) => {
    if (method === "x/die") process.kill(process.pid, "SIGKILL");
  },
  "stops reading": ({ method }) => {
    if (method === "initialize") return;
    lines.pause();
    process.stdin.pause();
    setInterval(() => {}, 60_000);
    return "silent";
  },
  "never answers initialize": () => "silent",
  "refuses initialize": ({ id }) => {
    const error = { code: -32602, message: "not today" };
    say({ jsonrpc: "2.0", id, error });
    return "silent";
  },
  "refuses initialize late": async ({ id }) => {
    await delay(STREAM_AFTER_MS + 200);
    say({ jsonrpc: "2.0", id, error: { code: -32602, message: "too late" } });
    return "silent";
  },
  "refuses initialize once": ({ id, method }) => {
    if (method !== "initialize" || refusals++ > 0) return;
    say({ jsonrpc: "2.0", id, error: { code: -32602, message: "not yet" } });
    return "silent";
  },
  "breaks its messages": ({ id, method }) => {
    if (method === "initialize") return;
    const said = process.env.SAID;
    const text = `first ${said}\n${said}\n${said}`;
    // Line breaks where JSON allows none: the message falls into three lines.
    process.stdout.write(`{"jsonrpc":"2.0","id":"${id}","result":"${text}"}\n`);
  },
  "answers twice": ({ id, method }) => {
    if (method !== "initialize") say({ jsonrpc: "2.0", id, result: "first" });
  },
  "closes its output": ({ method }) => {
    if (method !== "x/die") return;
    // Node's own `process.stdout.end()` leaves the pipe open.
    closeSync(process.stdout.fd);
    return "silent";
  },
};

function say(message) {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  if (habit !== "splits characters") return process.stdout.write(bytes);
  // One byte at a time: every character beyond ASCII is split between two writes.
  for (const byte of bytes) process.stdout.write(Buffer.of(byte));
}

function answer({ method, params }) {
  if (method === "x/environment") return process.env;
  if (method !== "initialize") return { pid: process.pid, method, params };
  const { protocolVersion } = params;
  return { protocolVersion, capabilities: {}, serverInfo: about };
}

await atStart[habit]?.();
const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
  const message = JSON.parse(line);
  if (message.id === undefined || message.method === undefined) return;
  if (await onRequest[habit]?.(message) === "silent") return;
  say({ jsonrpc: "2.0", id: message.id, result: answer(message) });
});
