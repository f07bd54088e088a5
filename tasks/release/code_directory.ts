// A code directory: the hashes by which macOS knows that the pages of an executable are as they were signed.

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

// The names are those of Apple's `osfmk/kern/cs_blobs.h` (xnu).
const CSMAGIC_CODEDIRECTORY = 0xfade0c02;
const CS_SUPPORTSEXECSEG = 0x20400;
const CS_ADHOC = 0x2;
const CS_LINKER_SIGNED = 0x20000;
const CS_HASHTYPE_SHA256 = 2;
const CS_EXECSEG_MAIN_BINARY = 0x1n;

const HASH_BYTES = 32;
const PAGE_BITS = 12;
const PAGE_BYTES = 1 << PAGE_BITS;
/** `sizeof(CS_CodeDirectory)` up to `execSegFlags`, which version 0x20400 ends with. */
const HEADER_BYTES = 88;

/** What a code directory is about. */
export interface CodeDirectoryOptions {
  /** What the program is called in the signature. */
  readonly identifier: string;
  /** How many bytes are signed, from the file's beginning (`codeLimit`); under 4 GiB. */
  readonly signedBytes: number;
  /** How many of them are code, from the file's beginning (`execSegLimit`). */
  readonly textBytes: number;
}

/** How many bytes the code directory has. */
export function codeDirectoryBytes(options: CodeDirectoryOptions): number {
  return hashesAt(options) + pageCount(options) * HASH_BYTES;
}

/**
 * The code directory of these bytes, the executable as far as it is signed, without a certificate ("ad hoc"), in the
 * form that Apple's linker gives it: SHA-256 over pages of 4 KiB, no requirements, no entitlements, no special slots.
 * Apple's `codesign --sign` replaces a signature of this form without being told to.
 */
export function codeDirectory(
  signed: Buffer,
  options: CodeDirectoryOptions,
): Buffer {
  const directory = Buffer.alloc(codeDirectoryBytes(options));
  const words = [
    CSMAGIC_CODEDIRECTORY,
    directory.length,
    CS_SUPPORTSEXECSEG, // version
    CS_ADHOC | CS_LINKER_SIGNED, // flags
    hashesAt(options), // hashOffset
    HEADER_BYTES, // identOffset
    0, // nSpecialSlots
    pageCount(options), // nCodeSlots
    options.signedBytes, // codeLimit
  ];
  let at = 0;
  for (const word of words) at = directory.writeUInt32BE(word, at);
  // hashSize, hashType, platform, pageSize
  at = directory.writeUInt8(HASH_BYTES, at);
  at = directory.writeUInt8(CS_HASHTYPE_SHA256, at);
  at = directory.writeUInt8(0, at);
  at = directory.writeUInt8(PAGE_BITS, at);
  // spare2, scatterOffset, teamOffset, spare3, codeLimit64, execSegBase: nothing of that
  at += 4 * 4 + 8 + 8;
  at = directory.writeBigUInt64BE(BigInt(options.textBytes), at);
  at = directory.writeBigUInt64BE(CS_EXECSEG_MAIN_BINARY, at);
  at += directory.write(`${options.identifier}\0`, at, "latin1");
  for (const hash of pageHashes(signed)) at += hash.copy(directory, at);
  return directory;
}

function hashesAt({ identifier }: CodeDirectoryOptions): number {
  return HEADER_BYTES + identifier.length + 1;
}

function pageCount({ signedBytes }: CodeDirectoryOptions): number {
  return Math.ceil(signedBytes / PAGE_BYTES);
}

/** The last page is hashed as long as it is. */
function* pageHashes(signed: Buffer): Iterable<Buffer> {
  for (let at = 0; at < signed.length; at += PAGE_BYTES) {
    const page = signed.subarray(at, at + PAGE_BYTES);
    yield createHash("sha256").update(page).digest();
  }
}
