// What a file of a client holds, whatever state it is in. It is only ever read.

import { readFile, stat } from "node:fs/promises";
import { loadToml } from "../../../deps.ts";
import { parseDocument } from "../../config/document.ts";
import type { DocumentNode } from "../../config/document.ts";
import { fileFault } from "../../config/file_faults.ts";

/** A larger file is left alone. That of Claude Code keeps more than settings, and grows. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** How a client writes its settings. */
export type FileFormat = "json" | "toml";

/** Members by key; their keys and values are anything. */
export type Members = Readonly<Record<string, unknown>>;

/** What became of a file. */
export type ClientFile =
  | { readonly kind: "absent" }
  | { readonly kind: "settings"; readonly root: Members }
  | {
    readonly kind: "fault";
    /** In words; none of the file's own. */
    readonly problem: string;
  };

/** Reads a file: JSON may have comments and trailing commas. Never throws for what is in the file. */
export async function readClientFile(
  path: string,
  format: FileFormat,
): Promise<ClientFile> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path).then(refuseOddFile);
    if (size > MAX_FILE_BYTES) {
      return fault(`it has more than ${MAX_FILE_BYTES} bytes`);
    }
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof OddFile) return fault(error.message);
    const { code } = error as { code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    return fault(fileFault(error));
  }
  const text = textOf(bytes);
  if (text === undefined) return fault("it has bytes that are not UTF-8");
  if (text.trim() === "") return { kind: "settings", root: {} };
  return format === "json" ? readJson(text) : await readToml(text);
}

/** Whether a value has members by key. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

class OddFile extends Error {}

/** A pipe might never end. */
function refuseOddFile<Stat extends { isFile(): boolean }>(stats: Stat): Stat {
  if (stats.isFile()) return stats;
  throw new OddFile("it is no ordinary file");
}

function readJson(text: string): ClientFile {
  try {
    return settings(JSON.parse(text));
  } catch {
    // Comments or trailing commas, which most clients take, or a mistake: the other parser says which.
    const { root, flaws: [flaw] } = parseDocument(text);
    if (root !== undefined) return settings(plain(root));
    const place = flaw && `line ${flaw.at.line}, column ${flaw.at.column}: `;
    return fault(`${place ?? ""}${flaw?.message ?? "it is no JSON"}`);
  }
}

async function readToml(text: string): Promise<ClientFile> {
  const { parse, TomlError } = await loadToml();
  try {
    return settings(parse(text, { integersAsBigInt: "asNeeded" }));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Its message goes on with lines of the file, which may have secrets.
    const [said = ""] = error.message.split("\n");
    const why = said.replace("Invalid TOML document: ", "");
    return fault(`line ${error.line}, column ${error.column}: ${why}`);
  }
}

function settings(root: unknown): ClientFile {
  return isMembers(root)
    ? { kind: "settings", root }
    : fault("it holds no object");
}

function plain(node: DocumentNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "array") return node.items.map(plain);
  return Object.fromEntries(
    [...node.members].map(([key, { value }]) => [key, plain(value)]),
  );
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // The decoder says no more than that it failed.
    return undefined;
  }
}

function fault(problem: string): ClientFile {
  return { kind: "fault", problem };
}
