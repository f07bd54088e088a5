// The servers behind the participants.

import { fileURLToPath } from "node:url";
import { Program } from "./program.ts";

/** Runs the servers of the benchmark, and the floor. */
export const BUN = fileURLToPath(
  new URL("../../node_modules/.bin/bun", import.meta.url),
);

const file = (name: string) =>
  fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Starts a session's own server. */
export const STDIO_SERVER: readonly [string, ...string[]] = [
  BUN,
  file("backends/stdio.ts"),
];
/** The program that is the floor. */
export const FLOOR = file("floor.ts");

/** Starts the server over HTTP; it says its origin. */
export function startHttpServer(): Promise<Program> {
  return Program.start({
    command: [BUN, file("backends/http.ts")],
    ready: /^listening (\S+)$/,
  });
}
