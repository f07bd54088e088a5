// The checksums of a release, in the form that `sha256sum -c` and `shasum -a 256 -c` take.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** A line for each of these files of a folder. */
export async function checksums(
  folder: string,
  names: readonly string[],
): Promise<string> {
  let lines = "";
  for (const name of names) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(folder, name)), hash);
    // Two blanks: the file is read as text or as bytes, which are the same.
    lines += `${hash.digest("hex")}  ${name}\n`;
  }
  return lines;
}
