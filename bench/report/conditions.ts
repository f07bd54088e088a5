// What a run was made on and with: enough to understand its figures, nothing that names the machine.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { BUN } from "../participants/backends.ts";

const BYTES_PER_GIB = 1024 ** 3;

/** In the words of the page. */
export type Conditions = Readonly<Record<string, string>>;

/** Looks around. `peers` are the names of their packages. */
export function conditionsNow(peers: readonly string[]): Conditions {
  const [cpu] = cpus();
  return {
    "kernel": `Linux ${release().replace(/-.*$/, "")}`,
    "processor": cpu?.model.trim() ?? "unknown",
    "cores": String(cpus().length),
    "memory": `${Math.round(totalmem() / BYTES_PER_GIB)} GiB`,
    "Bun (floor, load, servers)": versionOf(BUN),
    ...(peers.length > 0 && { "Node (peers)": versionOf("node") }),
    ...Object.fromEntries(peers.map((name) => [name, pinnedVersionOf(name)])),
  };
}

function versionOf(program: string): string {
  const text = execFileSync(program, ["--version"], { encoding: "utf8" });
  return text.trim().replace(/^v/, "");
}

function pinnedVersionOf(name: string): string {
  const file = new URL("../peers/package.json", import.meta.url);
  const { dependencies } = JSON.parse(
    readFileSync(fileURLToPath(file), "utf8"),
  ) as { readonly dependencies: Readonly<Record<string, string>> };
  return dependencies[name] ?? "unknown";
}
