// Recognisable secrets, and the search for them.

import assert from "node:assert/strict";

/** Words that stand for secrets, each by what it is; ids that turn up at run time are added. */
export class SecretWords {
  readonly #words = new Map<string, string>();

  /** The secret that stands for `what`; the same one each time. */
  of(what: string): string {
    const known = this.#words.get(what);
    if (known !== undefined) return known;
    const word = `sEcReT-${this.#words.size}-${
      what.replaceAll(/\W/g, "")
    }-QzX7`;
    this.#words.set(what, word);
    return word;
  }

  /** Takes a value that turned out to be a secret. */
  add(what: string, value: string): void {
    this.#words.set(`${what} ${this.#words.size}`, value);
  }

  /** Fails, naming the secret and the lines that hold it, unless `text` is clean of all but those `allowed`. */
  assertAbsent(text: string, where: string, allowed = /^$/): void {
    for (const [what, word] of this.#words) {
      if (allowed.test(what)) continue;
      for (const form of formsOf(word)) {
        const line = text.split("\n").find((one) => one.includes(form));
        assert.equal(line, undefined, `${where} has the ${what}`);
      }
    }
  }
}

/** A secret as it may be written: as it is, percent-encoded, in base64, its half. */
function formsOf(word: string): string[] {
  return [
    word,
    encodeURIComponent(word),
    btoa(word).replace(/=+$/, ""),
    word.slice(0, Math.ceil(word.length * 0.6)),
    word.toLowerCase(),
  ];
}
