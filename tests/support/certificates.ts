// Certificates made while a test runs (RFC 5280): an authority of its own, and what it signs.

import { Buffer } from "node:buffer";
import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import {
  bits,
  boolean,
  element,
  identifier,
  integer,
  octets,
  sequence,
  set,
  time,
  utf8,
} from "./der.ts";
import type { Der } from "./der.ts";

/** A certificate with its key, as texts in PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface CertificateOptions {
  /** Default: for a server. */
  readonly use?: "server" | "client" | "authority";
  /** Milliseconds from now; by default it begins an hour ago and ends in a month. */
  readonly beginsInMs?: number;
  readonly endsInMs?: number;
}

const HOUR_MS = 60 * 60 * 1_000;
const MONTH_MS = 30 * 24 * HOUR_MS;

/** Every certificate has another number. */
let serial = 0;

/** An authority that signs certificates; `cert` is its own. */
export class Authority implements Certified {
  readonly cert: string;
  readonly key: string;
  readonly #self: Subject;

  /** An authority of this name, or one below `parent`. */
  constructor(name = "Authority of a test", parent?: Authority) {
    this.#self = new Subject(name);
    this.key = this.#self.pem;
    const signer = (parent ?? this).#self;
    this.cert = signed(this.#self, signer, { use: "authority" });
  }

  /** A certificate for this name; those of servers are for localhost besides. */
  issue(name: string, options: CertificateOptions = {}): Certified {
    const subject = new Subject(name);
    return { key: subject.pem, cert: signed(subject, this.#self, options) };
  }
}

/** Whom a certificate is of. */
class Subject {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;

  constructor(name: string) {
    this.name = name;
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.publicKey = pair.publicKey;
    this.privateKey = pair.privateKey;
  }

  /** The private key, in PEM. */
  get pem(): string {
    const form = { type: "pkcs8", format: "pem" } as const;
    return this.privateKey.export(form).toString();
  }
}

function signed(
  subject: Subject,
  signer: Subject,
  { use = "server", beginsInMs = -HOUR_MS, endsInMs = MONTH_MS }:
    CertificateOptions,
): string {
  const ecdsaWithSha256 = sequence(identifier("1.2.840.10045.4.3.2"));
  const inMs = (ms: number) => time(new Date(Date.now() + ms));
  const content = sequence(
    element(0xa0, integer(2)), // Version 3.
    integer(++serial),
    ecdsaWithSha256,
    nameOf(signer),
    sequence(inMs(beginsInMs), inMs(endsInMs)),
    nameOf(subject),
    subject.publicKey.export({ type: "spki", format: "der" }),
    element(0xa3, sequence(...extensionsFor(use))),
  );
  const signature = sign("sha256", content, signer.privateKey);
  return pemOf(sequence(content, ecdsaWithSha256, bits(signature)));
}

function nameOf({ name }: Subject): Der {
  const commonName = sequence(identifier("2.5.4.3"), utf8(name));
  return sequence(set(commonName));
}

function extensionsFor(
  use: "server" | "client" | "authority",
): readonly Der[] {
  const constraints = use === "authority" ? [boolean(true)] : [];
  const basic = extension("2.5.29.19", sequence(...constraints));
  if (use === "authority") return [basic];
  const purpose = use === "server" ? 1 : 2;
  const usage = identifier(`1.3.6.1.5.5.7.3.${purpose}`);
  const extended = extension("2.5.29.37", sequence(usage));
  const names = sequence(
    element(0x82, Buffer.from("localhost")),
    element(0x87, Uint8Array.of(127, 0, 0, 1)),
  );
  return use === "client"
    ? [basic, extended]
    : [basic, extended, extension("2.5.29.17", names)];
}

function extension(kind: string, value: Der): Der {
  return sequence(identifier(kind), octets(value));
}

function pemOf(der: Der): string {
  const lines = Buffer.from(der).toString("base64").match(/.{1,64}/g) ?? [];
  const [begin, end] = ["BEGIN", "END"]
    .map((word) => `-----${word} CERTIFICATE-----`);
  return [begin, ...lines, end, ""].join("\n");
}
