// What the workflows run exists, and the actions they use are those that were looked at.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { PLATFORMS } from "../tasks/release/platforms.ts";
import { ROOT } from "./support/program.ts";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly matrix: {
      readonly include?: readonly {
        readonly os: string;
        readonly file?: string;
        readonly program?: string;
      }[];
    };
  };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(ROOT, ".github", "workflows");
const names = readdirSync(FOLDER);
const gate = readFileSync(join(ROOT, ".ci/run"), "utf8");
const { tasks, version } = JSON.parse(
  readFileSync(join(ROOT, "deno.json"), "utf8"),
);

function workflow(name: string): Workflow {
  return parse(readFileSync(join(FOLDER, name), "utf8"));
}

function stepsOf(name: string): Step[] {
  return Object.values(workflow(name).jobs).flatMap(({ steps }) => steps);
}

function scriptsOf(name: string): string[] {
  return stepsOf(name).flatMap(({ run }) => run ?? []);
}

for (const name of names) {
  describe(`the workflow ${name}`, () => {
    it("names tasks that exist, on the Deno of the gate", () => {
      const deno = gate.match(/deno@[\d.]+/)?.[0] ?? "none";
      for (const script of scriptsOf(name)) {
        for (const [, used, task = ""] of script.matchAll(TASK)) {
          assert.ok(Object.hasOwn(tasks, task), task);
          assert.equal(used, deno);
        }
      }
    });

    it("runs scripts that bash can read and that are there", () => {
      for (const script of scriptsOf(name)) {
        const { status, stderr } = spawnSync("bash", ["-n"], {
          input: script,
          encoding: "utf8",
        });
        assert.equal(status, 0, stderr);
        for (const [, file = ""] of script.matchAll(/\bbash (\S+)/g)) {
          assert.ok(existsSync(join(ROOT, file)), file);
        }
      }
    });

    it("uses actions by their commit", () => {
      const used = stepsOf(name).flatMap(({ uses }) => uses ?? []);
      assert.ok(used.length > 0);
      for (const action of used) {
        assert.match(action, /^actions\/[a-z-]+@[0-9a-f]{40}$/);
      }
    });

    it("may only read, keeps no credentials where it runs code, and ends", () => {
      const { permissions, jobs } = workflow(name);
      assert.deepEqual(permissions, { contents: "read" });
      for (const [id, { steps, ...job }] of Object.entries(jobs)) {
        assert.ok(job["timeout-minutes"], id);
        const checkouts = steps.filter(({ uses }) =>
          uses?.startsWith("actions/checkout@")
        );
        for (const step of checkouts) {
          assert.equal(step.with?.["persist-credentials"], false, id);
          assert.equal(job.permissions, undefined, id);
        }
      }
    });
  });
}

const TASK = /npx -y (deno@[\d.]+) task (\S+)/g;

describe("the workflows", () => {
  it("run the gate and build the executable, at each change", () => {
    const scripts = scriptsOf("test.yml");
    assert.ok(scripts.includes("bash .ci/run"));
    assert.ok(scripts.some((script) => script.endsWith(" task build")));
  });

  it("release only what has the version of its tag", () => {
    const check = scriptsOf("release.yml")[0] ?? "";
    const endsWith = (tag: string) =>
      spawnSync("bash", ["-c", check], {
        cwd: ROOT,
        env: { ...process.env, GITHUB_REF_NAME: tag },
      }).status;
    assert.deepEqual(
      [`v${version}`, version, "v0.0.1-none", ""].map(endsWith),
      [0, 1, 1, 1],
    );
  });

  it("build a release apart from the tests, once they have passed", () => {
    const { test, build } = workflow("release.yml").jobs;
    assert.ok(test?.steps.some(({ run }) => run === "bash .ci/run"));
    assert.equal(build?.needs, "test");
    const [checkout, ...rest] = build.steps;
    assert.match(checkout?.uses ?? "", /^actions\/checkout@/);
    assert.deepEqual(
      rest.flatMap(({ run }) => run?.replace(/^npx -y \S+ /, "") ?? []),
      ["task release"],
    );
  });

  const FIRST_RUNS = [
    { file: "test.yml", job: "start" },
    { file: "test.yml", job: "alpine" },
    { file: "release.yml", job: "try" },
  ];
  for (const { file, job } of FIRST_RUNS) {
    it(`try the first run of the README (${job} of ${file})`, () => {
      const steps = workflow(file).jobs[job]?.steps ?? [];
      const firstRuns = steps.filter(({ name }) =>
        name?.startsWith("The first run")
      );
      assert.ok(firstRuns.length > 0);
      for (const { run } of firstRuns) {
        assert.match(run ?? "", /"\$PROGRAM" init\n\s*"\$PROGRAM" check\n/);
      }
    });
  }

  it("try at each change what is built on arm64, macOS and Windows, by its name there", () => {
    const tried = workflow("test.yml").jobs.start?.strategy?.matrix.include;
    const nameOn = Object.fromEntries(
      tried?.map(({ os, program }) => [os.replace(/-[\d.]+/, ""), program]) ??
        [],
    );
    assert.deepEqual(nameOn, {
      "ubuntu-arm": "./dist/mcp-front",
      macos: "./dist/mcp-front",
      windows: "./dist/mcp-front.exe",
    });
  });

  it("try every platform before it is released", () => {
    const tried = workflow("release.yml").jobs.try?.strategy?.matrix.include;
    assert.deepEqual(
      tried?.map(({ file }) => file).sort(),
      PLATFORMS.map(({ name, extension = "" }) => name + extension).sort(),
    );
  });

  it("attach all that `deno task release` writes", () => {
    const last = scriptsOf("release.yml").at(-1) ?? "";
    assert.match(last, /^gh release create .*--verify-tag/);
    assert.match(last, /SHA256SUMS mcp-front-\*\n$/);
  });
});
