// The soak's server over stdio.

import process from "node:process";
import { Conversation } from "./conversation.mjs";

/** Serves until its input ends. */
export function serveStdio(name) {
  let deaf = false;
  const conversation = new Conversation(
    name,
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
      if (line !== "") conversation.hear(JSON.parse(line));
    }
  });
  process.stdin.on("end", () => {
    if (!deaf) process.exit(0);
  });
  process.stdout.on("error", () => {
    if (!deaf) process.exit(1);
  });
}
