// A process that ends while its child, which ignores its closed input, still runs: `leaver.ts` prints the child's pid.

import process from "node:process";
import { stdioBackend } from "../../lib/transports/backend/stdio.ts";
import { logInto } from "./log_lines.ts";
import { openContext } from "./open_context.ts";

const script =
  `printf '{"jsonrpc":"2.0","method":"x","params":{"pid":%s}}\\n' $$
exec sleep 1000`;
const backend = stdioBackend("left", {
  command: "sh",
  args: ["-c", script],
  env: { PATH: process.env.PATH ?? "" },
  cwd: process.cwd(),
}, logInto([]));
const channel = await backend.open(openContext());
for await (const envelope of channel) {
  process.stdout.write(`${envelope.message().params?.pid}\n`, () => {
    process.exit(0);
  });
}
