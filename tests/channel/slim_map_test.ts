// A map and a set that forget what they are made of are no others than those of the language.

import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { SlimMap } from "../../lib/channel/slim_map.ts";
import { SlimSet } from "../../lib/channel/slim_set.ts";
import { holds, LIMIT } from "../fuzz/fuzz.ts";

const steps = fc.array(
  fc.tuple(fc.constantFrom("set", "delete", "clear"), fc.nat({ max: 3 })),
);

it(
  "they hold what a map and a set would, whatever is done to them",
  LIMIT,
  async () => {
    await holds(
      fc.property(steps, (all) => {
        const [map, slimMap] = [
          new Map<number, number>(),
          new SlimMap<number, number>(),
        ];
        const [set, slimSet] = [new Set<number>(), new SlimSet<number>()];
        for (const [at, [step, key]] of all.entries()) {
          if (step === "clear") {
            for (const one of [map, slimMap, set, slimSet]) one.clear();
          } else if (step === "set") {
            map.set(key, at);
            slimMap.set(key, at);
            set.add(key);
            slimSet.add(key);
          } else {
            assert.equal(slimMap.delete(key), map.delete(key));
            assert.equal(slimSet.delete(key), set.delete(key));
          }
          assert.deepEqual([...slimMap], [...map]);
          assert.deepEqual([...slimMap.keys()], [...map.keys()]);
          assert.deepEqual([...slimMap.values()], [...map.values()]);
          assert.deepEqual([...slimSet], [...set]);
          assert.deepEqual([slimMap.size, slimSet.size], [map.size, set.size]);
          assert.equal(slimMap.get(key), map.get(key));
          assert.equal(slimMap.has(key), map.has(key));
          assert.equal(slimSet.has(key), set.has(key));
        }
      }),
      200,
    );
  },
);

it("all may be taken out while they are gone through", () => {
  const map = new SlimMap<number, string>();
  const set = new SlimSet<number>();
  for (const key of [1, 2, 3]) {
    map.set(key, "");
    set.add(key);
  }
  const seen: number[] = [];
  for (const [key] of map) {
    map.delete(key);
    seen.push(key);
  }
  for (const item of set) {
    set.delete(item);
    seen.push(item);
  }
  assert.deepEqual(seen, [1, 2, 3, 1, 2, 3]);
  assert.deepEqual([map.size, set.size], [0, 0]);
});
