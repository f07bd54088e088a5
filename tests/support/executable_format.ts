// For which platform an executable is, read from its head.

import type { Buffer } from "node:buffer";

/** What the head says. */
export interface ExecutableFormat {
  readonly kind: "ELF" | "Mach-O" | "PE";
  readonly machine: string;
  /** Of ELF: the program that loads it. */
  readonly loader?: string;
  /** Of ELF: the libraries it needs. */
  readonly libraries?: readonly string[];
}

const MACHINES: Readonly<Record<string, string>> = {
  "ELF 62": "x64",
  "ELF 183": "arm64",
  "Mach-O 16777223": "x64",
  "Mach-O 16777228": "arm64",
  "PE 34404": "x64",
};

/** Reads the head of a 64-bit executable. Throws where it is none of the kinds. */
export function executableFormat(file: Buffer): ExecutableFormat {
  if (file.toString("latin1", 0, 4) === "\x7fELF") {
    return { kind: "ELF", machine: machine("ELF", 18), ...elf(file) };
  }
  if (file.readUInt32LE(0) === 0xfeedfacf) {
    return { kind: "Mach-O", machine: machine("Mach-O", 4) };
  }
  const pe = file.readUInt32LE(0x3c);
  if (file.toString("latin1", pe, pe + 4) === "PE\0\0") {
    return { kind: "PE", machine: machine("PE", pe + 4) };
  }
  throw new Error("no executable of a known kind");

  function machine(kind: ExecutableFormat["kind"], at: number): string {
    const number = kind === "Mach-O"
      ? file.readUInt32LE(at)
      : file.readUInt16LE(at);
    return MACHINES[`${kind} ${number}`] ?? String(number);
  }
}

/** `elf.h`: kinds of program headers, and of entries of the dynamic section. */
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;

interface Segment {
  readonly kind: number;
  /** In the file. */
  readonly at: number;
  readonly address: number;
  readonly bytes: number;
}

function elf(file: Buffer): Pick<ExecutableFormat, "loader" | "libraries"> {
  const segments = programHeaders(file);
  const loader = segments.find(({ kind }) => kind === PT_INTERP);
  const dynamic = segments.find(({ kind }) => kind === PT_DYNAMIC);
  const entries: { readonly tag: number; readonly value: number }[] = [];
  for (let i = 0; i < (dynamic?.bytes ?? 0); i += 16) {
    entries.push({
      tag: number64(file, (dynamic?.at ?? 0) + i),
      value: number64(file, (dynamic?.at ?? 0) + i + 8),
    });
  }
  const address = entries.find(({ tag }) => tag === DT_STRTAB)?.value ?? 0;
  const home = segments.find((one) =>
    one.kind === PT_LOAD && one.address <= address &&
    address < one.address + one.bytes
  );
  const strings = address - (home?.address ?? 0) + (home?.at ?? 0);
  return {
    loader: text(file, loader?.at ?? 0),
    libraries: entries.filter(({ tag }) => tag === DT_NEEDED)
      .map(({ value }) => text(file, strings + value)),
  };
}

function programHeaders(file: Buffer): Segment[] {
  const [first, bytes] = [number64(file, 32), file.readUInt16LE(54)];
  return Array.from({ length: file.readUInt16LE(56) }, (_, index) => {
    const at = first + index * bytes;
    return {
      kind: file.readUInt32LE(at),
      at: number64(file, at + 8),
      address: number64(file, at + 16),
      bytes: number64(file, at + 32),
    };
  });
}

function number64(file: Buffer, at: number): number {
  return Number(file.readBigUInt64LE(at));
}

function text(file: Buffer, at: number): string {
  return file.toString("latin1", at, file.indexOf(0, at));
}
