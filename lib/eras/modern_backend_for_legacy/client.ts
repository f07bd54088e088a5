// What a client of the initialize era has said of itself, and how requests of the modern era say it for it.

import type { Envelope } from "../../channel/envelope.ts";
import { memberOf } from "../../channel/object_members.ts";
import { META } from "../../protocol/meta.ts";
import {
  isLegacyRevision,
  LATEST_LEGACY_REVISION,
  LATEST_MODERN_REVISION,
} from "../../protocol/versions.ts";
import { withoutTasks } from "../legacy_backend_for_modern/introduction.ts";
import type { Capabilities } from "../legacy_backend_for_modern/needed_capability.ts";
import type { Severity } from "../legacy_backend_for_modern/log_severity.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const EMPTY = encoder.encode("{}");

/** The client of one session, from its `initialize` on. */
export class LegacyClient {
  /** That the session speaks: what the client asks for, else the newest (2025-11-25 `basic/lifecycle` § Version Negotiation). */
  readonly revision: string;
  readonly capabilities: Capabilities;
  /** That of the server. */
  #modernRevision = LATEST_MODERN_REVISION;
  readonly #info: string | undefined;
  readonly #capabilitiesText: string;
  #level?: Severity;
  #meta?: Readonly<Record<string, string>>;

  constructor(initialize: Envelope) {
    const { params } = initialize.message();
    const asked = params?.protocolVersion;
    const isKnown = typeof asked === "string" && isLegacyRevision(asked);
    this.revision = isKnown ? asked : LATEST_LEGACY_REVISION;
    const said = memberOf(initialize.bytes, "params") ?? EMPTY;
    const info = memberOf(said, "clientInfo");
    this.#info = isObject(params?.clientInfo) && info
      ? decoder.decode(info)
      : undefined;
    const own = memberOf(said, "capabilities");
    const declared = isObject(params?.capabilities) && own ? own : EMPTY;
    this.#capabilitiesText = decoder.decode(withoutTasks(declared));
    this.capabilities = JSON.parse(this.#capabilitiesText);
  }

  /** What it wants to be told of what the server logs from now on. */
  set level(level: Severity) {
    this.#level = level;
    this.#meta = undefined;
  }

  /** The revision of the server that requests are made in. */
  get modernRevision(): string {
    return this.#modernRevision;
  }

  set modernRevision(revision: string) {
    this.#modernRevision = revision;
    this.#meta = undefined;
  }

  /** The members of `_meta` that describe it, as JSON texts (2026-07-28 `basic` § `_meta`). */
  get meta(): Readonly<Record<string, string>> {
    this.#meta ??= {
      [META.protocolVersion]: JSON.stringify(this.#modernRevision),
      ...(this.#info && { [META.clientInfo]: this.#info }),
      [META.clientCapabilities]: this.#capabilitiesText,
      ...(this.#level && { [META.logLevel]: JSON.stringify(this.#level) }),
    };
    return this.#meta;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
