// The files of a release: an executable for each platform and their checksums, in `dist/release`.

import {
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { VERSION } from "../lib/version.ts";
import { compile } from "./compile.ts";
import { checksums } from "./release/checksums.ts";
import { PLATFORMS } from "./release/platforms.ts";
import type { Platform } from "./release/platforms.ts";
import { signAdHoc } from "./release/sign_ad_hoc.ts";

const USAGE =
  `usage: deno task release [--folder DIR] [--limit SECONDS] [PLATFORM…]
platforms: ${PLATFORMS.map(({ name }) => name).join(" ")}`;

/** For one platform, with the download of some 40 MB the first time. */
const LIMIT_SECONDS = "300";
const EXECUTABLE_MODE = 0o755;
const MEGABYTE = 1_000_000;

const CHECKSUMS = "SHA256SUMS";
const PREFIX = "mcp-front-";

interface Order {
  /** What an earlier release left in it is removed. */
  readonly folder: string;
  readonly limitMs: number;
  readonly platforms: readonly Platform[];
}

process.exitCode = await release(process.argv.slice(2)).then(
  () => 0,
  (error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return 1;
  },
);

async function release(args: string[]): Promise<void> {
  const { folder, limitMs, platforms } = readOrder(args);
  await mkdir(folder, { recursive: true });
  await removeRelease(folder);
  const names: string[] = [];
  for (const platform of platforms) {
    names.push(await build(platform, { folder, limitMs }));
  }
  const text = await checksums(folder, names);
  await writeFile(join(folder, CHECKSUMS), text);
}

function readOrder(args: string[]): Order {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      folder: { type: "string", default: join("dist", "release") },
      limit: { type: "string", default: LIMIT_SECONDS },
    },
  });
  const limitMs = Number(values.limit) * 1_000;
  if (!(limitMs > 0)) throw new Error(`--limit is not a number\n${USAGE}`);
  const named = positionals.map((name) => {
    const platform = PLATFORMS.find((one) => one.name === name);
    if (!platform) throw new Error(`no platform is called ${name}\n${USAGE}`);
    return platform;
  });
  const platforms = named.length === 0 ? PLATFORMS : named;
  return { folder: values.folder, limitMs, platforms };
}

async function removeRelease(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const isOfRelease = name === CHECKSUMS || name.startsWith(PREFIX);
    if (isOfRelease) await rm(join(folder, name));
  }
}

/** Builds the executable of one platform and gives the name of its file. */
async function build(
  { name: platform, target, extension, signature }: Platform,
  { folder, limitMs }: Pick<Order, "folder" | "limitMs">,
): Promise<string> {
  const begin = performance.now();
  const name = `${PREFIX}${VERSION}-${platform}${extension ?? ""}`;
  const file = join(folder, name);
  await compile({ file, target, limitMs });
  if (signature === "stale") {
    const signed = signAdHoc(await readFile(file), "mcp-front");
    await writeFile(file, signed, { mode: EXECUTABLE_MODE });
  }
  const megabytes = ((await stat(file)).size / MEGABYTE).toFixed(1);
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
  console.log(`${name.padEnd(34)} ${megabytes} MB in ${seconds} s`);
  return name;
}
