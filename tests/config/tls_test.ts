// `proxy.tls`: what its files give, and what is told where they cannot be used.

import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { checkConfig, loadConfig } from "../../lib/config/load.ts";
import { ConfigError, formatProblem } from "../../lib/config/problems.ts";
import type { ReadOptions } from "../../lib/config/read.ts";
import { Authority } from "../support/certificates.ts";
import { assertError, assertWarning, read, withProxy } from "./marked.ts";

const authority = new Authority();
const own = authority.issue("gateway");
const middle = new Authority("Middle", authority);
const DAY_MS = 24 * 60 * 60 * 1_000;

/** The files that the tests name, each with its text. */
const FILES: Readonly<Record<string, string>> = {
  "cert.pem": own.cert,
  "key.pem": own.key,
  "chain.pem": own.cert + middle.cert,
  "reversed.pem": middle.cert + own.cert,
  "both.pem": own.key + own.cert,
  "other.key": authority.key,
  "ca.pem": `Two authorities:\n${authority.cert}${middle.cert}`,
  "empty.pem": "",
  "damaged.pem": own.cert.replace("MII", "AAA"),
  "damaged.key": own.key.replace("MIG", "AAA"),
  "encrypted.key": own.key.replaceAll("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
  "old.key": own.key.replace("\n", "\nProc-Type: 4,ENCRYPTED\n\n"),
  "ended.pem": authority.issue("old", { endsInMs: -DAY_MS }).cert,
};

const options: Partial<ReadOptions> = {
  now: new Date(),
  readFile(path) {
    const text = FILES[path.replace("/etc/gateway/", "")];
    if (text === undefined) return { problem: "there is no such file" };
    return { text, mode: 0o600 };
  },
};

/** A sound file but for `tls`, reached from this machine only. */
function withTls(members: string): string {
  return withProxy(`"addr": "127.0.0.1:0", "tls": { ${members} }`);
}

/** The words of a key that no message may have. */
function secretsIn(key: string): string[] {
  return key.split("\n").filter((line) => line.length > 20);
}

describe("proxy.tls", () => {
  it("gives what is in its files, by paths that begin at the folder of the configuration", () => {
    const text = withTls(
      `"cert": "chain.pem", "key": "./key.pem", "clientCa": "/etc/gateway/ca.pem"`,
    );
    const { config, problems, files } = read(text, options);
    assert.deepEqual(problems, []);
    assert.equal(config?.tls?.cert, own.cert + middle.cert);
    assert.equal(config?.tls?.key.reveal(), own.key);
    assert.equal(config?.tls?.clientCa, authority.cert + middle.cert);
    const named = ["chain.pem", "key.pem", "ca.pem"];
    assert.deepEqual(files, named.map((name) => `/etc/gateway/${name}`));
  });

  it("takes a certificate and its key from the same file, and paths from variables", () => {
    const text = withTls(`"cert": "$env:TLS", "key": "both.pem"`);
    const environment = { TLS: "both.pem" };
    const { config, problems } = read(text, { ...options, environment });
    assert.deepEqual(problems, []);
    assert.equal(config?.tls?.cert, own.cert);
    assert.equal(config?.tls?.key.reveal(), own.key);
    assert.equal(config?.tls?.clientCa, undefined);
  });

  it("is a problem at its place for each file that cannot be used", () => {
    const key = `"key": "key.pem"`;
    const cert = `"cert": "cert.pem"`;
    const cases: [string, string, RegExp, RegExp?][] = [
      [
        `"cert": ▲"none.pem", ${key}`,
        "cert",
        /there is no such file/,
        /folder/,
      ],
      [`"cert": ▲"empty.pem", ${key}`, "cert", /no certificate in it, wanted/],
      [`"cert": ▲"key.pem", ${key}`, "cert", /no certificate/, /"key"/],
      [
        `"cert": ▲"damaged.pem", ${key}`,
        "cert",
        /certificate in it is damaged/,
      ],
      [`${cert}, "key": ▲"cert.pem"`, "key", /no private key/, /"cert"/],
      [`${cert}, "key": ▲"damaged.key"`, "key", /private key in it is damaged/],
      [`${cert}, "key": ▲"encrypted.key"`, "key", /encrypted/, /openssl pkey/],
      [`${cert}, "key": ▲"old.key"`, "key", /encrypted/, /openssl pkey/],
      [`${cert}, "key": ▲"other.key"`, "key", /does not belong to the first/],
      [`"cert": "reversed.pem", "key": ▲"key.pem"`, "key", /not/, /come first/],
      [`${cert}, ${key}, "clientCa": ▲"empty.pem"`, "clientCa", /no certifi/],
      [`"cert": ▲"~/cert.pem", ${key}`, "cert", /only a shell/],
      [
        `"cert": ▲"$file:cert.pem", ${key}`,
        "cert",
        /wanted its path/,
        /without/,
      ],
      [`"cert": ▲true, ${key}`, "cert", /wanted the path of a file/],
    ];
    for (const [members, name, message, hint] of cases) {
      const path = `proxy.tls.${name}`;
      assertError(withTls(members), { path, message, hint }, options);
    }
  });

  it("wants both a certificate and a key, and knows no other keys", () => {
    const wanted = /found no "key", wanted the path of a file/;
    const text = withTls(`"cert": "cert.pem"`).replace(`{ "cert"`, `▲{ "cert"`);
    assertError(text, { path: "proxy.tls.key", message: wanted }, options);
    const more = `"cert": "cert.pem", "key": "key.pem", ▲"clientCA": "ca.pem"`;
    const path = "proxy.tls.clientCA";
    const hint = /did you mean "clientCa"/;
    assertError(withTls(more), { path, message: /unknown/, hint }, options);
  });

  it("tells everything at once", () => {
    const text = withTls(
      `"cert": "none.pem", "key": "cert.pem", "clientCa": "key.pem"`,
    );
    const { config, problems } = read(text, options);
    assert.equal(config, undefined);
    const names = problems.map(({ path }) => path.replace("proxy.tls.", ""));
    assert.deepEqual(names, ["cert", "key", "clientCa"]);
  });

  it("shows nothing of a key, also where it stands in the wrong place", () => {
    const pasted = JSON.stringify(own.key);
    const texts = [
      withTls(`"cert": "cert.pem", "key": ${pasted}`),
      withTls(`"cert": "cert.pem", "key": "$file:key.pem"`),
      withTls(`"cert": "damaged.key", "key": "other.key"`),
      withTls(`"cert": "reversed.pem", "key": "damaged.key"`),
    ];
    for (const text of texts) {
      const told = read(text, options).problems.map(formatProblem).join("\n");
      assert.match(told, /error: proxy\.tls/);
      const secrets = [...secretsIn(own.key), ...secretsIn(authority.key)];
      assert.ok(!secrets.some((one) => told.includes(one)), told);
    }
  });

  it("warns of a certificate that is not valid, or not much longer", () => {
    const cases: [string, RegExp][] = [
      ["-40", /not valid before \d{4}-/],
      ["31", /has ended: it was valid until \d{4}-/],
      ["28", /ends within 7 days: on \d{4}-/],
    ];
    const text = withTls(`"cert": ▲"cert.pem", "key": "key.pem"`);
    for (const [days, message] of cases) {
      const now = new Date(Date.now() + Number(days) * DAY_MS);
      const expected = { path: "proxy.tls.cert", message };
      assertWarning(text, expected, { ...options, now });
    }
  });

  it("takes the warning of plain HTTP away", () => {
    const text = withProxy(
      `"addr": ":0", "tls": { "cert": "cert.pem", "key": "key.pem" }`,
    );
    assert.deepEqual(read(text, options).problems, []);
  });

  it("warns of a public url that says http", () => {
    const text = withTls(
      `"cert": "cert.pem", "key": "key.pem" }, "baseUrl": { `,
    ).replace("{  }", `▲"http://gateway.test"`);
    const message = /the gateway speaks HTTPS alone/;
    assertWarning(text, { path: "proxy.baseUrl", message }, options);
  });

  it("is not looked into where the file is only checked", () => {
    const readFile = () => assert.fail("it was read");
    const text = withTls(`"cert": "none.pem", "key": "none.pem"`);
    const outcome = read(text, { readFile, environment: "unknown" });
    assert.deepEqual(outcome.problems, []);
    assert.notEqual(outcome.rules, undefined);
  });
});

it(
  "a configuration that is loaded names the files of its certificates, also where they are wrong",
  {
    skip: platform() === "win32" && "Windows has no modes",
  },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "mcp-front-tls-"));
    try {
      const file = join(folder, "config.jsonc");
      const named = ["cert.pem", "key.pem"].map((name) => join(folder, name));
      const [cert = "", key = ""] = named;
      await writeFile(file, withTls(`"cert": "cert.pem", "key": "key.pem"`));
      await writeFile(cert, own.cert);
      await writeFile(key, own.key);
      await chmod(key, 0o640);
      const { files, warnings } = await loadConfig(file, {});
      assert.deepEqual(files, named);
      assert.deepEqual(warnings.map(({ path, message }) => [path, message]), [[
        "proxy.tls.key",
        "others than its owner may use the file (mode 0640)",
      ]]);
      await writeFile(key, authority.key);
      await assert.rejects(loadConfig(file, {}), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(error.files, named);
        return true;
      });
      assert.deepEqual(await checkConfig(file), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
