// A folder of a test's own.

import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Disposing of it removes it with all that is in it. */
export class TemporaryFolder implements AsyncDisposable {
  /** Absolute, without symbolic links. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<TemporaryFolder> {
    return new this(
      await realpath(await mkdtemp(join(tmpdir(), "mcp-front-"))),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
