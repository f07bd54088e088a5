// Where something stands in a config: the keys and indexes that lead to it.

/** The keys and indexes from the root of the file, such as `["mcpServers", "files", "args", 0]`. */
export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[\w-]+$/;
const MAX_KEY_LENGTH = 80;

/** A path as people write it: `mcpServers.files.args[0]`, `proxy.auth.tokens["my token"]`. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join("").replace(/^\./, "");
}

/** A text cut to what fits into a message. */
export function shortened(text: string): string {
  return text.length > MAX_KEY_LENGTH
    ? `${text.slice(0, MAX_KEY_LENGTH)}…`
    : text;
}

function formatStep(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  const plain = PLAIN_KEY.test(step) && step.length <= MAX_KEY_LENGTH;
  return plain ? `.${step}` : `[${JSON.stringify(shortened(step))}]`;
}
