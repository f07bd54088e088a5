// Whether the signature of a macOS executable fits it, found out without the code that signs.

import type { Buffer } from "node:buffer";
import { hash } from "node:crypto";

/** What is said of an executable by its signature, and how far that is so. */
export interface CodeSignature {
  /** The parts that the signature has, by their magic numbers. */
  readonly parts: readonly string[];
  readonly identifier: string;
  /** Those of a signature that needs no certificate are `adhoc` and `linker-signed`. */
  readonly flags: number;
  /** Which part of the file is code that may be run, and what kind of code; nothing where the form is too old to say it. */
  readonly code: Code | undefined;
  /** How many bytes of the file the head gives to the code, that is to `__TEXT`. */
  readonly textBytes: number;
  /** Where signed bytes end and the signature begins, where it ends, and where the file ends. */
  readonly ends: {
    readonly signed: number;
    readonly beforeSignature: number;
    readonly signature: number;
    readonly linkEdit: number;
    readonly file: number;
  };
  /** The memory for `__LINKEDIT` holds what the file has for it. */
  readonly fitsInMemory: boolean;
  readonly pages: number;
  /** The numbers of pages that are not as they were signed; the first has number 0. */
  readonly stalePages: readonly number[];
}

/** The `execSeg` fields of `CS_CodeDirectory`. */
export interface Code {
  readonly from: number;
  readonly bytes: number;
  readonly kind: "program" | "library";
}

/** `cs_blobs.h`: the first version with the `execSeg` fields, and the flag that tells a program from a library. */
const CS_SUPPORTSEXECSEG = 0x20400;
const CS_EXECSEG_MAIN_BINARY = 0x1n;

/** With the zero that ends the name, so that no other segment's name begins with it. */
const TEXT = "__TEXT\0";

/**
 * Reads an executable as `codesign --verify` does: structure by "Code Signing Format" of Apple's `cs_blobs.h` and
 * `mach-o/loader.h`, every page hashed anew.
 */
export function codeSignature(file: Buffer): CodeSignature {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { text, linkEdit, place } = loadCommands(view);
  const blob = place.at;
  const parts: string[] = [];
  let directory = 0;
  for (let i = 0; i < view.getUint32(blob + 8); i++) {
    const at = blob + view.getUint32(blob + 12 + 8 * i + 4);
    const magic = view.getUint32(at).toString(16);
    parts.push(magic);
    if (magic === "fade0c02") directory = at;
  }
  const word = (index: number) => view.getUint32(directory + 4 * index);
  const signed = word(8);
  const hashes = directory + word(4);
  const pageBytes = 2 ** view.getUint8(directory + 39);
  const stalePages: number[] = [];
  for (let page = 0; page < word(7); page++) {
    const from = page * pageBytes;
    const content = file.subarray(from, Math.min(from + pageBytes, signed));
    const said = file.toString(
      "hex",
      hashes + 32 * page,
      hashes + 32 * page + 32,
    );
    if (hash("sha256", content) !== said) stalePages.push(page);
  }
  const name = directory + word(5);
  return {
    parts,
    identifier: file.toString("latin1", name, file.indexOf(0, name)),
    flags: word(3),
    code: codeOf(view, directory),
    textBytes: text.bytes,
    ends: {
      signed,
      beforeSignature: blob,
      signature: blob + view.getUint32(blob + 4),
      linkEdit: linkEdit.from + linkEdit.bytes,
      file: file.length,
    },
    fitsInMemory: linkEdit.memory >= linkEdit.bytes,
    pages: word(7),
    stalePages,
  };
}

function codeOf(view: DataView, directory: number): Code | undefined {
  if (view.getUint32(directory + 8) < CS_SUPPORTSEXECSEG) return undefined;
  const long = (at: number) => view.getBigUint64(directory + at);
  const isProgram = (long(80) & CS_EXECSEG_MAIN_BINARY) !== 0n;
  return {
    from: Number(long(64)),
    bytes: Number(long(72)),
    kind: isProgram ? "program" : "library",
  };
}

function loadCommands(view: DataView) {
  let text = { bytes: 0 };
  let linkEdit = { from: 0, bytes: 0, memory: 0 };
  let place = { at: 0 };
  let at = 32;
  for (let i = 0; i < view.getUint32(16, true); i++) {
    const kind = view.getUint32(at, true);
    if (kind === 0x1d) place = { at: view.getUint32(at + 8, true) };
    const name = [...TEXT].map((_, i) => view.getUint8(at + 8 + i));
    if (kind === 0x19 && String.fromCharCode(...name) === TEXT) {
      text = { bytes: Number(view.getBigUint64(at + 48, true)) };
    }
    // "__LINKEDIT" is the last segment.
    if (kind === 0x19) {
      linkEdit = {
        memory: Number(view.getBigUint64(at + 32, true)),
        from: Number(view.getBigUint64(at + 40, true)),
        bytes: Number(view.getBigUint64(at + 48, true)),
      };
    }
    at += view.getUint32(at + 4, true);
  }
  return { text, linkEdit, place };
}
