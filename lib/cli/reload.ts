// Takes the configuration anew when its file has changed, or when it is asked to by SIGHUP.

import { resolve } from "node:path";
import { ConfigError, loadConfig } from "../../mod.ts";
import type { Config, Gateway, LoadedConfig } from "../../mod.ts";
import { changesBetween } from "../config/changes.ts";
import { FileWatch } from "../runtime/file_watch.ts";
import { background } from "../telemetry/background.ts";
import type { Log } from "../telemetry/log.ts";
import { logProblems } from "./load_or_explain.ts";
import type { Surroundings } from "./surroundings.ts";

/** Why the file is read again, as the log says it. */
export type Cause = "the file has changed" | "SIGHUP";

/** What is kept up to date, from what. */
export interface Reloading {
  readonly gateway: Pick<Gateway, "reload">;
  /** The file, as the operator named it. */
  readonly file: string;
  readonly environment: Surroundings["environment"];
  readonly log: Log;
}

/** Keeps a gateway at what its file says. Whoever makes one closes it. */
export class Reloader {
  readonly #reloading: Reloading;
  readonly #watch = new FileWatch(() => this.ask("the file has changed"));
  /** What holds now. */
  #config: Config;
  #asked?: Cause;
  #isAtWork = false;
  #isClosed = false;

  /** @param loadedAt when reading began, in milliseconds since 1970 */
  constructor(reloading: Reloading, loaded: LoadedConfig, loadedAt: number) {
    this.#reloading = reloading;
    this.#config = loaded.config;
    this.#follow(loaded.files, loadedAt);
  }

  /** Has the file read, once more also where that is under way. */
  ask(cause: Cause): void {
    this.#asked = cause;
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    background(this.#reloading.log, "Reloading", this.#work());
  }

  /** Reads nothing more. */
  close(): void {
    this.#isClosed = true;
    this.#watch.close();
  }

  async #work(): Promise<void> {
    try {
      while (this.#asked !== undefined && !this.#isClosed) {
        const cause = this.#asked;
        this.#asked = undefined;
        await this.#reload(cause);
      }
    } finally {
      this.#isAtWork = false;
    }
  }

  async #reload(cause: Cause): Promise<void> {
    const { file, environment, log } = this.#reloading;
    const begun = Date.now();
    try {
      const loaded = await loadConfig(file, environment);
      if (this.#isClosed) return;
      this.#take(loaded, cause);
      this.#follow(loaded.files, begun);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      logProblems(error.problems, log);
      log.error("Configuration not reloaded", {
        config: file,
        cause,
        hint: "the one before stays in force: correct the file",
      });
      this.#follow(error.files, begun);
    }
  }

  #take({ config, warnings }: LoadedConfig, cause: Cause): void {
    const { gateway, file, log } = this.#reloading;
    const { made, open } = changesBetween(this.#config, config);
    const { address } = this.#config;
    this.#config = { ...config, address };
    gateway.reload(this.#config);
    const fields = { config: file, cause };
    if (made.length === 0 && open.length === 0) {
      const isAsked = cause === "SIGHUP";
      const say = isAsked ? log.info : log.debug;
      return say.call(log, "Configuration unchanged", fields);
    }
    logProblems(warnings, log);
    const changes = made.join(", ") || "none";
    log.info("Configuration reloaded", { ...fields, changes });
    if (open.length === 0) return;
    const hint = "restart mcp-front to make this change";
    log.warn("Needs a restart", { ...fields, keys: open, hint });
  }

  #follow(files: readonly string[], since: number): void {
    const { file, log } = this.#reloading;
    const watched = this.#watch.watch([resolve(file), ...files], since);
    background(log, "Watching the configuration", watched);
  }
}
