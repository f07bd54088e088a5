// Making an executable, as far as it is refused before anything is made.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { compile } from "../../tasks/compile.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

describe("an executable for Windows", () => {
  for (const target of ["bun-windows-x64", "bun-windows-arm64"]) {
    it(`is refused without .exe at the end of its name (${target})`, async () => {
      await using folder = await TemporaryFolder.create();
      const file = join(folder.path, "mcp-front");
      await assert.rejects(
        compile({ file, target, limitMs: 60_000 }),
        {
          message: `cannot build ${file}: for Windows it has to end with .exe`,
        },
      );
      assert.deepEqual(readdirSync(folder.path), []);
    });
  }
});
