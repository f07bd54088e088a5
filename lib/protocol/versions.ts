// The dated revisions of MCP and what differs between them on the wire.

/** What a legacy revision allows or asks for; the source is each revision's `basic/transports`. */
export interface RevisionTraits {
  /** JSON-RPC batches may be received (2025-03-26 only; removed in 2025-06-18). */
  readonly batches: boolean;
  /** A call's stream begins with an event id and empty data, so that it can be resumed (2025-11-25). */
  readonly priming: boolean;
}

const LEGACY_REVISIONS: ReadonlyMap<string, RevisionTraits> = new Map([
  ["2024-10-07", { batches: false, priming: false }],
  ["2024-11-05", { batches: false, priming: false }],
  ["2025-03-26", { batches: true, priming: false }],
  ["2025-06-18", { batches: false, priming: false }],
  ["2025-11-25", { batches: false, priming: true }],
]);

const NO_TRAITS: RevisionTraits = { batches: false, priming: false };

/** The newest revision with the `initialize` handshake. */
export const LATEST_LEGACY_REVISION = "2025-11-25";

/** The first revision without sessions (the modern era). */
export const FIRST_MODERN_REVISION = "2026-07-28";

/** The revisions of the modern era, oldest first. A new one that changes nothing on the wire is one more line. */
const MODERN_REVISIONS: readonly string[] = [
  FIRST_MODERN_REVISION,
];

/** The newest revision in which each request describes itself. */
export const LATEST_MODERN_REVISION = MODERN_REVISIONS.at(-1) as string;

/** The newest revision of the modern era that the gateway speaks and that is among `offered`, such as the `supportedVersions` of a server. */
export function commonModernRevision(offered: unknown): string | undefined {
  if (!Array.isArray(offered)) return undefined;
  return MODERN_REVISIONS.findLast((revision) => offered.includes(revision));
}

/** The revisions of the initialize era, oldest first. */
export function legacyRevisions(): string[] {
  return [...LEGACY_REVISIONS.keys()];
}

/** Whether `revision` is one of the initialize era that the gateway knows. */
export function isLegacyRevision(revision: string): boolean {
  return LEGACY_REVISIONS.has(revision);
}

/** Whether `revision` is one of the modern era that the gateway knows. */
export function isServedModernRevision(revision: string): boolean {
  return MODERN_REVISIONS.includes(revision);
}

/** Every revision that clients may speak to the gateway, the newest first. */
export function servedRevisions(): string[] {
  return [...LEGACY_REVISIONS.keys(), ...MODERN_REVISIONS].reverse();
}

/** Whether `revision` is dated like one of the modern era (2026-07-28 or later). */
export function isModernRevision(revision: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(revision) &&
    revision >= FIRST_MODERN_REVISION;
}

/** The traits of a revision; an unknown or absent one has none. */
export function traitsOf(revision: string | undefined): RevisionTraits {
  return LEGACY_REVISIONS.get(revision ?? "") ?? NO_TRAITS;
}
