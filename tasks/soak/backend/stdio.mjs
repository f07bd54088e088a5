// The soak's server over stdio.

import process from "node:process";
import { Conversation } from "./conversation.mjs";
import { ModernServer } from "./modern.mjs";

/** Serves one conversation until its input ends. */
export function serveStdio(name) {
  serve((say, ways) => {
    const conversation = new Conversation(name, say, ways);
    return (message) => conversation.hear(message);
  });
}

/** Serves requests of the modern era, each for itself, until its input ends. */
export function serveModern(name) {
  const server = new ModernServer(name);
  /** By the id of the request. */
  const leaving = new Map();
  serve((say, ways) => (message) => {
    const { id, method, params } = message;
    if (method === "notifications/cancelled") {
      leaving.get(params.requestId)?.();
      leaving.delete(params.requestId);
    }
    if (id === undefined) return;
    // Before it is taken: its answer may come at once.
    leaving.set(id, () => leave());
    const sayOn = (said) => {
      if (said.id === id) leaving.delete(id);
      say(said);
    };
    const leave = server.take(message, sayOn, ways);
  });
}

/** @param begin makes, of the ways to say something and to fail, what hears each message */
function serve(begin) {
  let deaf = false;
  const hear = begin(
    (message) => process.stdout.write(`${JSON.stringify(message)}\n`),
    {
      deaf: () => {
        deaf = true;
      },
      half: (id, then) =>
        process.stdout.write(
          `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"re`,
          then,
        ),
    },
  );
  let parts = [];
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (text) => {
    const [first, ...rest] = text.split("\n");
    parts.push(first);
    for (const next of rest) {
      const line = parts.join("");
      parts = [next];
      if (line !== "") hear(JSON.parse(line));
    }
  });
  process.stdin.on("end", () => {
    if (!deaf) process.exit(0);
  });
  process.stdout.on("error", () => {
    if (!deaf) process.exit(1);
  });
}
