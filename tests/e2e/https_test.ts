// HTTPS on both sides: clients come by it, and servers with certificates of a private authority are reached by it.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CertificateFiles } from "../support/certificate_files.ts";
import { reported } from "../support/check_report.ts";
import { connectOfficial, SDKS } from "../support/connect_official.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { LIMIT, pathOf } from "../support/shared_gateway.ts";

const token = TOKENS.alice;
const LISTING = {
  command: "node",
  args: [pathOf("listing_server.mjs"), "annotated"],
};

describe("over HTTPS", LIMIT, () => {
  let files: CertificateFiles;
  /** The server of the other one, over both transports. */
  let far: InProcessGateway;
  let gateway: InProcessGateway;

  /** Entries for `far`, with more members in each. */
  function entries(more: Readonly<Record<string, unknown>>) {
    const headers = { authorization: `Bearer ${token}` };
    const url = far.url.replace("127.0.0.1", "localhost");
    return {
      "by-mcp": { url: `${url}/one/mcp`, headers, ...more },
      "by-sse": { url: `${url}/one/sse`, headers, ...more },
    };
  }

  before(async () => {
    files = await CertificateFiles.create();
    const { tls, ca } = files;
    far = await startGateway({ one: LISTING }, { tls });
    const strange = entries({})["by-sse"];
    const servers = { ...entries({ ca }), strange };
    gateway = await startGateway(servers, { tls });
  });
  after(async () => {
    await gateway[Symbol.asyncDispose]();
    await far[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });

  for (const sdk of SDKS) {
    for (const transport of ["streamable-http", "sse"] as const) {
      it(`the official client ${sdk} comes in, and to a server, by ${transport}`, async () => {
        const leaf = transport === "sse" ? "sse" : "mcp";
        await using client = await connectOfficial(sdk, {
          transport,
          url: `${gateway.url}/by-${leaf}/${leaf}`,
          token,
          fetch: files.fetch,
        });
        const { tools } = await client.verbs.listTools();
        assert.equal(tools[0]?.name, "read");
      });
    }
  }

  it("a server of an unknown authority is refused, and named to the client", async () => {
    const client = connectOfficial("v2", {
      transport: "streamable-http",
      url: `${gateway.url}/strange/mcp`,
      token,
      fetch: files.fetch,
    });
    await assert.rejects(client, /certificate is not trusted/);
    await gateway.logged("Backend request failed", { server: "strange" });
  });

  it("mcp-front check reaches servers by their authority, and tells what the others lack", async () => {
    const { ca } = files;
    const strange = entries({})["by-sse"];
    const { servers } = await reported({ ...entries({ ca }), strange });
    assert.equal(servers.get("by-mcp")?.status, "ready");
    assert.equal(servers.get("by-sse")?.status, "ready");
    const { error } = servers.get("strange");
    assert.match(error.message, /its TLS certificate is not trusted/);
    assert.match(error.hint, /^set or correct its "ca"/);
  });
});
