// Who still waits for whom.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../lib/channel/envelope.ts";
import { Ledger } from "../../lib/channel/ledger.ts";

const ask = (id: string | number, method = "tools/call") =>
  Envelope.of({ jsonrpc: "2.0", id, method });
const cancel = (requestId: string | number) =>
  Envelope.of({
    jsonrpc: "2.0",
    method: "notifications/cancelled",
    params: { requestId },
  });

const LIMIT = 10;

describe("a ledger", () => {
  it("passes one answer for each request, and no second one", () => {
    const ledger = new Ledger(LIMIT);
    assert.equal(ledger.asked(ask(1)), "pass");
    assert.equal(ledger.answered(Envelope.result(1, {})), "pass");
    assert.equal(ledger.answered(Envelope.result(1, {})), "unasked_answer");
  });

  it("tells the ids 1 and '1' apart", () => {
    const ledger = new Ledger(LIMIT);
    ledger.asked(ask(1));
    ledger.asked(ask("1"));
    assert.equal(ledger.answered(Envelope.result("1", {})), "pass");
    assert.deepEqual(ledger.ids(), [1]);
  });

  it("does not pass a second request with an id that is open", () => {
    const ledger = new Ledger(LIMIT);
    ledger.asked(ask(1));
    assert.equal(ledger.asked(ask(1)), "duplicate_request");
  });

  it("has a bound on what is open at once", () => {
    const ledger = new Ledger(LIMIT);
    for (let id = 0; id < LIMIT; id++) ledger.asked(ask(id));
    assert.equal(ledger.asked(ask("more")), "too_many_requests");
    assert.equal(ledger.size, LIMIT);
  });

  it("takes back the one that is meant, also where a number would be rounded to another", () => {
    const ledger = new Ledger(LIMIT);
    const read = (text: string) =>
      Envelope.read(new TextEncoder().encode(`{"jsonrpc":"2.0",${text}}`));
    for (const id of ["9007199254740993", "9007199254740992"]) {
      ledger.asked(read(`"id":${id},"method":"tools/call"`));
    }
    const params = '{"requestId":9007199254740993}';
    ledger.asked(read(`"method":"notifications/cancelled","params":${params}`));
    assert.deepEqual(ledger.ids(), [9007199254740992n]);
  });

  it("expects no answer to a cancelled request, and is not surprised by one", () => {
    const ledger = new Ledger(LIMIT);
    ledger.asked(ask(1));
    ledger.asked(cancel(1));
    assert.equal(ledger.size, 0);
    assert.equal(ledger.answered(Envelope.result(1, {})), "cancelled_answer");
  });

  it("does not let initialize be cancelled", () => {
    const ledger = new Ledger(LIMIT);
    ledger.asked(ask(0, "initialize"));
    ledger.asked(cancel(0));
    assert.equal(ledger.answered(Envelope.result(0, {})), "pass");
  });

  it("passes no answer without an id, since nobody can be meant", () => {
    const error = { code: -32700, message: "Parse error" };
    const nobody = Envelope.of({ jsonrpc: "2.0", id: null, error });
    assert.equal(new Ledger(LIMIT).answered(nobody), "unasked_answer");
  });
});
