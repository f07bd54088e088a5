// The platforms that a release has an executable for.

/** One of them. */
export interface Platform {
  /** What it is called in file names. */
  readonly name: string;
  /** What it is called in `bun build --target`. */
  readonly target: string;
  /** What names of programs end with there. */
  readonly extension?: ".exe";
  /** Whether what Bun builds for it carries a signature that does not fit, and is signed once more. */
  readonly signature?: "stale";
}

/** All of them. `musl` is for Alpine and its like, with `libstdc++` installed. */
export const PLATFORMS: readonly Platform[] = [
  { name: "linux-x64", target: "bun-linux-x64" },
  { name: "linux-arm64", target: "bun-linux-arm64" },
  { name: "linux-x64-musl", target: "bun-linux-x64-musl" },
  { name: "darwin-arm64", target: "bun-darwin-arm64" },
  { name: "darwin-x64", target: "bun-darwin-x64", signature: "stale" },
  { name: "windows-x64", target: "bun-windows-x64", extension: ".exe" },
];
