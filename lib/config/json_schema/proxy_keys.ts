// What is said about the file as a whole and about `proxy`.

import { DEFAULT_NAMING } from "../../backends/aggregate/naming.ts";
import { RESERVED_NAMES } from "../../routing/reserved.ts";
import { ADDRESS } from "../address.ts";
import { DEFAULT_NAME } from "../proxy.ts";
import { VERSION } from "../read.ts";
import { LONGEST_NAME, SCHEMES, SEPARATOR, SHORTEST_NAME } from "../root.ts";
import { fileSchema, proxySchema, rootSchema, tlsSchema } from "../schema.ts";
import { MAX_SERVER_NAME_LENGTH, SERVER_NAME } from "../servers.ts";
import { describeKeys } from "./describe_keys.ts";
import type { Notes } from "./describe_keys.ts";
import { count, fixed, looksLike, url } from "./keywords.ts";

/** Takes down what is said about the top of the file. */
export function describeFile(notes: Notes): void {
  notes.add(fileSchema, {
    title: "Configuration of mcp-front",
    description:
      'Every string may be a reference as a whole: "$env:NAME", "$env:NAME|default" or "$file:PATH".',
    required: ["proxy", "mcpServers"],
  });
  describeKeys(notes, fileSchema.shape, {
    $schema: { description: "For editors; not looked at." },
    version: {
      description: "The version of this format.",
      ...fixed([VERSION]),
      default: VERSION,
    },
    proxy: {
      description: "The gateway: where it listens and who may come in.",
    },
    mcpServers: {
      description:
        "The servers by name, each with a command or a url; the name is part of the address.",
      minProperties: 1,
      propertyNames: {
        pattern: SERVER_NAME.source,
        maxLength: MAX_SERVER_NAME_LENGTH,
        not: { enum: [".", "..", ...RESERVED_NAMES] },
      },
    },
  });
}

/** Takes down what is said about `proxy`, its `auth` and limits apart. */
export function describeProxy(notes: Notes): void {
  notes.add(proxySchema, { required: ["auth"] });
  describeKeys(notes, proxySchema.shape, {
    name: {
      description: "The name of the gateway, for people.",
      default: DEFAULT_NAME,
    },
    baseUrl: {
      description:
        "Where clients reach the gateway, if not at addr; a path is allowed.",
      ...url("https://mcp.example.com"),
    },
    addr: {
      description:
        "Where to listen: host:port, or :port for all interfaces; port 0 is any free one.",
      ...looksLike(ADDRESS),
      default: ":8080",
      examples: ["127.0.0.1:8080", "[::1]:8080", ":8080"],
    },
    tls: {
      description:
        "The certificate by which the gateway speaks HTTPS itself, from files of PEM.",
      examples: [{ cert: "cert.pem", key: "key.pem" }],
    },
    auth: { description: "Who may come in." },
    allowedOrigins: {
      description:
        "Web pages that may use the gateway: scheme://host or scheme://host:port, no wildcard.",
      examples: [["https://inspector.example"]],
    },
    allowedHosts: {
      description:
        "Names in the Host header that a loopback addr answers to besides, without a port.",
      examples: [["gateway.test"]],
    },
    trustedProxies: {
      description:
        "Addresses and ranges of the proxies that are believed who the client is, by X-Forwarded-For, -Proto and -Host.",
      examples: [["loopback", "10.0.0.0/8", "fd00::/8"]],
    },
    limits: { description: "How much anyone may take up." },
    root: {
      description:
        "The names of tools and prompts at /mcp and /sse, where all servers are one.",
    },
  });
  describeTls(notes);
  describeRoot(notes);
}

function describeTls(notes: Notes): void {
  notes.add(tlsSchema, { required: ["cert", "key"] });
  describeKeys(notes, tlsSchema.shape, {
    cert: {
      description:
        "The file of the certificate, and after it those that lead to its authority; relative to this file.",
    },
    key: {
      description: "The file of its private key, without a passphrase.",
    },
    clientCa: {
      description:
        "The file of the authorities whose certificates clients must have, besides their tokens.",
    },
  });
}

function describeRoot(notes: Notes): void {
  describeKeys(notes, rootSchema.shape, {
    prefix: {
      description: "When a name begins with that of its server.",
      ...fixed(SCHEMES),
      default: DEFAULT_NAMING.prefix,
    },
    separator: {
      description: "What stands between the name of the server and its own.",
      ...looksLike(SEPARATOR),
      default: DEFAULT_NAMING.separator,
    },
    nameLength: {
      description: "The longest name, in characters.",
      ...count(SHORTEST_NAME, LONGEST_NAME),
      default: DEFAULT_NAMING.nameLength,
    },
  });
}
