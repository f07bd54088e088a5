// That a watched file is noticed to be another one, however it became so.

import assert from "node:assert/strict";
import {
  mkdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { FileWatch } from "../../lib/runtime/file_watch.ts";
import { Seen } from "../support/seen.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const LIMIT = { timeout: 30_000 };

/** Changes a file in some way. */
type Change = (folder: string) => void;

const CHANGES: Readonly<Record<string, Change>> = {
  "is written": (folder) => writeFileSync(join(folder, "a"), "more"),
  "is replaced by another": (folder) => {
    writeFileSync(join(folder, "new"), "else");
    renameSync(join(folder, "new"), join(folder, "a"));
  },
  "is behind a link that is swapped": (folder) => {
    mkdirSync(join(folder, "two"));
    writeFileSync(join(folder, "two", "b"), "same");
    symlinkSync("two", join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  },
  "vanishes for a moment": (folder) => {
    unlinkSync(join(folder, "a"));
    setTimeout(() => writeFileSync(join(folder, "a"), "back"), 300);
  },
  "vanishes for good": (folder) => unlinkSync(join(folder, "a")),
};

describe("a file that is watched", () => {
  for (const [how, change] of Object.entries(CHANGES)) {
    it(`is noticed when it ${how}`, LIMIT, async () => {
      await using folder = await TemporaryFolder.create();
      const files = layOut(folder.path);
      const noticed = new Seen<string>((text) => text);
      const watch = new FileWatch(() => noticed.add("changed"));
      await watch.watch(files, Date.now() + 60_000);
      // Nobody else keeps the process while the test waits.
      const keeper = setInterval(() => {}, 1_000);
      change(folder.path);
      await noticed.until("a change", () => true);
      clearInterval(keeper);
      watch.close();
      assert.equal(noticed.all.length, 1);
    });
  }

  it("is noticed when it changed while it was being read", LIMIT, async () => {
    await using folder = await TemporaryFolder.create();
    const files = layOut(folder.path);
    const noticed = new Seen<string>((text) => text);
    const watch = new FileWatch(() => noticed.add("changed"));
    await watch.watch(files, 0);
    const keeper = setInterval(() => {}, 1_000);
    await noticed.until("a change", () => true);
    clearInterval(keeper);
    watch.close();
  });
});

/** A file, and one behind a link as Kubernetes has them. */
function layOut(folder: string): string[] {
  writeFileSync(join(folder, "a"), "text");
  mkdirSync(join(folder, "one"));
  writeFileSync(join(folder, "one", "b"), "same");
  symlinkSync("one", join(folder, "..data"));
  symlinkSync(join("..data", "b"), join(folder, "b"));
  return [join(folder, "a"), join(folder, "b")];
}
