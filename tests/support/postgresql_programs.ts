// Where PostgreSQL's own programs are: installed, else fetched from the packages of Debian or Ubuntu.

import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { arch, tmpdir, userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { unpackDebianPackage } from "./debian_package.ts";

/** What it takes to run them. */
export interface PostgresqlPrograms {
  /** The folder with `initdb` and `postgres`. */
  readonly bin: string;
  /** Folders with libraries that the system lacks. */
  readonly libraries: readonly string[];
}

/** The programs, or why there are none. */
export type FoundPostgresql =
  | { readonly programs: PostgresqlPrograms }
  | { readonly missing: string };

/** Looks for the programs; the first time on a machine without them this downloads some 70 MB. */
export function findPostgresql(): FoundPostgresql {
  const installed = newestBelow("/") ?? onPath();
  if (installed) return { programs: { bin: installed, libraries: [] } };
  try {
    return { programs: fetched(join(tmpdir(), cacheName())) };
  } catch (error) {
    return {
      missing: "PostgreSQL is not installed (there is no initdb in " +
        "/usr/lib/postgresql/*/bin nor on PATH) and could not be fetched:\n" +
        (error as Error).message,
    };
  }
}

/** The programs where Debian's packages have them, below `root`. */
function newestBelow(root: string): string | undefined {
  const home = join(root, "usr/lib/postgresql");
  if (!existsSync(home)) return undefined;
  return readdirSync(home)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(home, version, "bin"))
    .find(hasPrograms);
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.map((folder) => join(folder, "initdb"))
    .find((file) => existsSync(file));
  const bin = found && dirname(realpathSync(found));
  return bin && hasPrograms(bin) ? bin : undefined;
}

function hasPrograms(bin: string): boolean {
  return ["initdb", "postgres"].every((name) => existsSync(join(bin, name)));
}

/** Programs of one release of a system do not run on every other; users do not trust each other's files. */
function cacheName(): string {
  const text = readFileSync("/etc/os-release", "utf8");
  const [id, version] = ["ID", "VERSION_ID"].map((key) =>
    text.match(new RegExp(`^${key}="?([\\w.-]*)`, "m"))?.[1] ?? "any"
  );
  const { uid } = userInfo();
  return `mcp-front-postgresql-${id}-${version}-${arch()}-${uid}`;
}

function fetched(root: string): PostgresqlPrograms {
  if (existsSync(root) && lstatSync(root).uid !== userInfo().uid) {
    throw new Error(`${root} belongs to somebody else`);
  }
  if (!newestBelow(root)) {
    rmSync(root, { recursive: true, force: true });
    unpackDebianPackage("postgresql", root);
  }
  const bin = newestBelow(root);
  if (!bin) throw new Error("the package postgresql has no initdb");
  return { bin, libraries: librariesBelow(root) };
}

/** Debian keeps them in a folder named after the machine: `usr/lib/x86_64-linux-gnu`. */
function librariesBelow(root: string): string[] {
  return ["lib", "usr/lib"].map((name) => join(root, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder).filter((name) => name.includes("-linux-"))
        .map((name) => join(folder, name))
    );
}
