// The grammar of `$env:NAME`, `$env:NAME|default` and `$file:PATH`, and of what looks like them (decisions 0002, 0014).

/** What a text of the file means. */
export type Reference =
  | { readonly kind: "literal"; readonly value: string }
  | {
    readonly kind: "variable";
    readonly name: string;
    readonly fallback?: string;
  }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "flaw"; readonly message: string; readonly hint: string };

/** How a reference to a variable begins. */
export const PREFIX = "$env:";
/** The name of a variable that a reference may name. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** How a reference to a file begins; a path follows. */
export const FILE_PREFIX = "$file:";
/** `$env:` or `$file:` in any case, unless another `$` before it makes it literal. */
const BARE_REFERENCE = /(?<!\$)\$(env|file):/i;
/** `${…}`, the references of other tools, unless another `$` before it makes it literal. */
const FOREIGN_REFERENCE = /(?<!\$)\$\{([^{}]*)\}/;
const ESCAPED = /\$(\$+(?:env:|file:|\{))/gi;
/** Variables that editors fill in, and that no environment has. */
const EDITOR_PATHS = /^(?:workspaceFolder|workspaceFolderBasename|userHome)$/;

/** Reads a text as it stands in the file. The flaw's texts never show a part of it that could be a secret. */
export function parseReference(raw: string): Reference {
  const foreign = FOREIGN_REFERENCE.exec(raw);
  if (foreign !== null) return foreignFlaw(raw, foreign);
  if (raw.startsWith(PREFIX)) return variableReference(raw);
  if (raw.startsWith(FILE_PREFIX)) return fileReference(raw);
  const stray = BARE_REFERENCE.exec(raw);
  if (stray !== null) return strayFlaw(stray);
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
  const stray = BARE_REFERENCE.exec(fallback);
  if (stray !== null) {
    const sign = signOf(stray);
    return {
      kind: "flaw",
      message: `found "${sign}" in the default of ${name}; ` +
        "a default is literal",
      hint: `write "$${sign}" where a literal "${sign}" is meant`,
    };
  }
  return { kind: "variable", name, fallback: unescaped(fallback) };
}

function fileReference(raw: string): Reference {
  const path = raw.slice(FILE_PREFIX.length);
  const stray = BARE_REFERENCE.exec(path);
  if (path !== "" && stray === null) {
    return { kind: "file", path: unescaped(path) };
  }
  const found = stray === null ? "nothing" : `"${signOf(stray)}"`;
  return {
    kind: "flaw",
    message: `found ${found} after "$file:"; the path of a file is wanted`,
    hint: 'write "$file:PATH", where a relative path begins at the folder of ' +
      'this file, or "$$file:" where a literal "$file:" is meant',
  };
}

function strayFlaw(found: RegExpExecArray): Reference {
  const sign = signOf(found);
  const [place, wanted] = sign === FILE_PREFIX
    ? ["file", "$file:PATH"]
    : ["variable", "$env:NAME"];
  return {
    kind: "flaw",
    message: found.index === 0
      ? `found "${sign}" not in lower case, which is not replaced`
      : `found "${sign}" inside a string, where it is not replaced; ` +
        "a reference is the whole value",
    hint: `put the whole text into a ${place} and write "${wanted}", ` +
      `or write "$${sign}" where a literal "${sign}" is meant`,
  };
}

/** What was found, as it should be written. */
function signOf([, kind = ""]: RegExpExecArray): string {
  return `$${kind.toLowerCase()}:`;
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

/** How a text has to stand in a file that is to mean just this text: what would be a reference gets one more `$`. */
export function literalText(text: string): string {
  return text.replace(/\$+(?:env:|file:|\{)/gi, (sign) => `$${sign}`);
}

function unescaped(raw: string): string {
  return raw.replace(ESCAPED, "$1");
}
