// A page of a list: its items in the server's own words, also those that no parser would keep.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OFFER_LISTS } from "../../../lib/backends/offer_list.ts";
import type { OfferList } from "../../../lib/backends/offer_list.ts";
import {
  DEFAULT_NAMING,
  Naming,
} from "../../../lib/backends/aggregate/naming.ts";
import { pageIn } from "../../../lib/backends/aggregate/page.ts";
import { Register } from "../../../lib/backends/aggregate/register.ts";
import { Envelope } from "../../../lib/channel/envelope.ts";
import { Memory } from "../../../lib/channel/memory.ts";
import { GatewayError } from "../../../lib/errors.ts";
import { logInto } from "../../support/log_lines.ts";

const TOOLS = OFFER_LISTS.get("tools/list") as OfferList;

function answer(result: string): Envelope {
  const text = `{"jsonrpc":"2.0","id":1,"result":${result}}`;
  return Envelope.read(new TextEncoder().encode(text));
}

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

describe("a page", () => {
  it("has its items as they were written, with no more than the name changed", () => {
    const tool = '{ "title":"\\u00e9", "name" : "x", ' +
      '"inputSchema":{"maximum":18446744073709551615,"x":1.0,"name":"x"}}';
    const { items } = pageIn(
      answer(`{"tools":[ ${tool} ,{"name":"y"}]}`),
      TOOLS,
    );
    const register = new Register(
      new Naming(DEFAULT_NAMING),
      new Memory(1024),
      logInto([]),
    );
    const shown = items.map((item) => textOf(register.shown(item, TOOLS, "a")));
    assert.deepEqual(shown, [
      tool.replace('"name" : "x"', '"name" : "a__x"'),
      '{"name":"a__y"}',
    ]);
  });

  it("leaves out what has no name", () => {
    const { items } = pageIn(
      answer('{"tools":[null,{},{"name":1},{"name":"z"}]}'),
      TOOLS,
    );
    assert.deepEqual(items.map(({ own }) => own), ["z"]);
  });

  it("is empty where there is no list", () => {
    assert.deepEqual(pageIn(answer("{}"), TOOLS), { items: [] });
    assert.deepEqual(pageIn(answer('{"tools":7}'), TOOLS), { items: [] });
  });

  it("says where the next one begins", () => {
    const { nextCursor } = pageIn(
      answer('{"tools":[],"nextCursor":"n"}'),
      TOOLS,
    );
    assert.equal(nextCursor, "n");
  });

  it("is the last where the next one has an empty name, as clients take it", () => {
    const page = pageIn(answer('{"tools":[],"nextCursor":""}'), TOOLS);
    assert.deepEqual(page, { items: [] });
  });

  it("is none where the gateway tells a fault in the server's place", () => {
    const fault = new GatewayError("backend_exited", "It is gone");
    const told = Envelope.failure(1, fault);
    assert.throws(() => pageIn(told, TOOLS), fault);
  });
});
