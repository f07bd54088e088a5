// What is in a text of PEM (RFC 7468): certificates, a private key, or why they cannot be used.

import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** How a PEM text begins. */
export const PEM_BEGINNING = "-----BEGIN ";

const CERTIFICATES =
  /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const PRIVATE_KEY =
  /-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----[^]*?-----END \1-----/;
const ENCRYPTED = /ENCRYPTED/;

/** Why a text cannot be used, after "the file cannot be used: ", and what to do. It never shows a part of the text. */
export interface PemFlaw {
  readonly flaw: string;
  readonly hint: string;
}

/** The certificates of a text. */
export interface Certificates {
  /** They alone, in PEM. */
  readonly pem: string;
  /** At least one, in the order of the text. */
  readonly all: readonly [X509Certificate, ...X509Certificate[]];
}

/** The private key of a text. */
export interface PrivateKey {
  /** It alone, in PEM. */
  readonly pem: string;
  readonly key: KeyObject;
}

/** Reads every certificate of a text. */
export function certificatesIn(text: string): Certificates | PemFlaw {
  const blocks = text.match(CERTIFICATES) ?? [];
  if (blocks.length === 0) {
    return {
      flaw: "there is no certificate in it, wanted PEM that begins with " +
        `"${PEM_BEGINNING}CERTIFICATE-----"`,
      hint: PRIVATE_KEY.test(text)
        ? 'it has a private key, which belongs in "key"'
        : "ACME clients write it as fullchain.pem",
    };
  }
  try {
    const [first, ...more] = blocks.map((block) => new X509Certificate(block));
    return { pem: joined(blocks), all: [first as X509Certificate, ...more] };
  } catch {
    // The runtimes' own words are of no help, and differ.
    return {
      flaw: "a certificate in it is damaged",
      hint: "openssl x509 -in FILE -noout -text shows one that is whole",
    };
  }
}

/** Reads the first private key of a text. */
export function privateKeyIn(text: string): PrivateKey | PemFlaw {
  const [block, kind = ""] = PRIVATE_KEY.exec(text) ?? [];
  if (block === undefined) {
    return {
      flaw: "there is no private key in it, wanted PEM that begins with " +
        `"${PEM_BEGINNING}PRIVATE KEY-----"`,
      hint: text.match(CERTIFICATES)
        ? 'it has a certificate, which belongs in "cert"'
        : "ACME clients write it as privkey.pem",
    };
  }
  if (ENCRYPTED.test(kind) || ENCRYPTED.test(block)) {
    return {
      flaw: "the private key in it is encrypted",
      hint: "openssl pkey -in FILE -out FILE writes it without its passphrase",
    };
  }
  try {
    return { pem: joined([block]), key: createPrivateKey(block) };
  } catch {
    // The runtimes' own words could quote it.
    return {
      flaw: "the private key in it is damaged",
      hint: "openssl pkey -in FILE -noout says nothing of one that is whole",
    };
  }
}

function joined(blocks: readonly string[]): string {
  return blocks.map((block) => `${block}\n`).join("");
}
