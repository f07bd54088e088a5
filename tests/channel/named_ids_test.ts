// The ids that messages name in their parameters.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../lib/channel/envelope.ts";
import {
  askedProgressToken,
  progressTokenOf,
  requestIdOf,
} from "../../lib/channel/named_ids.ts";

function withParams(params: unknown): Envelope {
  const text = JSON.stringify({ jsonrpc: "2.0", method: "m", params });
  return Envelope.read(new TextEncoder().encode(text));
}

describe("the ids that a message names", () => {
  it("are strings and numbers, and stay what they are", () => {
    assert.equal(requestIdOf(withParams({ requestId: "1" })), "1");
    assert.equal(progressTokenOf(withParams({ progressToken: 0 })), 0);
    const asks = withParams({ _meta: { progressToken: "" } });
    assert.equal(askedProgressToken(asks), "");
  });

  it("are exact where a number would be rounded", () => {
    const text = '{"jsonrpc":"2.0","method":"m","params":' +
      '{"requestId":9007199254740993,"progressToken":-9007199254740993,' +
      '"_meta":{"progressToken":18446744073709551615}}}';
    const envelope = Envelope.read(new TextEncoder().encode(text));
    assert.equal(requestIdOf(envelope), 9007199254740993n);
    assert.equal(progressTokenOf(envelope), -9007199254740993n);
    assert.equal(askedProgressToken(envelope), 18446744073709551615n);
    assert.equal(requestIdOf(withParams({ requestId: 1e300 })), 1e300);
  });

  it("are none where a peer wrote anything else", () => {
    const wrong = [undefined, null, 1, "text", [], { _meta: null }, {
      requestId: {},
      progressToken: null,
      _meta: { progressToken: [1] },
    }];
    for (const envelope of wrong.map(withParams)) {
      assert.equal(requestIdOf(envelope), undefined);
      assert.equal(progressTokenOf(envelope), undefined);
      assert.equal(askedProgressToken(envelope), undefined);
    }
  });
});
