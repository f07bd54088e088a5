// What a person is told of an import.

import { escapeInvisible } from "../../telemetry/loggable.ts";
import type { Omission } from "./draft.ts";
import type { TakenServer } from "./merge.ts";
import type { TakenOver } from "./take_over.ts";
import { referencesIn } from "./template.ts";
import type { Template } from "./template.ts";
import { isPlain } from "./variables.ts";
import type { NeededVariable } from "./variables.ts";
import { recipe } from "./written.ts";

/** Which server comes from where, what is left out, and why. Ends with an empty line; empty where nothing was found. */
export function importSummary({ servers, omitted }: TakenOver): string {
  const losses = servers.flatMap(({ name, losses }) =>
    losses.map((loss): [string, string] => [name, loss])
  );
  return [
    section("Taken over:", servers.map(takenRow)),
    section("Not taken over:", omitted.map(omittedRow)),
    section("Taken over, but without:", losses),
  ].join("");
}

/** For where there is no server: what was looked for. */
export function nothingFound({ looked }: TakenOver): string {
  const files = looked.map((file) => `  ${escapeInvisible(file)}\n`).join("");
  return `No client has a server to take over. Looked for:\n\n${files}\n`;
}

/** Lines that set what is not set yet, in the order in which they can be run; empty where there is nothing to set. */
export function variableLines(
  { variables }: TakenOver,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const unset = variables.filter(({ name, hasDefault }) =>
    !hasDefault && !environment[name]
  );
  const single = unset.filter(({ text }) => text === undefined);
  const composed = unset.filter(({ text }) => text !== undefined);
  const named = new Set(single.map(({ name }) => name));
  const parts = composed.flatMap(({ text = [] }) => variablesIn(text))
    .filter((name) => !environment[name] && !named.has(name));
  return [
    ...single.map(exportLine),
    ...new Set(parts.map((name) => exportLine({ name }))),
    ...composed.map(exportLine),
  ];
}

/** Those of which a text is put together. */
function variablesIn(text: Template): string[] {
  return referencesIn(text).flatMap((part) =>
    part.kind === "variable" && part.fallback === undefined ? [part.name] : []
  );
}

function exportLine(
  { name, text, description }: Omit<NeededVariable, "hasDefault">,
): string {
  // What stands around the references may be a secret itself.
  const value = text !== undefined && isPlain(text) ? recipe(text) : "…";
  const asked = description ?? descriptionIn(text);
  const comment = asked === undefined ? "" : `  # ${asked}`;
  return escapeInvisible(`export ${name}=${value}${comment}`);
}

function descriptionIn(text: Template = []): string | undefined {
  const inputs = referencesIn(text).flatMap((part) =>
    part.kind === "input" ? [part.input] : []
  );
  return inputs.find(({ description }) => description !== undefined)
    ?.description;
}

function takenRow({ name, theirs, origins }: TakenServer): [string, string] {
  const renamed = name === theirs ? "" : `, ${JSON.stringify(theirs)} there`;
  return [name, `${origins.join("; ")}${renamed}`];
}

function omittedRow({ name = "", origin, reason }: Omission): [string, string] {
  return [name, `${origin}: ${reason}`];
}

function section(
  title: string,
  rows: readonly (readonly [string, string])[],
): string {
  if (rows.length === 0) return "";
  const shown = rows.map((row) => row.map(escapeInvisible));
  const width = Math.max(...shown.map(([name = ""]) => name.length));
  const lines = shown.map(([name = "", rest]) =>
    name === "" ? `  ${rest}\n` : `  ${name.padEnd(width)}  ${rest}\n`
  );
  return `${title}\n\n${lines.join("")}\n`;
}
