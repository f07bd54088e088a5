// What a start has to load: heavy libraries only for the commands that need them.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Imports that happen whenever the file is loaded; types are gone by then. */
const STATIC_IMPORT =
  /^(?:import|export)\b(?!\s+type\b)(?:[^;"=()]*?\sfrom)?\s*"([^"]+)"/gm;

/** Each takes longer to load than the rest of a start. */
const HEAVY = /^(?:@modelcontextprotocol\/|zod$)/;

function staticImports(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(STATIC_IMPORT)].map(([, name = ""]) => name);
}

/** All files that loading `file` loads, and the packages that they name. */
function loadedBy(file: string, seen = new Map<string, string[]>()) {
  if (seen.has(file)) return seen;
  const imports = staticImports(file);
  seen.set(file, imports.filter((name) => !/^(?:\.|node:)/.test(name)));
  for (const name of imports) {
    if (!/^\..*\.ts$/.test(name)) continue;
    loadedBy(relative(ROOT, join(ROOT, dirname(file), name)), seen);
  }
  return seen;
}

describe("a start", () => {
  it("loads no library before it is known what is to be done", () => {
    const loaded = loadedBy("main.ts");
    assert.ok(loaded.has("lib/cli/run.ts") && loaded.size > 5);
    const packages = [...loaded.values()].flat();
    assert.deepEqual(packages, []);
  });

  it("loads no SDK to serve", () => {
    const loaded = loadedBy("lib/cli/serve.ts");
    assert.ok(loaded.has("deps.ts"));
    const packages = [...loaded.values()].flat();
    assert.ok(packages.includes("cross-spawn"));
    assert.deepEqual(packages.filter((name) => HEAVY.test(name)), []);
  });

  it("finds each SDK in the program, loaded by name when it is needed", () => {
    const files = readdirSync(join(ROOT, "lib"), {
      recursive: true,
      encoding: "utf8",
    }).filter((file) => file.endsWith(".ts"));
    const everywhere = ["deps.ts", ...files.map((file) => join("lib", file))];
    const heavy = everywhere.flatMap(staticImports)
      .filter((name) => HEAVY.test(name));
    assert.deepEqual(heavy, []);
    const text = readFileSync(join(ROOT, "deps.ts"), "utf8");
    for (const name of ["client", "server"]) {
      assert.ok(text.includes(`import("@modelcontextprotocol/${name}")`), name);
    }
  });
});
