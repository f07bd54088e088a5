// `proxy.tls`: the certificate by which the gateway speaks HTTPS itself.

import type { X509Certificate } from "node:crypto";
import { momentText } from "../moment.ts";
import { Secret } from "../secret.ts";
import type { TlsOptions } from "../runtime/serve.ts";
import { EXPIRY_NOTICE_DAYS } from "./expiry.ts";
import { warnOfMode } from "./file_mode.ts";
import { readNamedFile } from "./named_file.ts";
import type { NamedFile } from "./named_file.ts";
import { certificatesIn, privateKeyIn } from "./pem.ts";
import type { Certificates, PrivateKey } from "./pem.ts";
import type { TlsDraft } from "./schema.ts";
import type { Text } from "./text.ts";
import type { ValueContext } from "./values.ts";

/** Where it stands. */
export const TLS_PATH = ["proxy", "tls"] as const;

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What reading it needs; without `now` nothing is said of certificates that end. */
export interface TlsContext extends ValueContext {
  readonly now?: Date;
}

/** Reads `proxy.tls` and its files. Undefined where there is none, where it has a problem, or where no file is looked at. */
export function readTls(
  draft: TlsDraft | undefined,
  context: TlsContext,
): TlsOptions | undefined {
  if (draft === undefined) return undefined;
  const cert = readRequired(draft, "cert", certificatesIn, context);
  const key = readRequired(draft, "key", privateKeyIn, context);
  const authorities = draft.clientCa &&
    readNamedFile(draft.clientCa, certificatesIn, context);
  if (cert && draft.cert) warnOfTime(cert.found, draft.cert, context);
  if (key) warnOfMode(key.mode, [...TLS_PATH, "key"], context.report);
  if (cert === undefined || key === undefined) return undefined;
  if (!checkPair(cert.found, key.found, context)) return undefined;
  return {
    cert: cert.found.pem,
    key: new Secret(key.found.pem),
    ...(authorities && { clientCa: authorities.found.pem }),
  };
}

function readRequired<Found extends object>(
  draft: TlsDraft,
  key: "cert" | "key",
  read: Parameters<typeof readNamedFile<Found>>[1],
  context: TlsContext,
): NamedFile<Found> | undefined {
  const text = draft[key];
  if (text !== undefined) return readNamedFile(text, read, context);
  const path = [...TLS_PATH, key];
  if (context.report.has(path)) return undefined; // Of the wrong type, which is told already.
  context.report.error(path, `found no "${key}", wanted the path of a file`, {
    hint: '"tls": { "cert": "cert.pem", "key": "key.pem" }',
  });
  return undefined;
}

function checkPair(
  { all: [own, ...others] }: Certificates,
  { key }: PrivateKey,
  { report }: TlsContext,
): boolean {
  if (own.checkPrivateKey(key)) return true;
  const isInWrongOrder = others.some((other) => other.checkPrivateKey(key));
  report.error(
    [...TLS_PATH, "key"],
    'the key does not belong to the first certificate in "cert"',
    {
      hint: isInWrongOrder
        ? "it belongs to a later one, which has to come first"
        : "name the key with which this certificate was asked for",
    },
  );
  return false;
}

/** Clients refuse a certificate that has ended; a new one may come while the gateway runs. */
function warnOfTime(
  { all: [own] }: Certificates,
  { path }: Text,
  { report, now }: TlsContext,
): void {
  if (now === undefined) return;
  const [begins, ends] = periodOf(own);
  const leftMs = ends.getTime() - now.getTime();
  const warn = (message: string) =>
    report.warn(path, message, {
      hint: "put another in its place: clients refuse one that is not valid",
    });
  if (begins > now) {
    warn(`the certificate is not valid before ${momentText(begins)}`);
  } else if (leftMs <= 0) {
    warn(`the certificate has ended: it was valid until ${momentText(ends)}`);
  } else if (leftMs <= EXPIRY_NOTICE_DAYS * DAY_MS) {
    const days = EXPIRY_NOTICE_DAYS;
    warn(`the certificate ends within ${days} days: on ${momentText(ends)}`);
  }
}

function periodOf({ validFrom, validTo }: X509Certificate): [Date, Date] {
  return [new Date(validFrom), new Date(validTo)];
}
