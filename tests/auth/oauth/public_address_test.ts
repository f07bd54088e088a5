// Which addresses a foreign document may lead to.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isPublic } from "../../../lib/auth/oauth/public_address.ts";

const PUBLIC = ["8.8.8.8", "172.15.0.1", "172.32.0.1", "2606:4700::1111"];

const OTHERS = [
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "::ffff:7f00:1",
  "64:ff9b::a00:1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "ff02::1",
  "2001:db8::1",
  "2001::1",
  "2002:7f00:1::",
  "3fff::1",
  "localhost",
  "",
];

describe("an address", () => {
  it("of the public internet is public", () => {
    assert.deepEqual(PUBLIC.filter((one) => !isPublic(one)), []);
  });

  it("of this machine, of a private network, of a metadata service or in a disguise is not", () => {
    assert.deepEqual(OTHERS.filter(isPublic), []);
  });
});
