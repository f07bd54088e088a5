// What becomes of children when the gateway is killed, or the process that would end them then.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { after, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Ahead } from "../support/fault_ahead.ts";
import { startGateway } from "../support/gateway_process.ts";
import type { GatewayProcess } from "../support/gateway_process.ts";
import {
  killAll,
  listProcesses,
  once,
  processesWith,
} from "../support/process_list.ts";
import { commandOf, PROGRAMS } from "../support/program.ts";
import type { Program } from "../support/program.ts";
import { PuppetServer } from "../support/puppet_server.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";
import {
  initialize,
  postHeaders,
  StreamableSession,
} from "../support/streamable_session.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

/** Children have 5 s to go; the rest is for a busy machine. */
const GONE_LIMIT_MS = 7_000;
const DROPPED_LIMIT_MS = 2_000;
const BACK_LIMIT_MS = 5_000;
const LIMIT = { timeout: 40_000 };
/** File descriptors of a gateway that is to run out of them. */
const FEW_FILES = 64;
const ON_LINUX = process.platform === "linux";

let count = 0;

/** A duration to sleep that nobody else sleeps, so that the process is known by it. */
function ownSleep(): string {
  return `sleep 8640${process.pid}.${++count}`;
}

/** A child that hears neither the end of its input nor SIGTERM. */
const DEAF = (sleep: string) => `trap '' TERM; ${sleep}; ${sleep}`;

/** Children that would outlive the gateway, as shell scripts around a sleep. */
const STUBBORN: Readonly<Record<string, (sleep: string) => string>> = {
  "hears neither the end of its input nor SIGTERM": DEAF,
  "has left grandchildren behind": (sleep) =>
    `${sleep} & ${sleep} & exec ${sleep}`,
  "has forked twice within its group": (sleep) =>
    `(${sleep} & ${sleep} &); exec ${sleep}`,
  "has cleared its environment": (sleep) => `exec env -i ${sleep}`,
};

/** Besides, where the system tells of the environment of processes. */
const STRAY: Readonly<Record<string, (sleep: string) => string>> = {
  "has started what left its group": (sleep) =>
    `setsid ${sleep} & exec ${sleep}`,
};

async function gatewayWith(script: string, how: Program = "binary") {
  const config = configWith({ shell: { command: "sh", args: ["-c", script] } });
  return await startGateway({ config, how });
}

/** Begins a session whose server never answers; resolves with how that ends for the client. */
function begin(gateway: GatewayProcess): Promise<string> {
  return fetch(`${gateway.url}/shell/mcp`, {
    method: "POST",
    headers: postHeaders(DEV_TOKEN),
    body: JSON.stringify(initialize()),
  }).then(async (response) => {
    await response.text();
    return "answered";
  }).catch(() => "dropped");
}

function reapersOf({ child }: GatewayProcess): number[] {
  return listProcesses()
    .filter(({ parent, args }) =>
      parent === child.pid && / reaper \w+$/.test(args)
    )
    .map(({ pid }) => pid);
}

async function reaperOf(gateway: GatewayProcess): Promise<number> {
  const [pid] = await once(
    () => reapersOf(gateway),
    ({ length }) => length > 0,
  );
  return pid as number;
}

async function allGone(sleep: string): Promise<void> {
  const start = performance.now();
  try {
    await once(
      () => processesWith(sleep),
      ({ length }) => length === 0 || performance.now() - start > GONE_LIMIT_MS,
    );
    assert.deepEqual(processesWith(sleep), []);
  } finally {
    killAll(processesWith(sleep));
  }
}

async function hasStarted(sleep: string, processes = 1): Promise<void> {
  await once(() => processesWith(sleep), ({ length }) => length >= processes);
}

/** Kills a gateway whose child is a script. */
async function killWith(
  scriptOf: (sleep: string) => string,
  how: Program = "binary",
): Promise<void> {
  const sleep = ownSleep();
  const gateway = await gatewayWith(scriptOf(sleep), how);
  const client = begin(gateway);
  await hasStarted(sleep);
  const start = performance.now();
  await gateway.stop("SIGKILL");
  assert.equal(await client, "dropped");
  assert.ok(performance.now() - start < DROPPED_LIMIT_MS);
  await allGone(sleep);
}

