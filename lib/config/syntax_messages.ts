// What each syntax error of JSONC means, in the words of the person who has to mend it.

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol:
    "found a word that is no JSON value; strings and keys stand in double quotes",
  InvalidNumberFormat: "found a number that is not written as JSON wants it",
  PropertyNameExpected: "found no key; a key in double quotes is wanted here",
  ValueExpected: "found no value; a value is wanted here",
  CommaUnexpected:
    "found a comma with nothing before it; a key or a value is wanted here",
  FileEmpty: "found nothing in this file; a config in braces { } is wanted",
  ColonExpected: "found no colon; one is wanted between the key and its value",
  CommaExpected: "found no comma; one is wanted before this",
  CloseBraceExpected: "found the end of the file; a closing } is wanted",
  CloseBracketExpected: "found the end of the file; a closing ] is wanted",
  EndOfFileExpected:
    "found more text after the config; the end of the file is wanted",
  UnexpectedEndOfComment: "found a comment that is not closed with */",
  UnexpectedEndOfString:
    "found a string that is not closed with a double quote on its line",
  UnexpectedEndOfNumber: "found a number that breaks off; digits are wanted",
  InvalidUnicode: "found \\u without the four hexadecimal digits it wants",
  InvalidEscapeCharacter:
    'found a backslash before a character that needs none; write \\\\ for a backslash and \\" for a quote',
  InvalidCharacter:
    "found a control character in a string; write \\n, \\t or \\u00XX",
};

/** The message for a `jsonc-parser` error, by the name of its code, or for one that is told apart further. */
export function syntaxMessage(code: string): string {
  return MESSAGES[code] ?? "found text that is not JSON with comments";
}
