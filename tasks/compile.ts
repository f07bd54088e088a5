// Makes one executable from the sources; the flags of every build stand here.

import { Buffer } from "node:buffer";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { spawn } from "../deps.ts";

/** The program itself, which has this name on every system; in `.bin` stands a script for it on Windows. */
const BUN = join("node_modules", "bun", "bin", "bun.exe");

/**
 * What every executable is built with. `--splitting` keeps apart what single commands load: without it all of it is
 * read at every start, which takes twice as long. `--bytecode` needs `--format=esm` where there is `await` at top
 * level. Without the two `--no-compile-autoload` flags an executable takes variables from a `.env` and runs the code of
 * a `bunfig.toml` that lie in the folder in which it is started. The header may have twice of what `proxy.limits.headers`
 * allows at most: so it is the gateway that refuses it, with a reason.
 */
const FLAGS = [
  "--compile",
  "--minify",
  "--splitting",
  "--bytecode",
  "--format=esm",
  "--sourcemap",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--compile-exec-argv=--max-http-header-size=131072",
];

/** What to build. */
export interface CompileOptions {
  /** Where the executable is put; one for Windows has to end with `.exe`. */
  readonly file: string;
  /** The platform in Bun's words, as `bun-darwin-arm64`; this machine's when absent. Bun fetches its runtime for another one once, from the npm registry. */
  readonly target?: string;
  /** How long it may take, with the download. */
  readonly limitMs: number;
}

/** How Bun's compiler ended, and what it said. */
interface Ending {
  readonly code: number | null;
  readonly output: string;
  readonly isOverdue: boolean;
}

/** Builds an executable; has to run in the folder of the sources. Throws with what the compiler said. */
export async function compile(options: CompileOptions): Promise<void> {
  const { file, target, limitMs } = options;
  checkName(options);
  const platform = target === undefined ? [] : [`--target=${target}`];
  // `--sourcemap` puts the maps into the executable, and beside it as well.
  await using workshop = await Workshop.beside(file);
  const made = join(workshop.folder, basename(file));
  const args = ["build", ...FLAGS, ...platform, `--outfile=${made}`, "main.ts"];
  const ending = await run(args, limitMs);
  if (ending.code !== 0) throw new Error(explain(ending, options));
  await rename(made, file);
}

/** Bun adds a missing `.exe` to the name, and the executable is then not where it is looked for. */
function checkName({ file, target }: CompileOptions): void {
  const isForWindows = target?.startsWith("bun-windows-") ??
    process.platform === "win32";
  if (!isForWindows || file.endsWith(".exe")) return;
  throw new Error(`cannot build ${file}: for Windows it has to end with .exe`);
}

/** A folder for what is made on the way. */
class Workshop implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** On the same disk as `file`, so that it can be moved there in one step: who runs the old one is not disturbed. */
  static async beside(file: string): Promise<Workshop> {
    await mkdir(dirname(file), { recursive: true });
    return new Workshop(await mkdtemp(join(dirname(file), ".building-")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

async function run(args: string[], limitMs: number): Promise<Ending> {
  const child = spawn(BUN, args, { stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  child.stderr.on("data", (chunk) => chunks.push(chunk));
  let isOverdue = false;
  const timer = setTimeout(() => {
    isOverdue = true;
    child.kill("SIGKILL");
  }, limitMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    return { code, output: `${Buffer.concat(chunks)}`.trim(), isOverdue };
  } finally {
    clearTimeout(timer);
  }
}

function explain(
  { code, output, isOverdue }: Ending,
  { file, target, limitMs }: CompileOptions,
): string {
  const fetching = target === undefined
    ? ""
    : ` (Bun fetches its runtime for ${target} from the npm registry; is that in reach?)`;
  const [failure] = output.match(/^Failed to download.*$/m) ?? [];
  const why = isOverdue
    ? `not done after ${limitMs / 1000} s${fetching}`
    : failure !== undefined
    ? `${failure}${fetching}`
    : `the compiler ended with code ${code}:\n${output}`;
  return `cannot build ${file}: ${why}`;
}
