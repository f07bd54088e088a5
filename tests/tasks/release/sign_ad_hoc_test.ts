// Signing an executable for macOS, on one that is made here and small enough to see through.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { signAdHoc } from "../../../tasks/release/sign_ad_hoc.ts";
import { codeSignature } from "../../support/code_signature.ts";

const PAGE = 4_096;
const TEXT_BYTES = 2 * PAGE;

/** A `segment_command_64`, or with other numbers a `linkedit_data_command`. */
function segment(name: string, from: number, bytes: number): Buffer {
  const command = Buffer.alloc(72);
  command.writeUInt32LE(0x19, 0);
  command.writeUInt32LE(command.length, 4);
  command.write(name, 8, "latin1");
  command.writeBigUInt64LE(0x4000n, 32);
  command.writeBigUInt64LE(BigInt(from), 40);
  command.writeBigUInt64LE(BigInt(bytes), 48);
  return command;
}

/** An executable with this much content, and room for a signature of this size at its end. */
function executable(
  { contentBytes, signatureBytes }: {
    readonly contentBytes: number;
    readonly signatureBytes: number;
  },
): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(3, 16);
  const place = Buffer.alloc(16);
  [0x1d, place.length, contentBytes, signatureBytes].forEach((word, index) =>
    place.writeUInt32LE(word, 4 * index)
  );
  const rest = contentBytes - TEXT_BYTES + signatureBytes;
  const file = Buffer.alloc(contentBytes + signatureBytes, "content ");
  Buffer.concat([
    header,
    segment("__TEXT", 0, TEXT_BYTES),
    segment("__LINKEDIT", TEXT_BYTES, rest),
    place,
  ]).copy(file);
  return file;
}

describe("an executable that is signed ad hoc", () => {
  for (const signatureBytes of [16, 100_000]) {
    for (const contentBytes of [3 * PAGE, 3 * PAGE + 16, 600 * PAGE - 16]) {
      it(`has a signature that fits its ${contentBytes} bytes, in place of one of ${signatureBytes}`, () => {
        const before = executable({ contentBytes, signatureBytes });
        const signed = signAdHoc(before, "front-door");
        const found = codeSignature(signed);
        const { length } = signed;
        assert.deepEqual(found, {
          parts: ["fade0c02"],
          identifier: "front-door",
          flags: 0x20002,
          code: { from: 0, bytes: TEXT_BYTES, kind: "program" },
          textBytes: TEXT_BYTES,
          ends: {
            signed: contentBytes,
            beforeSignature: contentBytes,
            signature: length,
            linkEdit: length,
            file: length,
          },
          fitsInMemory: true,
          pages: Math.ceil(contentBytes / PAGE),
          stalePages: [],
        });
        const head = 200;
        assert.ok(
          signed.subarray(head, contentBytes)
            .equals(before.subarray(head, contentBytes)),
        );
      });
    }
  }

  it("does not change what it was made from", () => {
    const file = executable({ contentBytes: 3 * PAGE, signatureBytes: 16 });
    const copy = Buffer.from(file);
    signAdHoc(file, "front-door");
    assert.ok(file.equals(copy));
  });

  it("is found out when a byte changes afterwards", () => {
    const file = executable({ contentBytes: 4 * PAGE, signatureBytes: 16 });
    const signed = signAdHoc(file, "front-door");
    signed.writeUInt8(0, 3 * PAGE);
    assert.deepEqual(codeSignature(signed).stalePages, [3]);
  });
});

describe("signing ad hoc", () => {
  const good = { contentBytes: 3 * PAGE, signatureBytes: 16 };

  it("refuses what is not an executable for macOS", () => {
    assert.throws(() => signAdHoc(Buffer.alloc(100), "x"), /not a 64-bit/);
  });

  it("refuses one without a place for the signature", () => {
    const file = executable(good);
    file.writeUInt32LE(2, 16);
    assert.throws(() => signAdHoc(file, "x"), /no room for a signature/);
  });

  it("refuses one that goes on after its signature", () => {
    const file = Buffer.concat([executable(good), Buffer.alloc(1)]);
    assert.throws(() => signAdHoc(file, "x"), /not the end of the file/);
  });
});
