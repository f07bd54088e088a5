// Output schemas of the modern era as those of the initialize era, which are always about an object.

type Schema = Readonly<Record<string, unknown>>;

/** The member that holds what is no object (as the official SDK names it). */
export const WRAPPED = "result";

/** Keywords whose values are no schemas. */
const VALUES: readonly string[] = ["const", "enum", "default", "examples"];
/** Keywords that hold schemas by names, not by keywords. */
const MAPS: readonly string[] = [
  "properties",
  "patternProperties",
  "dependentSchemas",
  "$defs",
  "definitions",
];
const REFERENCES: readonly string[] = ["$ref", "$dynamicRef"];

/** Schemas that nest deeper are left as they are. */
const MAX_DEPTH = 64;

/** Whether what a schema describes need not be an object (2025-11-25 `schema` § Tool wants `type: "object"`). */
export function needsWrapping(schema: unknown): schema is Schema {
  return isObject(schema) && schema.type !== "object";
}

/** The schema of an object whose only member is what `schema` describes; pointers within it lead where they led. */
export function wrappedSchema(schema: Schema): Schema {
  const { $schema } = schema;
  return {
    ...(typeof $schema === "string" && { $schema }),
    type: "object",
    properties: { [WRAPPED]: moved(schema, "schema", 0) },
    required: [WRAPPED],
  };
}

/** One with an `$id` is a document of its own, whose pointers begin there (JSON Schema 2020-12 § 8.2.1). */
function moved(
  node: unknown,
  kind: "schema" | "map",
  depth: number,
): unknown {
  if (depth > MAX_DEPTH) return node;
  if (Array.isArray(node)) {
    return node.map((one) => moved(one, "schema", depth + 1));
  }
  if (!isObject(node) || (kind === "schema" && isDocument(node))) return node;
  const entries = Object.entries(node).map(([key, value]) => {
    if (kind === "map") return [key, moved(value, "schema", depth + 1)];
    if (REFERENCES.includes(key)) return [key, movedPointer(value)];
    if (VALUES.includes(key)) return [key, value];
    const inner = MAPS.includes(key) ? "map" : "schema";
    return [key, moved(value, inner, depth + 1)];
  });
  return Object.fromEntries(entries);
}

function movedPointer(pointer: unknown): unknown {
  if (typeof pointer !== "string") return pointer;
  const isPointer = pointer === "#" || pointer.startsWith("#/");
  return isPointer ? `#/properties/${WRAPPED}${pointer.slice(1)}` : pointer;
}

function isDocument({ $id }: Schema): boolean {
  return typeof $id === "string" && !$id.startsWith("#");
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
