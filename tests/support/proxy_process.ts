// nginx or Caddy as a process of its own, where the machine has it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";

/** How long a proxy may take to listen. */
const START_LIMIT_MS = 20_000;
const RETRY_MS = 20;

/** The path of a program; undefined where there is none on PATH. */
export function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, program)).find(isProgram);
}

/** Starts a proxy; resolves when it listens on the port. Disposing of it ends it. */
export async function startProxy(
  [program, ...args]: readonly [string, ...string[]],
  { port, folder }: { readonly port: number; readonly folder: string },
): Promise<AsyncDisposable> {
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => said += text);
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGKILL"); // Caddy waits for its clients otherwise.
    await ended;
  };
  const giveUp = performance.now() + START_LIMIT_MS;
  while (!await listens(port)) {
    if (child.exitCode === null && performance.now() < giveUp) {
      await delay(RETRY_MS);
      continue;
    }
    if (child.exitCode === null) await stop();
    throw new Error(`${program} does not listen:\n${said}`);
  }
  return { [Symbol.asyncDispose]: stop };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Not here.
  }
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