/** Kills a check instead. */
async function killCheck(): Promise<void> {
  await using folder = await TemporaryFolder.create();
  const sleep = ownSleep();
  const shell = { command: "sh", args: ["-c", DEAF(sleep)] };
  const file = join(folder.path, "config.jsonc");
  writeFileSync(file, JSON.stringify(configWith({ shell })));
  const [command] = commandOf("binary");
  const check = spawn(command, ["check", "-config", file], { stdio: "ignore" });
  await hasStarted(sleep);
  process.kill(check.pid as number, "SIGKILL");
  await allGone(sleep);
}

/** Kills gateways when the first, second, … of many children starts. */
async function killAtStart(): Promise<void> {
  const sleep = ownSleep();
  for (let round = 0; round < 4; round++) {
    const gateway = await gatewayWith(DEAF(sleep));
    const clients = Array.from({ length: 12 }, () => begin(gateway));
    if (round === 0) await gateway.logged("Session opened");
    else await hasStarted(sleep, round);
    await gateway.stop("SIGKILL");
    await Promise.all(clients);
  }
  await allGone(sleep);
}

describe("kill -9 of the gateway ends a child", () => {
  const scripts = Object.entries({ ...STUBBORN, ...(ON_LINUX ? STRAY : {}) });
  const cases: readonly (readonly [string, () => Promise<void>])[] = [
    ...scripts.map(([what, scriptOf]) =>
      [`that ${what}, and drops its client`, () => killWith(scriptOf)] as const
    ),
    ["that was just being started", killAtStart],
    ["of a check, too", killCheck],
    ...PROGRAMS.map((how) =>
      [`however it runs (${how})`, () => killWith(DEAF, how)] as const
    ),
  ];
  const ahead = new Ahead(cases, ([, play]) => play(), cases.length);
  after(() => ahead.settled());

  for (const [index, [name]] of cases.entries()) {
    it(name, LIMIT, () => ahead.outcome(index));
  }
});

