// Whether a uri can have been made by a template, as far as its literal parts tell.

import { piecesInOrder } from "../../pieces_in_order.ts";

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
  return { literalChars, fits: piecesInOrder(parts) };
}
