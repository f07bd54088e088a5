// Takes the configuration anew when its file has changed, or when it is asked to by SIGHUP.

import { resolve } from "node:path";
import { ConfigError, loadConfig } from "../../mod.ts";
import type { Config, Gateway, LoadedConfig } from "../../mod.ts";
import { changesBetween } from "../config/changes.ts";
import type { Changes } from "../config/changes.ts";
import { FileWatch } from "../runtime/file_watch.ts";
import { RenewalError } from "../runtime/listener.ts";
import type { Listener } from "../runtime/listener.ts";
import { background } from "../telemetry/background.ts";
import type { Log } from "../telemetry/log.ts";
import { logProblems } from "./load_or_explain.ts";
import type { Surroundings } from "./surroundings.ts";

/** Why the file is read again, as the log says it. */
export type Cause = "the file has changed" | "SIGHUP";

/** What is kept up to date, from what. */
export interface Reloading {
  readonly gateway: Pick<Gateway, "reload">;
  readonly listener: Pick<Listener, "renew">;
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
    const { file, environment } = this.#reloading;
    const begun = Date.now();
    let files: readonly string[] = [];
    try {
      const loaded = await loadConfig(file, environment);
      ({ files } = loaded);
      if (!this.#isClosed) await this.#take(loaded, cause);
    } catch (error) {
      if (error instanceof ConfigError) ({ files } = error);
      this.#tellFailure(error, cause);
    }
    this.#follow(files, begun);
  }

  #tellFailure(error: unknown, cause: Cause): void {
    const { file, log } = this.#reloading;
    const why = error instanceof RenewalError
      ? { reason: `The certificate cannot be used: ${error.message}` }
      : {};
    if (error instanceof ConfigError) logProblems(error.problems, log);
    else if (!(error instanceof RenewalError)) throw error;
    log.error("Configuration not reloaded", {
      config: file,
      cause,
      ...why,
      hint: "the one before stays in force: correct the file",
    });
  }

  async #take(loaded: LoadedConfig, cause: Cause): Promise<void> {
    const { gateway } = this.#reloading;
    const { config } = loaded;
    const changes = changesBetween(this.#config, config);
    const isRenewed = changes.tls === undefined || await this.#renew(config);
    const { address, tls } = this.#config;
    this.#config = { ...config, address, tls: isRenewed ? config.tls : tls };
    gateway.reload(this.#config);
    const { made, open } = isRenewed
      ? { ...changes, made: [...changes.made, changes.tls ?? []].flat() }
      : { ...changes, open: [...changes.open, "proxy.tls"] };
    this.#tell({ made, open }, loaded, cause);
  }

  /** Has the listener take other certificates; `false` where that needs a restart. Throws where they cannot be used. */
  async #renew({ tls }: Config): Promise<boolean> {
    if (!tls || !this.#config.tls) return false;
    try {
      await this.#reloading.listener.renew(tls);
      return true;
    } catch (error) {
      const isUnsupported = error instanceof RenewalError &&
        error.reason === "unsupported";
      if (isUnsupported) return false;
      throw error;
    }
  }

  #tell(
    { made, open }: Pick<Changes, "made" | "open">,
    { warnings }: LoadedConfig,
    cause: Cause,
  ): void {
    const { file, log } = this.#reloading;
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