describe("the reaper", () => {
  it(
    "is not in the group of the gateway, which a terminal signals as a whole",
    LIMIT,
    async () => {
      const sleep = ownSleep();
      const gateway = await gatewayWith(`exec ${sleep}`);
      const client = begin(gateway);
      const reaper = await reaperOf(gateway);
      const { group } = listProcesses().find(({ pid }) => pid === reaper) ?? {};
      assert.equal(group, reaper);
      await gateway.stop("SIGKILL");
      await client;
    },
  );

  it("is started with the first child, not before", LIMIT, async () => {
    const sleep = ownSleep();
    await using gateway = await gatewayWith(`exec ${sleep}`);
    assert.deepEqual(reapersOf(gateway), []);
    const client = begin(gateway);
    await hasStarted(sleep);
    assert.equal(reapersOf(gateway).length, 1);
    await gateway.stop("SIGKILL");
    await client;
  });

  it(
    "is replaced when it is killed, and the next one knows its charge",
    LIMIT,
    async () => {
      const sleep = ownSleep();
      const gateway = await gatewayWith(`exec env -i ${sleep}`);
      const client = begin(gateway);
      await hasStarted(sleep);
      const first = await reaperOf(gateway);
      process.kill(first, "SIGKILL");
      const start = performance.now();
      const line = await gateway.logged("Reaper lost; another one is started");
      assert.deepEqual([line.level, line.reason], ["WARN", "SIGKILL"]);
      await once(
        () => reapersOf(gateway),
        ([next]) => (next ?? first) !== first,
      );
      assert.ok(performance.now() - start < BACK_LIMIT_MS);
      await gateway.stop("SIGKILL");
      await client;
      await allGone(sleep);
    },
  );

  it("is gone when the gateway has ended in order", LIMIT, async () => {
    await using puppet = await PuppetServer.start();
    const config = configWith({ puppet: puppet.entry });
    await using gateway = await startGateway({ config });
    const url = `${gateway.url}/puppet/mcp`;
    await Promise.all([
      StreamableSession.begin({ url, token: DEV_TOKEN }),
      puppet.hello(),
    ]);
    const reaper = await reaperOf(gateway);
    assert.equal((await gateway.stop()).code, 0);
    assert.ok(!listProcesses().some(({ pid }) => pid === reaper));
  });

  it("ends with the gateway, whatever it is sent before", LIMIT, async () => {
    const sleep = ownSleep();
    const gateway = await gatewayWith(`exec env -i ${sleep}`);
    const client = begin(gateway);
    await hasStarted(sleep);
    const reaper = await reaperOf(gateway);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.kill(reaper, signal);
    }
    await gateway.stop("SIGKILL");
    await client;
    await allGone(sleep);
  });

  it(
    "ends what has left its group after an orderly end, too",
    LIMIT,
    async () => {
      if (!ON_LINUX) return;
      const sleep = ownSleep();
      const gateway = await gatewayWith(`setsid ${sleep} & exec cat`);
      const client = begin(gateway);
      await hasStarted(sleep);
      assert.equal((await gateway.stop()).code, 0);
      await client;
      await allGone(sleep);
    },
  );

  it("is given nothing of the gateway's environment", LIMIT, async () => {
    if (!ON_LINUX) return;
    const sleep = ownSleep();
    await using gateway = await gatewayWith(`exec ${sleep}`);
    const client = begin(gateway);
    const reaper = await reaperOf(gateway);
    assert.equal(readFileSync(`/proc/${reaper}/environ`, "utf8"), "");
    await gateway.stop("SIGKILL");
    await client;
  });

  it(
    "is missed without harm while file descriptors have run out, and replaced then",
    LIMIT,
    async () => {
      if (!ON_LINUX) return;
      const sleep = ownSleep();
      const shell = { command: "sh", args: ["-c", `exec ${sleep}`] };
      const few = [
        "sh",
        "-c",
        `ulimit -n ${FEW_FILES}; exec "$0" "$@"`,
      ] as const;
      await using gateway = await startGateway({
        config: configWith({ shell }),
        command: [...few, ...commandOf("binary")],
      });
      const client = begin(gateway);
      await hasStarted(sleep);
      const first = await reaperOf(gateway);
      const { port } = new URL(gateway.url);
      const sockets = Array.from({ length: FEW_FILES }, () => {
        const socket = connect(Number(port), "127.0.0.1");
        return socket.on("error", () => {});
      });
      const files = () => readdirSync(`/proc/${gateway.child.pid}/fd`).length;
      await once(files, (count) => count >= FEW_FILES);
      process.kill(first, "SIGKILL");
      await gateway.logged("Reaper lost; another one is started");
      // The next attempt is made a second later, and fails as well.
      await once(
        () => gateway.logs().split("Reaper lost").length,
        (parts) => parts > 2,
      );
      for (const socket of sockets) socket.destroy();
      await once(
        () => reapersOf(gateway),
        ([next]) => (next ?? first) !== first,
      );
      await gateway.stop("SIGKILL");
      await client;
      await allGone(sleep);
    },
  );

  it(
    "is not started again and again at once when it cannot live",
    LIMIT,
    async () => {
      const sleep = ownSleep();
      await using gateway = await gatewayWith(`exec ${sleep}`);
      const client = begin(gateway);
      const killed: number[] = [];
      const until = performance.now() + 1_500;
      while (performance.now() < until) {
        const reapers = reapersOf(gateway);
        killed.push(...reapers.filter((pid) => !killed.includes(pid)));
        killAll(reapers);
        await delay(10);
      }
      assert.ok(killed.length >= 1 && killed.length <= 3, `${killed.length}`);
      await gateway.stop("SIGKILL");
      await client;
    },
  );
});
