// What can end a running process from outside or by accident, as promises.

import process from "node:process";

/** A signal that asks the process to end. */
export type StopSignal = "SIGTERM" | "SIGINT" | "SIGHUP";

/** Task runners pass Ctrl-C on to a program that the terminal has sent it to already: within this time it is one signal. */
const ECHO_MS = 250;

/** Each promise settles when it happens, and never otherwise. */
export interface Interruptions {
  /** Asked to end. */
  readonly stop: Promise<StopSignal>;
  /** Asked again. */
  readonly insist: Promise<StopSignal>;
  /** The next signal from now on that is no echo, for who outlives the first. */
  next(): Promise<StopSignal>;
  /** Something was thrown, or rejected, that nobody caught: what it was. */
  readonly crash: Promise<unknown>;
}

/** A signal, and when it came, as `performance.now()` has it. */
interface Heard {
  readonly signal: StopSignal;
  readonly at: number;
}

/** Takes over the signals and uncaught errors of this process. Call it once. */
export function interruptions(): Interruptions {
  const stop = Promise.withResolvers<StopSignal>();
  const insist = Promise.withResolvers<StopSignal>();
  const crash = Promise.withResolvers<unknown>();
  let next = Promise.withResolvers<StopSignal>();
  let first: Heard | undefined;
  let last: Heard | undefined;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      const heard = { signal, at: performance.now() };
      first ??= heard;
      stop.resolve(signal);
      if (!isEcho(heard, first)) insist.resolve(signal);
      if (last !== undefined && isEcho(heard, last)) return;
      last = heard;
      next.resolve(signal);
      next = Promise.withResolvers();
    });
  }
  // A reader that goes away is an EPIPE where it is written to, not the end of the process.
  process.on("SIGPIPE", () => {});
  process.on("uncaughtException", (error) => crash.resolve(error));
  process.on("unhandledRejection", (reason) => crash.resolve(reason));
  return {
    stop: stop.promise,
    insist: insist.promise,
    next: () => next.promise,
    crash: crash.promise,
  };
}

function isEcho({ signal, at }: Heard, before: Heard): boolean {
  return before.signal === signal && at - before.at < ECHO_MS;
}
