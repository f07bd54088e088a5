// Where a Mach-O executable says how long its parts are, as far as signing it needs that.

import type { Buffer } from "node:buffer";

/** `mach-o/loader.h`: MH_MAGIC_64, and the offsets in `mach_header_64` and in the load commands. */
const MAGIC_64 = 0xfeedfacf;
const HEADER_BYTES = 32;
const COMMAND_COUNT_AT = 16;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

/** `segment_command_64`. */
const SEGMENT = {
  nameAt: 8,
  nameBytes: 16,
  memoryBytesAt: 32,
  fileOffsetAt: 40,
  fileBytesAt: 48,
} as const;

/** `linkedit_data_command`. */
const DATA = { offsetAt: 8, bytesAt: 12 } as const;

/** Memory is given out in pages of this many bytes, on every kind of Mac. */
const MEMORY_PAGE_BYTES = 0x4000;

/** The parts of an executable for one kind of processor. */
export interface MachO {
  /** Where the signature begins, in bytes from the file's beginning; it is the last thing in the file. */
  readonly signatureAt: number;
  /** How much of the file is its code. */
  readonly textBytes: number;
  /** Notes in the file's head that the signature has this many bytes. */
  setSignatureBytes(bytes: number): void;
}

/** Reads the head of an executable. Throws where it is not one, has no signature, or has it elsewhere than at the end. */
export function machO(file: Buffer): MachO {
  if (file.readUInt32LE(0) !== MAGIC_64) {
    throw new Error("not a 64-bit Mach-O executable");
  }
  const commands = loadCommands(file);
  const text = segment(commands, "__TEXT");
  const linkEdit = segment(commands, "__LINKEDIT");
  const signature = commands.find(({ kind }) => kind === LC_CODE_SIGNATURE);
  if (!signature) throw new Error("no room for a signature was left");
  const signatureAt = signature.data.readUInt32LE(DATA.offsetAt);
  const linkEditAt = Number(linkEdit.readBigUInt64LE(SEGMENT.fileOffsetAt));
  const end = signatureAt + signature.data.readUInt32LE(DATA.bytesAt);
  const linkEditBytes = Number(linkEdit.readBigUInt64LE(SEGMENT.fileBytesAt));
  if (end !== file.length || linkEditAt + linkEditBytes !== end) {
    throw new Error("the signature is not the end of the file");
  }
  return {
    signatureAt,
    textBytes: Number(text.readBigUInt64LE(SEGMENT.fileBytesAt)),
    setSignatureBytes(bytes) {
      const all = signatureAt - linkEditAt + bytes;
      signature.data.writeUInt32LE(bytes, DATA.bytesAt);
      linkEdit.writeBigUInt64LE(BigInt(all), SEGMENT.fileBytesAt);
      const pages = Math.ceil(all / MEMORY_PAGE_BYTES);
      const inMemory = BigInt(pages * MEMORY_PAGE_BYTES);
      linkEdit.writeBigUInt64LE(inMemory, SEGMENT.memoryBytesAt);
    },
  };
}

/** A load command; writing to its data changes the file. */
interface LoadCommand {
  readonly kind: number;
  readonly data: Buffer;
}

function loadCommands(file: Buffer): LoadCommand[] {
  const commands: LoadCommand[] = [];
  let at = HEADER_BYTES;
  for (let left = file.readUInt32LE(COMMAND_COUNT_AT); left > 0; left--) {
    const bytes = file.readUInt32LE(at + 4);
    const data = file.subarray(at, at + bytes);
    commands.push({ kind: file.readUInt32LE(at), data });
    at += bytes;
  }
  return commands;
}

function segment(commands: readonly LoadCommand[], name: string): Buffer {
  const padded = name.padEnd(SEGMENT.nameBytes, "\0");
  const [from, to] = [SEGMENT.nameAt, SEGMENT.nameAt + SEGMENT.nameBytes];
  const found = commands.find(({ kind, data }) =>
    kind === LC_SEGMENT_64 && data.toString("latin1", from, to) === padded
  );
  if (!found) throw new Error(`no segment ${name}`);
  return found.data;
}
