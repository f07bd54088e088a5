// What can end a running process from outside or by accident, as promises.

import process from "node:process";

/** A signal that asks the process to end. */
export type StopSignal = "SIGTERM" | "SIGINT" | "SIGHUP";

/** Task runners pass Ctrl-C on to a program that the terminal has sent it to already: within this time it is one signal. */
const ECHO_MS = 250;

/** Each settles when it happens, and never otherwise. */
export interface Interruptions {
  /** Asked to end. */
  readonly stop: Promise<StopSignal>;
  /** Asked again. */
  readonly insist: Promise<StopSignal>;
  /** Something was thrown, or rejected, that nobody caught: what it was. */
  readonly crash: Promise<unknown>;
}

/** Takes over the signals and uncaught errors of this process. Call it once. */
export function interruptions(): Interruptions {
  const stop = Promise.withResolvers<StopSignal>();
  const insist = Promise.withResolvers<StopSignal>();
  const crash = Promise.withResolvers<unknown>();
  let first: { signal: StopSignal; at: number } | undefined;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      const at = performance.now();
      first ??= { signal, at };
      stop.resolve(signal);
      const isEcho = first.signal === signal && at - first.at < ECHO_MS;
      if (!isEcho) insist.resolve(signal);
    });
  }
  // A reader that goes away is an EPIPE where it is written to, not the end of the process.
  process.on("SIGPIPE", () => {});
  process.on("uncaughtException", (error) => crash.resolve(error));
  process.on("unhandledRejection", (reason) => crash.resolve(reason));
  return { stop: stop.promise, insist: insist.promise, crash: crash.promise };
}
