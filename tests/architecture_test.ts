// The rules of docs/architecture.md that a machine can check.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MAX_LINES = 250;

/** A folder imports only what stands after it. */
const LAYERS = [
  "main",
  "cli",
  "demo",
  "mod",
  "gateway",
  "config",
  "auth",
  "routing",
  "admin",
  "sessions",
  "eras",
  "backends",
  "transports",
];
/** What everyone may import. */
const SHARED = ["noun", "channel", "protocol", "telemetry", "runtime", "deps"];
const RUNTIME_GLOBALS =
  /(?<![.\w"'`])(?:Deno|Bun|process)(?=[.\[]|\b as\b)|["'`](?:Deno|Bun)["'`] in\b/;
const MAY_TOUCH_RUNTIME = ["main.ts"];

interface Source {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources = ["main.ts", "mod.ts", "deps.ts", ...listed("lib")].map(read);

function listed(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file.split(sep).join("/")}`);
}

function read(file: string): Source {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found = withoutComments(text).matchAll(
    /(?:from|import)\s*\(?\s*"([^"]+)"(?=[;),]| with\b)/g,
  );
  return { file, text, imports: [...found].map((match) => match[1] as string) };
}

function local({ file, imports }: Source): string[] {
  return imports.filter((name) => /^\..*\.ts$/.test(name))
    .map((name) => relative(ROOT, join(ROOT, dirname(file), name)))
    .map((name) => name.split(sep).join("/"));
}

function layerOf(file: string): string {
  const [first, second, third] = file.split("/");
  if (first !== "lib") return (first as string).replace(/\.ts$/, "");
  if (third === undefined) {
    const isGateway = second === "gateway.ts" || second === "generation.ts";
    return isGateway ? "gateway" : "noun";
  }
  return second as string;
}

function importsBackwards(from: string, to: string): boolean {
  if (from === to || SHARED.includes(to)) return false;
  // The nouns and leaves may name each other, but nothing that builds on them.
  if (SHARED.includes(from)) return true;
  return LAYERS.indexOf(to) < LAYERS.indexOf(from);
}

function cycleFrom(
  start: string,
  graph: Map<string, string[]>,
): string[] | undefined {
  const path: string[] = [];
  const done = new Set<string>();
  const visit = (file: string): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  return visit(start);
}

describe("the architecture", () => {
  it("lets a folder import only what stands to its right", () => {
    const wrong = sources.flatMap((source) =>
      local(source)
        .filter((to) => importsBackwards(layerOf(source.file), layerOf(to)))
        .map((to) => `${source.file} imports ${to}`)
    );
    assert.deepEqual(wrong, []);
  });

  it("knows every folder", () => {
    const known = [...LAYERS, ...SHARED];
    const strange = sources.map(({ file }) => layerOf(file))
      .filter((layer) => !known.includes(layer));
    assert.deepEqual([...new Set(strange)], []);
  });

  it("has no import cycles", () => {
    const graph = new Map(sources.map((one) => [one.file, local(one)]));
    for (const { file } of sources) {
      assert.equal(cycleFrom(file, graph)?.join(" → "), undefined);
    }
  });

  it("names third parties in deps.ts only", () => {
    const wrong = sources.filter(({ file }) => file !== "deps.ts")
      .flatMap(({ file, imports }) =>
        imports.filter((name) => !/^(\.|node:)/.test(name))
          .map((name) => `${file} imports ${name}`)
      );
    assert.deepEqual(wrong, []);
  });

  it("touches the runtime in few places only", () => {
    const wrong = sources
      .filter(({ file }) =>
        !MAY_TOUCH_RUNTIME.includes(file) && !file.startsWith("lib/runtime/")
      )
      .filter(({ text }) =>
        RUNTIME_GLOBALS.test(withoutComments(text)) ||
        /"node:process"/.test(text)
      );
    assert.deepEqual(wrong.map(({ file }) => file), []);
  });

  it(`keeps files under ${MAX_LINES} lines, each with a first line that says what it is for`, () => {
    for (const { file, text } of sources) {
      const lines = text.split("\n").length - 1;
      assert.ok(lines <= MAX_LINES, `${file} has ${lines} lines`);
      assert.match(text, /^(\/\/ [^\n]+|\/\*\*|#!)/, file);
    }
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}
