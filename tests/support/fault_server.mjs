// An MCP server that misbehaves on command: `fault_server.mjs stdio ORDERS` or `fault_server.mjs http ORDERS [PORT]`.
// Over HTTP it says "listening URL" on stdout, and ends when its stdin does.

import { closeSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { Conversation } from "./fault_conversation.mjs";
import { serveFaults } from "./fault_http.mjs";
import { dieIfOrdered, Orders } from "./fault_orders.mjs";

const [transport, file, port = "0"] = process.argv.slice(2);
const orders = new Orders(file);

function speakStdio() {
  const lines = createInterface({ input: process.stdin });
  const misbehave = (order) => stdioDeeds(lines)[order.do]();
  const none = () => {};
  const reply = { accept: none, hold: none, say, sayAside: say, misbehave };
  const conversation = new Conversation(orders);
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
      lines.removeAllListeners("line");
      // Node's own `process.stdout.end()` leaves the pipe open.
      closeSync(process.stdout.fd);
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

function say(message) {
  return new Promise((resolve) =>
    process.stdout.write(`${JSON.stringify(message)}\n`, resolve)
  );
}

async function listen() {
  const origin = await serveFaults(orders, Number(port));
  process.stdout.write(`listening ${origin}\n`);
  process.stdin.on("end", () => process.exit(0)).resume();
}

if (transport === "stdio") speakStdio();
else await listen();
