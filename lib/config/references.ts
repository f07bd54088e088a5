// The grammar of `$env:NAME` and `$env:NAME|default`, and of what looks like it (decision 0002).

/** What a text of the file means. */
export type Reference =
  | { readonly kind: "literal"; readonly value: string }
  | {
    readonly kind: "variable";
    readonly name: string;
    readonly fallback?: string;
  }
  | { readonly kind: "flaw"; readonly message: string; readonly hint: string };

/** How a reference begins. */
export const PREFIX = "$env:";
/** The name of a variable that a reference may name. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** `$env:` in any case, unless another `$` before it makes it literal. */
const BARE_REFERENCE = /(?<!\$)\$env:/i;
/** `${…}`, the references of other tools, unless another `$` before it makes it literal. */
const FOREIGN_REFERENCE = /(?<!\$)\$\{([^{}]*)\}/;
const ESCAPED = /\$(\$+(?:env:|\{))/gi;
/** Variables that editors fill in, and that no environment has. */
const EDITOR_PATHS = /^(?:workspaceFolder|workspaceFolderBasename|userHome)$/;

/** Reads a text as it stands in the file. The flaw's texts never show a part of it that could be a secret. */
export function parseReference(raw: string): Reference {
  const foreign = FOREIGN_REFERENCE.exec(raw);
  if (foreign !== null) return foreignFlaw(raw, foreign);
  if (raw.startsWith(PREFIX)) return variableReference(raw);
  if (BARE_REFERENCE.test(raw)) return strayFlaw(raw);
  return { kind: "literal", value: unescaped(raw) };
}

function variableReference(raw: string): Reference {
  const rest = raw.slice(PREFIX.length);
  const bar = rest.indexOf("|");
  const name = bar < 0 ? rest : rest.slice(0, bar);
  if (!VARIABLE_NAME.test(name)) {
    const found = name === "" ? "nothing" : "no name of a variable";
    return {
      kind: "flaw",
      message: `found ${found} after "$env:"; a name of A-Z, a-z, 0-9 and _ ` +
        "that does not begin with a digit is wanted",
      hint: 'write "$env:NAME" or "$env:NAME|default", ' +
        'or "$$env:" where a literal "$env:" is meant',
    };
  }
  if (bar < 0) return { kind: "variable", name };
  const fallback = rest.slice(bar + 1);
  if (BARE_REFERENCE.test(fallback)) {
    return {
      kind: "flaw",
      message: `found "$env:" in the default of ${name}; ` +
        "a default is literal",
      hint: 'write "$$env:" where a literal "$env:" is meant',
    };
  }
  return { kind: "variable", name, fallback: unescaped(fallback) };
}

function strayFlaw(raw: string): Reference {
  const atStart = raw.search(BARE_REFERENCE) === 0;
  return {
    kind: "flaw",
    message: atStart
      ? 'found "$env:" not in lower case, which is not replaced'
      : 'found "$env:" inside a string, where it is not replaced; ' +
        "a reference is the whole value",
    hint: 'put the whole text into a variable and write "$env:NAME", ' +
      'or write "$$env:" where a literal "$env:" is meant',
  };
}

function foreignFlaw(raw: string, found: RegExpExecArray): Reference {
  const inside = found[1];
  const literal = 'or "$${" where a literal "${" is meant';
  if (EDITOR_PATHS.test(inside)) {
    return {
      kind: "flaw",
      message: `found "\${${inside}}", which only an editor can replace`,
      hint: `write the path; relative ones begin at this file; ${literal}`,
    };
  }
  const { shown, wanted } = translation(inside);
  const whole = found[0].length === raw.length;
  return {
    kind: "flaw",
    message: `found "${shown}", which is not replaced here`,
    hint: whole
      ? `write "${wanted}", ${literal}`
      : `put the whole text into a variable and write "${wanted}" as the ` +
        `whole value, ${literal}`,
  };
}

/** `${VAR}`, `${env:VAR}`, `${VAR:-default}`, `${input:id}` in our words; a default stays unsaid. */
function translation(inside: string): { shown: string; wanted: string } {
  const parts = /^(env:|input:)?([A-Za-z_][A-Za-z0-9_-]*)(:-.*)?$/s.exec(
    inside,
  );
  if (parts === null) return { shown: "${…}", wanted: "$env:NAME" };
  const [, kind = "", name, fallback] = parts;
  const end = fallback === undefined ? "" : ":-…";
  const variable = kind === "input:" || !VARIABLE_NAME.test(name)
    ? name.replace(/[^A-Za-z0-9_]/g, "_").toUpperCase()
    : name;
  return {
    shown: `\${${kind}${name}${end}}`,
    wanted: `$env:${variable}${fallback === undefined ? "" : "|default"}`,
  };
}

function unescaped(raw: string): string {
  return raw.replace(ESCAPED, "$1");
}
