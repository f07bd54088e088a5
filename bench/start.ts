// Starts the benchmark: installs the peers where they are missing or others, runs it on Bun, formats what it wrote.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import process from "node:process";

const BUN = "./node_modules/.bin/bun";
const PEERS = "bench/peers";
const LOCK = `${PEERS}/package-lock.json`;
/** What is installed: a copy of the lock file it was installed by. */
const INSTALLED = `${PEERS}/node_modules/.installed-lock.json`;
const WRITTEN = ["bench/README.md", "bench/results.json", "bench/chart.svg"];

process.exit(main(process.argv.slice(2)));

function main(args: readonly string[]): number {
  if (!args.includes("--no-peers") && !arePeersInstalled()) {
    console.log("Installing the peers");
    const options = ["--ignore-scripts", "--no-audit", "--no-fund"];
    const code = run("npm", ["ci", "--prefix", PEERS, ...options]);
    if (code !== 0) {
      console.error("error: without Node and npm, use --no-peers");
      return code;
    }
    copyFileSync(LOCK, INSTALLED);
  }
  const code = run(BUN, ["bench/main.ts", ...args]);
  if (code !== 0 || !args.includes("--write")) return code;
  return run(process.execPath, ["fmt", "--quiet", ...WRITTEN]);
}

function arePeersInstalled(): boolean {
  return existsSync(INSTALLED) &&
    readFileSync(INSTALLED, "utf8") === readFileSync(LOCK, "utf8");
}

function run(command: string, args: readonly string[]): number {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error) console.error(`error: ${error.message}`);
  return status ?? 1;
}
