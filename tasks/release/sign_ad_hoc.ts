// Signs an executable for macOS without a Mac and without a certificate.

import { Buffer } from "node:buffer";
import { codeDirectory, codeDirectoryBytes } from "./code_directory.ts";
import { machO } from "./mach_o.ts";

// The names are those of Apple's `osfmk/kern/cs_blobs.h` (xnu).
const CSMAGIC_EMBEDDED_SIGNATURE = 0xfade0cc0;
const CSSLOT_CODEDIRECTORY = 0;
/** A `CS_SuperBlob` with one `CS_BlobIndex`. */
const SUPER_BLOB_BYTES = 20;

/**
 * An executable with another signature in place of the one it has: one that fits its content, of the kind that
 * `codesign --sign -` makes. It says that the file is whole, and nothing of who made it. Throws where the file is not
 * a Mach-O executable that ends with a signature.
 */
export function signAdHoc(executable: Buffer, identifier: string): Buffer {
  const draft = Buffer.from(executable);
  const { signatureAt, textBytes, setSignatureBytes } = machO(draft);
  const options = { identifier, signedBytes: signatureAt, textBytes };
  // Before the hashes are taken: the head of the file is signed with the rest.
  setSignatureBytes(SUPER_BLOB_BYTES + codeDirectoryBytes(options));
  const signed = draft.subarray(0, signatureAt);
  return Buffer.concat([signed, superBlob(codeDirectory(signed, options))]);
}

/** What a signature is put into: a list of its parts, here of one. */
function superBlob(directory: Buffer): Buffer {
  const head = Buffer.alloc(SUPER_BLOB_BYTES);
  const words = [
    CSMAGIC_EMBEDDED_SIGNATURE,
    SUPER_BLOB_BYTES + directory.length,
    1, // count
    CSSLOT_CODEDIRECTORY, // index[0].type
    SUPER_BLOB_BYTES, // index[0].offset
  ];
  let at = 0;
  for (const word of words) at = head.writeUInt32BE(word, at);
  return Buffer.concat([head, directory]);
}
