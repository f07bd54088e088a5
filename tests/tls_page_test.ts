// What docs/tls.md prints works: its commands, its configurations, and the proxies where the machine has them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readFile } from "../lib/config/read_file.ts";
import { readConfig } from "../mod.ts";
import { CertificateFiles } from "./support/certificate_files.ts";
import { connectOfficial } from "./support/connect_official.ts";
import { freePort } from "./support/free_port.ts";
import { startGateway } from "./support/gateway_process.ts";
import {
  startGateway as startWithin,
  TOKENS,
} from "./support/in_process_gateway.ts";
import { blocksOf } from "./support/markdown.ts";
import { ROOT } from "./support/program.ts";
import { onPath, startProxy } from "./support/proxy_process.ts";
import { LIMIT, pathOf } from "./support/shared_gateway.ts";
import { configWith, SOME } from "./support/simple_config.ts";
import { TemporaryFolder } from "./support/temporary_folder.ts";

const blocks = blocksOf(join(ROOT, "docs/tls.md"));
const token = TOKENS.alice;
const LISTING = {
  command: "node",
  args: [pathOf("listing_server.mjs"), "annotated"],
};

function shown(language: string): string[] {
  const found = blocks.filter((block) => block.language === language);
  assert.notEqual(found.length, 0, language);
  return found.map(({ text }) => text);
}

function bash(script: string, cwd: string) {
  return spawnSync("bash", ["-ec", script], { cwd, encoding: "utf8" });
}

describe("docs/tls.md", LIMIT, () => {
  it("has configurations that can be used", async () => {
    await using files = await CertificateFiles.create();
    for (const text of shown("json")) {
      const { proxy, mcpServers, tls } = JSON.parse(text);
      const more = { ...proxy, ...(tls && { tls }) };
      const whole = JSON.stringify(configWith(mcpServers ?? SOME, more));
      const { problems } = readConfig(whole, {
        file: "tls.md",
        directory: files.folder,
        environment: {},
        platform: "linux",
        readFile,
      });
      assert.deepEqual(problems, []);
    }
  });

  it("has commands that make certificates for it and its clients", {
    skip: !(onPath("openssl") && onPath("curl")) && "needs openssl and curl",
  }, async () => {
    await using folder = await TemporaryFolder.create();
    const { path: directory } = folder;
    const commands = shown("sh");
    const making = commands.filter((text) => text.startsWith("openssl"));
    const made = bash(making.join("\n"), directory);
    assert.equal(made.status, 0, made.stderr);
    const tls = { cert: "cert.pem", key: "key.pem" };
    const config = configWith(SOME, { tls });
    await using gateway = await startGateway({ config, directory });
    const [asking = ""] = commands.filter((text) => text.startsWith("curl"));
    const url = gateway.url.replace("127.0.0.1", "localhost");
    const asked = asking.replace("https://localhost:8443", url);
    assert.notEqual(asked, asking);
    const { stdout, stderr } = bash(`${asked} -sS`, directory);
    assert.match(stdout, /"status":"ok"/, stderr);
    const [client, ca] = ["alice.pem", "ca.pem"].map((name) =>
      new X509Certificate(readFileSync(join(directory, name)))
    );
    assert.ok(client?.verify(ca!.publicKey));
    assert.equal(client.ca, false);
  });

  it("shows of nginx and Caddy what the README shows", () => {
    const ofReadme = blocksOf(join(ROOT, "README.md"));
    const inReadme = (language: string) =>
      ofReadme.find((block) => block.language === language)?.text ?? "";
    const linesOf = (text: string) =>
      text.split("\n").map((line) => line.trim()).toSorted();
    assert.equal(inReadme("caddyfile"), shown("caddyfile")[0]);
    const server = linesOf(shown("nginx")[0] ?? "");
    const location = linesOf(inReadme("nginx"));
    assert.deepEqual(location.filter((line) => !server.includes(line)), []);
  });
});

/** A way to start a proxy with what is printed for it. */
interface ProxyCase {
  readonly program: string;
  readonly language: string;
  /** Whom the log names when the client says that it is 203.0.113.9. */
  readonly remote: string;
  /** The whole configuration of the proxy, from what is printed. */
  configuration(printed: string, files: CertificateFiles, port: number): string;
  readonly args: (file: string, folder: string) => readonly string[];
}

const PROXIES: readonly ProxyCase[] = [
  {
    program: "nginx",
    language: "nginx",
    remote: "203.0.113.9",
    configuration(printed, { folder, tls }, port) {
      const server = printed.replace("listen 443", `listen 127.0.0.1:${port}`)
        .replace("server_name mcp.example.com", "server_name localhost")
        .replace("/etc/ssl/mcp.example.com.pem", tls.cert)
        .replace("/etc/ssl/mcp.example.com.key", tls.key);
      const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${folder}/${name};`);
      return `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
        events {} http { access_log off; ${paths.join(" ")} ${server} }`;
    },
    args: (file, folder) => ["-p", folder, "-e", "stderr", "-c", file],
  },
  {
    program: "caddy",
    language: "caddyfile",
    remote: "127.0.0.1",
    configuration(printed, { tls }, port) {
      const named = printed.replace(
        "mcp.example.com {",
        (site) =>
          `${site.replace("mcp.example.com", `https://localhost:${port}`)}
          bind 127.0.0.1
          tls ${tls.cert} ${tls.key}`,
      );
      return `{\n admin off\n auto_https disable_redirects\n}\n${named}`;
    },
    args: (file) => ["run", "--adapter", "caddyfile", "--config", file],
  },
];

for (const proxy of PROXIES) {
  const program = onPath(proxy.program);
  describe(`${proxy.program} as docs/tls.md sets it up`, {
    ...LIMIT,
    skip: program === undefined && `${proxy.program} is not installed`,
  }, () => {
    it("hands clients of both transports on, and says who they are", async () => {
      await using files = await CertificateFiles.create();
      await using gateway = await startWithin({ one: LISTING }, {
        trustedProxies: ["loopback"],
        baseUrl: "https://mcp.example.com",
      });
      const port = await freePort();
      const [printed = ""] = shown(proxy.language);
      const own = new URL(gateway.url).host;
      const passed = printed.replace("127.0.0.1:8080", own);
      assert.notEqual(passed, printed);
      const file = join(files.folder, proxy.program);
      writeFileSync(file, proxy.configuration(passed, files, port));
      const args = proxy.args(file, files.folder);
      const { folder } = files;
      await using _ = await startProxy([program!, ...args], { port, folder });
      const url = `https://localhost:${port}/one`;
      for (const transport of ["streamable-http", "sse"] as const) {
        await using client = await connectOfficial("v2", {
          transport,
          url: `${url}/${transport === "sse" ? "sse" : "mcp"}`,
          token,
          fetch: files.fetch,
        });
        const { tools } = await client.verbs.listTools();
        assert.equal(tools[0]?.name, "read");
      }
      const refused = await files.fetch(`${url}/mcp`, {
        headers: { "x-forwarded-for": "203.0.113.9" },
      });
      assert.equal(refused.status, 401);
      const line = await gateway.logged("Request refused", { status: 401 });
      assert.deepEqual([line.remote, line.via], [proxy.remote, "127.0.0.1"]);
    });
  });
}
