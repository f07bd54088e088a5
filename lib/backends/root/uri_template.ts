// Whether a uri can have been made by a template, as far as its literal parts tell.

/** A template of uris (RFC 6570). */
export interface UriTemplate {
  /** How much of it is no expression, in characters: the more, the better it fits. */
  readonly literalChars: number;
  /** Whether the literal parts stand in the uri, in this order. Takes time in proportion to the uri. */
  fits(uri: string): boolean;
}

const EXPRESSION = /\{[^{}]*\}/;

/** Reads a template; one without an expression fits itself. */
export function uriTemplate(text: string): UriTemplate {
  const parts = text.split(EXPRESSION);
  const literalChars = parts.reduce((sum, part) => sum + part.length, 0);
  return { literalChars, fits: (uri) => inOrder(parts, uri) };
}

function inOrder(parts: readonly string[], uri: string): boolean {
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  if (parts.length === 1) return uri === first;
  if (!uri.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = uri.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return uri.length - last.length >= at && uri.endsWith(last);
}
