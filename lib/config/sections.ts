// Every kind of object in the file: where it stands, and the keys it may have.

import type { Path } from "./path.ts";
import {
  authSchema,
  fileSchema,
  grantSchema,
  introspectionSchema,
  limitsSchema,
  namesSchema,
  proxySchema,
  rootSchema,
  rulesSchema,
  scopedTokenSchema,
  serverSchema,
  timeoutsSchema,
  tlsSchema,
  toolFilterSchema,
} from "./schema.ts";

/** A kind of object in the file. */
export interface Section {
  /** The path that leads to it; `*` stands for any key. */
  readonly path: readonly string[];
  readonly keys: readonly string[];
}

const TOKEN_PATH = ["proxy", "auth", "tokens", "*"];
const SCOPE_PATH = ["proxy", "auth", "scopes", "*"];

/** Every kind of object in the file with fixed keys. */
export const SECTIONS: readonly Section[] = [
  section([], fileSchema.shape),
  section(["proxy"], proxySchema.shape),
  section(["proxy", "auth"], authSchema.shape),
  section(["proxy", "auth", "introspection"], introspectionSchema.shape),
  section(["proxy", "root"], rootSchema.shape),
  section(["proxy", "tls"], tlsSchema.shape),
  section(["mcpServers", "*"], serverSchema.shape),
  section(["mcpServers", "*", "timeouts"], timeoutsSchema.shape),
  section(["mcpServers", "*", "toolFilter"], toolFilterSchema.shape),
  // Last: where a misplaced key could also belong to a server, it more likely does.
  section(["proxy", "limits"], limitsSchema.shape),
  ...rulesSections(TOKEN_PATH, scopedTokenSchema.shape),
  ...rulesSections([...TOKEN_PATH, "servers", "*"], rulesSchema.shape),
  ...rulesSections(SCOPE_PATH, grantSchema.shape),
  ...rulesSections([...SCOPE_PATH, "servers", "*"], rulesSchema.shape),
];

/** The section an object at this path is; undefined where keys are free. */
export function sectionAt(path: Path): Section | undefined {
  return SECTIONS.find((section) =>
    section.path.length === path.length &&
    section.path.every((step, index) => step === "*" || step === path[index])
  );
}

/** The object itself, and those in it that have lists of patterns. */
function rulesSections(
  path: string[],
  shape: Record<string, unknown>,
): Section[] {
  const kinds = ["tools", "prompts", "resources"];
  return [
    section(path, shape),
    ...kinds.map((kind) => section([...path, kind], namesSchema.shape)),
  ];
}

function section(path: string[], shape: Record<string, unknown>): Section {
  return { path, keys: Object.keys(shape) };
}
