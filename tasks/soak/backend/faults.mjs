// How the soak's server fails when it is told to.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** A grandchild that outlives everything unless somebody ends it. */
const GRANDCHILD = "sleep 1000 & sleep 1000 &";

/** By name: `(conversation, id, args)`. None answers, but those that go on living. */
export const faults = {
  exit: dying(() => process.exit(0)),
  "exit-3": dying(() => process.exit(3)),
  abort: dying(() => process.abort()),
  kill: dying(() => process.kill(process.pid, "SIGKILL")),

  /** Begins the answer and dies. */
  half(conversation, id, args) {
    noteRun(args.nonce);
    conversation.ways.half(id, () => process.exit(1));
  },

  /** Never answers. */
  hang(_conversation, _id, args) {
    noteRun(args.nonce);
  },

  /** From now on it ends neither with its input nor by SIGTERM. */
  deaf(conversation, id, args) {
    process.on("SIGTERM", () => {});
    setInterval(() => {}, 1_000);
    conversation.ways.deaf();
    conversation.told(id, args, args.text);
  },

  /** Leaves grandchildren behind in its process group, which hold its pipes. */
  orphan(conversation, id, args) {
    spawn("sh", ["-c", GRANDCHILD], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    conversation.told(id, args, args.text);
  },

  /** The same, and dies: only the grandchildren are left. */
  abandon(_conversation, _id, args) {
    noteRun(args.nonce);
    spawn("sh", ["-c", GRANDCHILD], { stdio: "inherit" });
    setTimeout(() => process.exit(1), 20);
  },

  cut: way("cut"),
  html: way("html"),
  500: way("500"),

  /** Refuses the call unread: it may come again, once. */
  forget(conversation, id) {
    conversation.ways.forget(id);
  },
};

function dying(die) {
  return (_conversation, _id, args) => {
    noteRun(args.nonce);
    die();
  };
}

/** What only some transports can do. */
function way(name) {
  return (conversation, id, args) => {
    noteRun(args.nonce);
    conversation.ways[name](id);
  };
}

/** A call that broke off must not be run again by anybody but its client: a file says that it ran, and another that it ran twice. */
function noteRun(nonce) {
  const name = createHash("sha256").update(nonce).digest("hex");
  const file = join(process.env.SOAK_RAN, name);
  try {
    openSync(file, "wx");
  } catch {
    // It is there already.
    writeFileSync(`${file}.twice`, nonce);
  }
}
