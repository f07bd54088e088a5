// Servers as they stand in our configuration.

import { escapeInvisible } from "../../telemetry/loggable.ts";
import { textsOf } from "./draft.ts";
import type { ServerDraft } from "./draft.ts";
import type { TakenServer } from "./merge.ts";
import type { Template } from "./template.ts";
import type { Variables } from "./variables.ts";

/** An entry of `mcpServers`. */
export type WrittenServer = Readonly<Record<string, unknown>>;

/** Shorter arrays stand on one line. */
const LINE_CHARS = 76;

/** The entry of a server in our words. */
export function writtenServer(
  name: string,
  draft: ServerDraft,
  variables: Variables,
): WrittenServer {
  const { args, env, headers, ...rest } = draft;
  const text = (template: Template | undefined, ...path: (string | number)[]) =>
    template && variables.written(template, [name, ...path]);
  const texts = (key: string, all: ServerDraft["env"]) =>
    all && Object.fromEntries(
      Object.entries(all).map(([one, template]) => [
        one,
        text(template, key, one),
      ]),
    );
  return {
    command: text(rest.command, "command"),
    args: args?.map((template, index) => text(template, "args", index)),
    env: texts("env", env),
    inheritEnv: rest.inheritEnv,
    cwd: text(rest.cwd, "cwd"),
    url: text(rest.url, "url"),
    transport: rest.transport,
    headers: texts("headers", headers),
    timeouts: rest.timeouts,
    toolFilter: rest.toolFilter,
  };
}

/** The members of `mcpServers`, each below where it comes from and what its new variables hold. */
export function writtenServers(
  servers: readonly { taken: TakenServer; written: WrittenServer }[],
): string {
  return servers.map(({ taken, written }) => {
    const entry = jsonc(written, "    ");
    return [
      ...taken.origins,
      ...composed(taken.draft, written),
    ].map((line) => `    // ${escapeInvisible(line)}\n`).join("") +
      `    ${JSON.stringify(taken.name)}: ${entry}`;
  }).join(",\n\n") + "\n";
}

/** What each variable holds that stands for a text of several parts. */
function composed(draft: ServerDraft, written: WrittenServer): string[] {
  return textsOf(draft).flatMap(([path, template]) => {
    if (template.length < 2) return [];
    const value = path.reduce<unknown>(
      (inside, step) => (inside as Record<string | number, unknown>)[step],
      written,
    );
    const name = String(value).replace(/^\$env:(\w+).*$/s, "$1");
    return [`${name} is to hold ${recipe(template)}`];
  });
}

/** A text with shell variables in place of its references, in double quotes; what only a person knows is `…`. */
export function recipe(template: Template): string {
  const parts = template.map((part) => {
    if (typeof part === "string") return part.replaceAll(/[$`"\\]/g, "\\$&");
    if (part.kind !== "variable") return "…";
    const { name, fallback } = part;
    return fallback === undefined ? `\${${name}}` : `\${${name}:-${fallback}}`;
  });
  return `"${parts.join("")}"`;
}

function jsonc(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    if (line.length + indent.length <= LINE_CHARS) return line;
    const items = value.map((item) => `${indent}  ${jsonc(item, indent)}`);
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) =>
      `${indent}  ${JSON.stringify(key)}: ${jsonc(member, `${indent}  `)}`
    );
  return `{\n${members.join(",\n")}\n${indent}}`;
}
