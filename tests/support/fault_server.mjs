// An MCP server that misbehaves on command: `fault_server.mjs stdio|modern ORDERS` or `fault_server.mjs http ORDERS [PORT]`.
// Over HTTP it says "listening URL" on stdout, and ends when its stdin does. `fault_server.mjs hosts` says "hosting",
// and takes lines on stdin: at "open ORDERS" it starts one server more and says "opened ORDERS URL", at "close ORDERS"
// it ends that one and says "closed ORDERS".

import { closeSync, fstatSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { Conversation } from "./fault_conversation.mjs";
import { LEGACY, MODERN } from "./fault_eras.mjs";
import { dieIfOrdered, Orders } from "./fault_orders.mjs";

/** More descriptors than a server over stdio has. */
const FEW_FILES = 32;

const [transport, file, port = "0"] = process.argv.slice(2);
const orders = new Orders(file);

function speakStdio(era) {
  const lines = createInterface({ input: process.stdin });
  const misbehave = (order) => stdioDeeds(lines)[order.do]();
  const none = () => {};
  const reply = { accept: none, hold: none, say, sayAside: say, misbehave };
  const conversation = new Conversation(orders, era);
  lines.on("line", (line) => conversation.hear(JSON.parse(line), reply));
  const order = orders.take("connecting");
  if (!order) return;
  dieIfOrdered(order);
  misbehave(order);
}

/** What a server over stdio can do wrong without dying; it then stays until it is made to go. */
function stdioDeeds(lines) {
  const stay = () => setInterval(() => {}, 60_000);
  return {
    closeOutput: () => {
      stay();
      isMute = true;
      lines.removeAllListeners("line");
      closeOutput();
    },
    stopReading: () => {
      stay();
      // What was read together with the order would still come.
      lines.removeAllListeners("line");
      lines.pause();
      process.stdin.pause();
    },
    silence: () => {},
  };
}

/** Node's own `process.stdout.end()` leaves the pipe open, and Bun has a second descriptor of it. */
function closeOutput() {
  const { dev, ino } = fstatSync(process.stdout.fd);
  for (let fd = process.stdout.fd; fd < FEW_FILES; fd++) {
    try {
      const other = fstatSync(fd);
      if (other.dev === dev && other.ino === ino) closeSync(fd);
    } catch {
      // No such descriptor.
    }
  }
}

/** To write would be its death, once its output is closed. */
let isMute = false;

function say(message) {
  if (isMute) return Promise.resolve();
  return new Promise((resolve) =>
    process.stdout.write(`${JSON.stringify(message)}\n`, resolve)
  );
}

async function listen() {
  // Not loaded by those over stdio, of which tests start hundreds.
  const { serveFaults } = await import("./fault_http.mjs");
  const { origin } = await serveFaults(orders, Number(port));
  process.stdout.write(`listening ${origin}\n`);
  process.stdin.on("end", () => process.exit(0)).resume();
}

async function host() {
  const { serveFaults } = await import("./fault_http.mjs");
  process.stdout.write("hosting\n");
  const servers = new Map();
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, file] = line.split(" ");
    if (verb === "open") {
      const server = await serveFaults(new Orders(file), 0);
      servers.set(file, server);
      process.stdout.write(`opened ${file} ${server.origin}\n`);
    } else {
      servers.get(file).close();
      servers.delete(file);
      process.stdout.write(`closed ${file}\n`);
    }
  }
  process.exit(0);
}

switch (transport) {
  case "stdio":
    speakStdio(LEGACY);
    break;
  case "modern":
    speakStdio(MODERN);
    break;
  case "http":
    await listen();
    break;
  case "hosts":
    await host();
}
