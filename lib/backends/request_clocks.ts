// How long each open request may still take; the clocks stand still while the backend itself waits for the client.

import { deadlines } from "../channel/deadlines.ts";
import type { Deadline } from "../channel/deadlines.ts";
import { SlimMap } from "../channel/slim_map.ts";

/** Which limit of a request has run out: the one that progress starts anew, or that on all of it. */
export type RequestLimit = "request" | "requestMax";

/** What a clock is set to. */
export interface ClockSetting {
  readonly requestMs: number;
  /** The longest, whatever progress and questions there are; absent where nothing bounds it. */
  readonly requestMaxMs?: number;
  /** The key of the token that the request's progress is told under. */
  readonly progress?: string;
  /** Called once, with the limit that has run out; the clock is then gone. */
  expire(limit: RequestLimit): void;
}

interface Clock {
  readonly key: string;
  readonly setting: ClockSetting;
  readonly longest?: Deadline;
  remainingMs: number;
  /** When it is looked at next; absent while it stands still. */
  deadline?: Deadline;
  /** When it ends, if nothing is told of progress before, as `performance.now()` has it. */
  endsAt: number;
}

/** The clocks of a channel's open requests, by the keys of these. */
export class RequestClocks {
  readonly #clocks = new SlimMap<string, Clock>();
  readonly #byProgress = new SlimMap<string, Clock>();

  /** How many requests are open. */
  get size(): number {
    return this.#clocks.size;
  }

  /** Starts a clock. */
  start(key: string, setting: ClockSetting): void {
    this.stop(key);
    const { requestMs, requestMaxMs, progress } = setting;
    const longest = requestMaxMs === undefined
      ? undefined
      : deadlines.start(requestMaxMs, () => this.#expire(clock, "requestMax"));
    const clock: Clock = {
      key,
      setting,
      longest,
      remainingMs: requestMs,
      endsAt: 0,
    };
    this.#clocks.set(key, clock);
    if (progress !== undefined) this.#byProgress.set(progress, clock);
    this.#run(clock);
  }

  /** There was progress, told under a token: its request has its whole time again. */
  progressed(token: string): void {
    const clock = this.#byProgress.get(token);
    if (!clock) return;
    const { requestMs } = clock.setting;
    clock.remainingMs = requestMs;
    // Its deadline stays, and finds that there is time left.
    clock.endsAt = performance.now() + requestMs;
  }

  /** Ends a clock; `false` when there is none. */
  stop(key: string): boolean {
    const clock = this.#clocks.get(key);
    if (!clock) return false;
    deadlines.end(clock.deadline);
    deadlines.end(clock.longest);
    const { progress = "" } = clock.setting;
    if (this.#byProgress.get(progress) === clock) {
      this.#byProgress.delete(progress);
    }
    return this.#clocks.delete(key);
  }

  /** Stops the time of all that run now, but for the limits on all of it. */
  pause(): void {
    const now = performance.now();
    for (const clock of this.#clocks.values()) {
      if (!clock.deadline) continue;
      clock.remainingMs = clock.endsAt - now;
      deadlines.end(clock.deadline);
      clock.deadline = undefined;
    }
  }

  /** Lets the time of all go on. */
  resume(): void {
    for (const clock of this.#clocks.values()) {
      if (!clock.deadline) this.#run(clock);
    }
  }

  /** Ends all clocks. */
  stopAll(): void {
    for (const key of [...this.#clocks.keys()]) this.stop(key);
  }

  #run(clock: Clock): void {
    deadlines.end(clock.deadline);
    clock.deadline = deadlines.start(
      clock.remainingMs,
      () => this.#look(clock),
    );
    clock.endsAt = clock.deadline.at;
  }

  #look(clock: Clock): void {
    const leftMs = clock.endsAt - performance.now();
    if (leftMs <= 0) return this.#expire(clock, "request");
    clock.remainingMs = leftMs;
    this.#run(clock);
  }

  #expire({ key, setting }: Clock, limit: RequestLimit): void {
    this.stop(key);
    setting.expire(limit);
  }
}
