// Collects everything wrong with one config, and keeps secrets out of what is said about it.

import type { Place } from "../auth/scope.ts";
import { digestOf } from "../auth/token.ts";
import type { DocumentNode, Flaw, Position } from "./document.ts";
import { nodeAt, positionOf } from "./document_lookup.ts";
import type { Side } from "./document_lookup.ts";
import { formatPath, shortened } from "./path.ts";
import type { Path } from "./path.ts";
import type { Problem } from "./problems.ts";
import type { Text } from "./text.ts";

/** How many problems are told; a file with more is no config. */
export const MAX_PROBLEMS = 100;

/** Shorter tokens are only recognised as a whole: they may be part of any word. */
const MIN_PART_LENGTH = 8;

const HIDDEN = "(a token)";

/** Where a problem points, and what to do about it. */
export interface ReportOptions {
  readonly hint?: string;
  /** Default: `value`. */
  readonly at?: Side;
}

interface Finding extends ReportOptions {
  readonly severity: Problem["severity"];
  readonly position: Position;
  readonly path: Path;
  readonly message: string;
}

/** The problems of one file. */
export class Report {
  readonly #file: string;
  readonly #root: DocumentNode | undefined;
  readonly #findings: Finding[] = [];
  readonly #secrets = new Set<string>();
  readonly #digests = new Set<string>();
  #untold = 0;
  #failed = false;

  constructor(file: string, root: DocumentNode | undefined) {
    this.#file = file;
    this.#root = root;
  }

  /** Whether the config cannot be used. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Whether the file has something at this path, sound or not. */
  has(path: Path): boolean {
    return this.#root !== undefined && nodeAt(this.#root, path) !== undefined;
  }

  /** Where the file has this, as it may be shown. */
  place(path: Path, side: Side = "value"): Place {
    return { path: this.#shown(path), line: this.#position(path, side).line };
  }

  /** Makes a token's value unspeakable in every message. */
  conceal(secret: string): void {
    if (secret !== "") this.#secrets.add(secret);
  }

  /** Makes the token with this SHA-256 unspeakable, as far as it is a whole text. */
  concealDigest(digest: string): void {
    this.#digests.add(digest);
  }

  /** A text of the file as a message may show it: quoted, or by where it comes from, never a secret. */
  quote(text: Text): string {
    if (!text.isReference) return this.quoteKey(text.value ?? "");
    return `the value${text.source}`;
  }

  /** A key of the file as a message may show it. */
  quoteKey(key: string): string {
    return this.#isSecret(key) ? HIDDEN : JSON.stringify(shortened(key));
  }

  /** Something that makes the config unusable. */
  error(path: Path, message: string, options: ReportOptions = {}): void {
    this.#add("error", path, message, options);
  }

  /** Something the operator should know, and may leave as it is. */
  warn(path: Path, message: string, options: ReportOptions = {}): void {
    this.#add("warning", path, message, options);
  }

  /** Something wrong with the text itself. */
  flaw({ at, path, message, hint }: Flaw): void {
    this.#push({ severity: "error", position: at, path, message, hint });
  }

  /** Everything found, in the order of the file. */
  problems(): Problem[] {
    const found = this.#findings
      .toSorted((a, b) =>
        a.position.line - b.position.line ||
        a.position.column - b.position.column
      )
      .map((finding) => this.#problem(finding));
    const last = found.at(-1);
    if (last === undefined || this.#untold === 0) return found;
    const message = `found ${this.#untold} more problems after these`;
    const severity = this.#failed ? "error" : "warning";
    const { file, line, column } = last;
    return [...found, { severity, file, line, column, path: "", message }];
  }

  #add(
    severity: Problem["severity"],
    path: Path,
    message: string,
    options: ReportOptions,
  ): void {
    const position = this.#position(path, options.at ?? "value");
    this.#push({ severity, position, path, message, hint: options.hint });
  }

  #position(path: Path, side: Side): Position {
    return this.#root === undefined
      ? { line: 1, column: 1 }
      : positionOf(this.#root, path, side);
  }

  #shown(path: Path): string {
    return formatPath(
      path.map((step) =>
        typeof step === "string" && this.#isSecret(step) ? HIDDEN : step
      ),
    );
  }

  #push(finding: Finding): void {
    if (finding.severity === "error") this.#failed = true;
    if (this.#findings.length < MAX_PROBLEMS) this.#findings.push(finding);
    else this.#untold++;
  }

  #problem({ severity, position, path, message, hint }: Finding): Problem {
    return {
      severity,
      file: this.#file,
      ...position,
      path: this.#shown(path),
      message,
      ...(hint === undefined ? {} : { hint }),
    };
  }

  #isSecret(text: string): boolean {
    if (this.#secrets.has(text)) return true;
    if (this.#digests.size > 0 && this.#digests.has(digestOf(text))) {
      return true;
    }
    for (const secret of this.#secrets) {
      if (secret.length >= MIN_PART_LENGTH && text.includes(secret)) {
        return true;
      }
    }
    return false;
  }
}
