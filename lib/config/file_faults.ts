// Why a file cannot be read, in words.

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "there is no such file"],
  ["EACCES", "the file may not be read"],
  ["EPERM", "the file may not be read"],
  ["EISDIR", "this is a folder, not a file"],
]);

/** The reason in an error of the file system. */
export function fileFault(error: unknown): string {
  const code = error instanceof Error && "code" in error
    ? error.code
    : undefined;
  return REASONS.get(code) ?? `the file cannot be read (${code})`;
}
