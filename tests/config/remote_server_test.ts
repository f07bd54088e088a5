// Servers with a url: where, by which transport, with which headers.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RemoteOptions } from "../../lib/transports/backend/remote_options.ts";
import { Authority } from "../support/certificates.ts";
import { assertError, assertWarning, read, withServer } from "./marked.ts";

const URL_MEMBER = `"url": "http://h:3000/sse"`;

describe("the url of a server", () => {
  it("is kept, with a transport to be found out", () => {
    const remote = remoteOf(`"url": "https://h/mcp?key=1"`);
    assert.equal(remote.url.href, "https://h/mcp?key=1");
    assert.equal(remote.transport, "auto");
    assert.equal(remote.headers.size, 0);
  });

  const bad: [string, RegExp][] = [
    ["", /found no url/],
    ["localhost:3000/sse", /found no url/],
    ["postgres-mcp", /found no url/],
    ["file:///etc/passwd", /found no url/],
    ["ws://h/mcp", /begins with http:\/\/ or https:\/\//],
    ["http:h", /found no url/],
    ["http://h:99999/", /found no url/],
    [" http://h/", /white space/],
    ["http://h/\\n", /white space/],
    ["http://user:secret-word@h/", /^found credentials in the url$/],
    ["http://user@h/", /credentials/],
  ];
  for (const [url, message] of bad) {
    it(`may not be "${url}"`, () => {
      assertError(withServer(`{ "url": ▲"${url}" }`), {
        path: "mcpServers.x.url",
        message,
      });
    });
  }

  it("is told by its variable, and never shown", () => {
    assertError(
      withServer(`{ "url": ▲"$env:DB_URL" }`),
      {
        path: "mcpServers.x.url",
        message: /^found no url in DB_URL, wanted one that begins with/,
      },
      { environment: { DB_URL: "postgres://user:secret-word@h" } },
    );
  });

  it("makes what is for commands a problem, and env a warning", () => {
    for (const key of ["args", "inheritEnv"]) {
      assertError(withServer(`{ ${URL_MEMBER}, ▲"${key}": ["A"] }`), {
        path: `mcpServers.x.${key}`,
        message: /for servers with a command/,
      });
    }
    assertError(withServer(`{ ${URL_MEMBER}, ▲"cwd": "a" }`), {
      path: "mcpServers.x.cwd",
      message: /for servers with a command/,
    });
    assertWarning(withServer(`{ ${URL_MEMBER}, ▲"env": { "A": "b" } }`), {
      path: "mcpServers.x.env",
      message: /no effect on a server with a url/,
    });
  });
});

describe("the authorities of a server", () => {
  const { cert: ca } = new Authority();
  const readFile = (path: string) =>
    path === "/etc/gateway/ca.pem" ? { text: ca } : { problem: "none" };

  it("are what the file has that is named", () => {
    const text = withServer(`{ "url": "https://h/", "ca": "ca.pem" }`);
    const { config, problems, files } = read(text, { readFile });
    assert.deepEqual(problems, []);
    assert.deepEqual(files, ["/etc/gateway/ca.pem"]);
    const backend = config?.servers[0]?.backend;
    assert.ok(backend?.kind === "remote");
    assert.equal(backend.remote.ca, ca);
  });

  it("are a problem where they cannot be read, or are not asked for", () => {
    const missing = withServer(`{ "url": "https://h/", "ca": ▲"none.pem" }`);
    const path = "mcpServers.x.ca";
    const message = /the file cannot be used: none/;
    assertError(missing, { path, message }, { readFile });
    const plain = withServer(`{ ${URL_MEMBER}, "ca": ▲"ca.pem" }`);
    assertWarning(plain, { path, message: /no effect/ }, { readFile });
    const child = withServer(`{ "command": "node", ▲"ca": "ca.pem" }`);
    assertError(child, { path, message: /for servers with a url/ });
  });
});

describe("the transport of a server", () => {
  const good: [string, string][] = [
    [`${URL_MEMBER}, "transport": "auto"`, "auto"],
    [`${URL_MEMBER}, "transport": "sse"`, "sse"],
    [`${URL_MEMBER}, "transport": "streamable-http"`, "streamable-http"],
    [`${URL_MEMBER}, "type": "sse"`, "sse"],
    [`${URL_MEMBER}, "type": "http"`, "streamable-http"],
    [`${URL_MEMBER}, "type": "streamable-http"`, "streamable-http"],
    [`${URL_MEMBER}, "type": "streamableHttp"`, "streamable-http"],
    [`"serverUrl": "http://h:3000/sse"`, "auto"],
    [`"serverUrl": "http://h:3000/sse", "type": "sse"`, "sse"],
    [`"httpUrl": "http://h:3000/sse"`, "streamable-http"],
    [`"httpUrl": "http://h:3000/sse", "type": "http"`, "streamable-http"],
  ];
  for (const [members, transport] of good) {
    it(`of { ${members} } is ${transport}`, () => {
      const remote = remoteOf(members);
      assert.equal(remote.transport, transport);
      assert.equal(remote.url.href, "http://h:3000/sse");
    });
  }

  const bad: [string, string, RegExp][] = [
    [`${URL_MEMBER}, "transport": ▲"http"`, "transport", /found "http", want/],
    [`${URL_MEMBER}, "transport": ▲"stdio"`, "transport", /found "stdio"/],
    [`${URL_MEMBER}, "type": ▲"stdio"`, "type", /the server has a url/],
    [`${URL_MEMBER}, "type": ▲"ws"`, "type", /found "ws", wanted/],
    [`${URL_MEMBER}, "type": ▲""`, "type", /found "", wanted/],
    [
      `${URL_MEMBER}, "transport": "sse", ▲"type": "sse"`,
      "type",
      /"type" means the same as "transport"/,
    ],
    [
      `${URL_MEMBER}, ▲"serverUrl": "http://h"`,
      "serverUrl",
      /"serverUrl" means the same as "url"/,
    ],
    [
      `${URL_MEMBER}, ▲"httpUrl": "http://h"`,
      "httpUrl",
      /"httpUrl" means the same as "url"/,
    ],
    [
      `▲"httpUrl": "http://h", "type": "sse"`,
      "httpUrl",
      /"httpUrl" means Streamable HTTP, and the transport is "sse"/,
    ],
    [
      `▲"httpUrl": "http://h", "transport": "auto"`,
      "httpUrl",
      /the transport is "auto"/,
    ],
  ];
  for (const [members, key, message] of bad) {
    it(`cannot be told from { ${members.replace("▲", "")} }`, () => {
      assertError(withServer(`{ ${members} }`), {
        path: `mcpServers.x.${key}`,
        message,
      });
    });
  }
});

describe("the headers of a server", () => {
  it("are kept by lower-case name, as secrets", () => {
    const { headers } = remoteOf(
      `${URL_MEMBER},
       "headers": { "Authorization": "Bearer abc", "X-Empty": "" }`,
    );
    assert.deepEqual(
      [...headers].map(([name, value]) => [name, value.reveal()]),
      [["authorization", "Bearer abc"], ["x-empty", ""]],
    );
    assert.doesNotMatch(JSON.stringify([...headers]), /abc/);
  });

  const badNames = ["", "a b", "a:b", "ä", "a\\n"];
  for (const name of badNames) {
    it(`may not have the name "${name}"`, () => {
      const { problems } = read(
        withServer(`{ ${URL_MEMBER}, "headers": { "${name}": "v" } }`),
      );
      assert.deepEqual(problems.map(({ message }) => message), [
        "found no legal name of a header, wanted one such as X-Api-Key",
      ]);
    });
  }

  const own = ["Host", "content-length", "Content-Type", "ACCEPT"];
  const mcp = ["Mcp-Session-Id", "mcp-protocol-version", "Connection"];
  for (const name of [...own, ...mcp, "Transfer-Encoding"]) {
    it(`may not replace ${name}`, () => {
      assertError(
        withServer(`{ ${URL_MEMBER}, "headers": { ▲"${name}": "v" } }`),
        {
          path: `mcpServers.x.headers.${name}`,
          message: /set by the gateway itself/,
        },
      );
    });
  }

  it("may not differ by case only", () => {
    assertError(
      withServer(`{ ${URL_MEMBER}, "headers": { "X-A": "1", ▲"x-a": "2" } }`),
      { path: "mcpServers.x.headers.x-a", message: /twice/ },
    );
  });

  it("may not hold what a header cannot carry", () => {
    const path = "mcpServers.x.headers.a";
    assertError(
      withServer(
        `{ ${URL_MEMBER}, "headers": { "a": ▲"secret-word\\r\\nb: c" } }`,
      ),
      { path, message: /^found a line break$/ },
    );
    assertError(
      withServer(`{ ${URL_MEMBER}, "headers": { "a": ▲"$env:KEY" } }`),
      { path, message: /^found a line break in KEY$/ },
      { environment: { KEY: "secret-word\n" } },
    );
    assertError(
      withServer(`{ ${URL_MEMBER}, "headers": { "a": ▲"secret-word…" } }`),
      { path, message: /^found a character that a header cannot carry$/ },
    );
  });
});

function remoteOf(members: string): RemoteOptions {
  const { config, problems } = read(withServer(`{ ${members} }`));
  assert.deepEqual(problems, []);
  const backend = config?.servers[0].backend;
  if (backend?.kind !== "remote") throw new Error("no remote server");
  return backend.remote;
}
