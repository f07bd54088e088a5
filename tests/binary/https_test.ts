// The executable with a certificate of its own, for clients that need one, too.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Authority } from "../support/certificates.ts";
import { CertificateFiles } from "../support/certificate_files.ts";
import { GatewayProcess, startGateway } from "../support/gateway_process.ts";
import { commandOf } from "../support/program.ts";
import { configWith, SOME } from "../support/simple_config.ts";
import { askTls } from "../support/tls_client.ts";

/** Relative to the configuration, which is in the same folder. */
const TLS = { cert: "cert.pem", key: "./key.pem", clientCa: "ca.pem" };

describe("the executable with a certificate", () => {
  it("serves clients that have one themselves, by https urls, and leaves its port to no other", async () => {
    await using files = await CertificateFiles.create();
    const { authority, folder: directory } = files;
    const config = configWith(SOME, { tls: TLS });
    await using gateway = await startGateway({ config, directory });
    const { host, protocol, port } = new URL(gateway.url);
    assert.equal(protocol, "https:");
    const ca = authority.cert;
    const own = authority.issue("client", { use: "client" });
    const health = await askTls(Number(port), { ca, ...own }, "/health");
    assert.match(health, /^HTTP\/1\.1 200 [^]*"status":"ok"/);
    assert.equal(await askTls(Number(port), { ca }, "/health"), "");

    const same = configWith(SOME, { addr: host, tls: TLS });
    const another = new GatewayProcess({ config: same, directory });
    assert.equal((await another.ended).code, 1);
    assert.match(another.logs(), /port \d+ is in use/);

    const file = join(directory, "printed.jsonc");
    writeFileSync(file, JSON.stringify(same));
    const [program, ...first] = commandOf("binary");
    const args = [...first, "connect", "-config", file, "-json"];
    const { stdout } = spawnSync(program, args, { encoding: "utf8" });
    assert.equal(JSON.parse(stdout).url, `${gateway.url}/mcp`);
  });

  it("takes another certificate while it runs, and keeps the one it has where that cannot be used", async () => {
    await using files = await CertificateFiles.create();
    const { authority, folder: directory } = files;
    const { clientCa: _, ...tls } = TLS;
    const config = configWith(SOME, { tls });
    await using gateway = await startGateway({ config, directory });
    const port = Number(new URL(gateway.url).port);
    const next = new Authority("Another authority of a test");
    const { cert, key } = next.issue("next");
    const health = (ca: string) => askTls(port, { ca }, "/health");
    files.write("cert.pem", cert);
    gateway.child.kill("SIGHUP");
    const problem = await gateway.logged("Configuration problem");
    assert.match(String(problem.problem), /does not belong/);
    await gateway.logged("Configuration not reloaded");
    assert.match(await health(authority.cert), /^HTTP\/1\.1 200 /);
    files.write("key.pem", key);
    gateway.child.kill("SIGHUP");
    await gateway.logged("Configuration reloaded", {
      changes: "changed proxy.tls (cert, key)",
    });
    assert.match(await health(next.cert), /^HTTP\/1\.1 200 /);
  });

  it("ends with 2 where its files cannot be used, and tells nothing of the key", async () => {
    await using files = await CertificateFiles.create();
    const { authority, folder: directory } = files;
    files.write("key.pem", authority.key);
    const config = configWith(SOME, { tls: { ...TLS, clientCa: "none.pem" } });
    const gateway = new GatewayProcess({ config, directory });
    assert.equal((await gateway.ended).code, 2);
    assert.match(gateway.logs(), /does not belong to the first certificate/);
    assert.match(gateway.logs(), /there is no such file/);
    const secrets = authority.key.split("\n").filter(({ length }) =>
      length > 9
    );
    assert.ok(
      !secrets.slice(1, -1).some((one) => gateway.logs().includes(one)),
    );
  });
});
