// A call that its client has left: what its server asks yet, before it knows, is asked in nobody else's name.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { POOL_BOUNDS } from "../../../lib/eras/legacy_backend_for_modern/pool_bounds.ts";
import { Bridged } from "../../support/bridged_clients.ts";

const CALL = ["tools/call", { name: "t" }] as const;
const SAMPLING = { capabilities: { sampling: {} } };
const question = (id: string) => ({
  id,
  method: "sampling/createMessage",
  params: { messages: [], maxTokens: 1 },
});

describe("a question of a server to a call that was given up", () => {
  it("is not asked in the next call, which begins when the server knows", async () => {
    const bounds = { ...POOL_BOUNDS, sessions: 1 };
    await using bridged = new Bridged({ bounds });
    const one = await bridged.ask(...CALL, SAMPLING);
    const session = await bridged.session(1);
    await session.told("tools/call");
    await one.leave();
    const two = await bridged.ask(...CALL, SAMPLING);
    await session.told("ping");
    session.say(question("late"));
    assert.ok((await session.answered("late")).error);
    assert.equal(session.all("tools/call").length, 1);
    await session.answer("ping");
    await session.told("tools/call", 2);
    session.say(question("q"));
    assert.equal((await two.result()).resultType, "input_required");
  });

  it("is not held against the only other call", async () => {
    await using bridged = new Bridged();
    const [one, two] = [await bridged.ask(...CALL), await bridged.ask(...CALL)];
    const session = await bridged.session(1);
    const { id } = await session.told("tools/call", 2);
    await one.leave();
    session.say(question("late"));
    assert.ok((await session.answered("late")).error);
    session.say({ id, result: { done: true } });
    assert.equal((await two.result()).done, true);
  });
});
