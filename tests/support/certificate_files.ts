// Certificates in files, as a configuration names them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { trustIn } from "../../lib/runtime/trust.ts";
import { Authority } from "./certificates.ts";
import type { Fetch } from "./official_client.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

const OWNER_ONLY = { mode: 0o600 };

/** A folder with the certificate of a server for localhost, its key, and the certificate of its authority. */
export class CertificateFiles implements AsyncDisposable {
  readonly authority = new Authority();
  /** A member of `proxy`. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** The file of the authority. */
  readonly ca: string;
  /** Asks servers whose certificates are of the authority. */
  readonly fetch: Fetch;
  readonly #folder: TemporaryFolder;

  private constructor(folder: TemporaryFolder) {
    this.#folder = folder;
    const own = this.authority.issue("gateway");
    this.ca = this.write("ca.pem", this.authority.cert);
    const cert = this.write("cert.pem", own.cert);
    const key = this.write("key.pem", own.key);
    this.tls = { cert, key };
    const trust = trustIn(this.authority.cert);
    this.fetch = (url, init) => fetch(url, { ...init, ...trust });
  }

  static async create(): Promise<CertificateFiles> {
    return new CertificateFiles(await TemporaryFolder.create());
  }

  get folder(): string {
    return this.#folder.path;
  }

  /** Writes a file that its owner alone may read; gives its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, OWNER_ONLY);
    return path;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#folder[Symbol.asyncDispose]();
  }
}
