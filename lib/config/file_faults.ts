// Why a file cannot be read, in words.

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "there is no such file"],
  ["EACCES", "the file may not be read"],
  ["EPERM", "the file may not be read"],
  ["EISDIR", "this is a folder, not a file"],
]);

const HINTS: ReadonlyMap<unknown, string> = new Map([
  ["EACCES", "let this user read it, or start mcp-front as its owner"],
  ["EPERM", "let this user read it, or start mcp-front as its owner"],
  ["EISDIR", "name the file in it"],
]);

/** The reason in an error of the file system. */
export function fileFault(error: unknown): string {
  const code = codeOf(error);
  return REASONS.get(code) ?? `the file cannot be read (${code})`;
}

/** What to do where it was the configuration that could not be read; undefined where that is not known. */
export function faultHint(error: unknown): string | undefined {
  return HINTS.get(codeOf(error));
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
