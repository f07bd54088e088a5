// The files of a Debian package without installing it: no rights are needed, and the system stays as it is.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

const DOWNLOAD_LIMIT_MS = 300_000;
const UNPACK_LIMIT_MS = 60_000;

/** Readable for the user that the programs may run as. */
const FOLDER_MODE = 0o755;

/**
 * Downloads a package with all it needs that the system has not, and unpacks it as `folder`, which is whole from the
 * moment it exists. Throws with every command that failed.
 */
export function unpackDebianPackage(name: string, folder: string): void {
  const work = mkdtempSync(`${folder}-`);
  try {
    const root = join(work, "root");
    mkdirSync(root);
    chmodSync(root, FOLDER_MODE);
    for (const file of download(name, work)) {
      run(["dpkg-deb", "-x", file, root], { limitMs: UNPACK_LIMIT_MS });
    }
    giveName(root, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function giveName(made: string, folder: string): void {
  try {
    renameSync(made, folder);
  } catch (error) {
    // Another process may have been first, with the same files, and run them already.
    if (!existsSync(folder)) throw error;
  }
}

/** Downloads by the package lists of the system and, where they are missing or too old, by new ones. */
function download(name: string, work: string): string[] {
  const archives = folderFor("archives", work);
  const lists = folderFor("lists", work);
  const shared = { ...WITHOUT_RIGHTS, "Dir::Cache::archives": archives };
  const own = { ...shared, ...HONEST_UPDATE, "Dir::State::lists": lists };
  const install = ["install", "--download-only", "--yes"];
  const wanted = [...install, "--no-install-recommends", name];
  const problems = problemsOf(shared, wanted);
  if (problems.length > 0) {
    problems.push(...problemsOf(own, ["update"]));
    const last = problemsOf(own, wanted);
    if (last.length > 0) throw new Error([...problems, ...last].join("\n"));
  }
  return readdirSync(archives).filter((file) => file.endsWith(".deb"))
    .map((file) => join(archives, file));
}

/** Lets everybody use apt-get who installs nothing. */
const WITHOUT_RIGHTS: AptOptions = {
  "Debug::NoLocking": "1",
  "APT::Sandbox::User": "root",
  "Dir::Cache::pkgcache": "",
  "Dir::Cache::srcpkgcache": "",
};

/** An update that could not fetch every list is a problem to tell of. */
const HONEST_UPDATE: AptOptions = { "APT::Update::Error-Mode": "any" };

type AptOptions = Readonly<Record<string, string>>;

/** A folder as apt wants it. */
function folderFor(what: string, work: string): string {
  const path = join(work, what);
  mkdirSync(join(path, "partial"), { recursive: true });
  return path;
}

/** Runs apt-get; nothing, or the one problem that it had. */
function problemsOf(options: AptOptions, args: readonly string[]): string[] {
  const settings = Object.entries(options)
    .flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  try {
    run(["apt-get", ...settings, ...args], {
      env: { LC_ALL: "C" },
      limitMs: DOWNLOAD_LIMIT_MS,
    });
    return [];
  } catch (error) {
    return [(error as Error).message.replace(`${settings.join(" ")} `, "")];
  }
}
