// Loaded by Bun before a gateway: makes it one of a single era, by other modules in the place of two of its own.

import { fileURLToPath } from "node:url";
import { bun } from "../bun.ts";

bun.plugin({
  name: "one era",
  setup(build) {
    for (const name of ["era", "server_faces"]) {
      const filter = new RegExp(`/lib/eras/${name}\\.ts$`);
      const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
      const contents = `export * from ${JSON.stringify(path)};`;
      build.onLoad({ filter }, () => ({ contents, loader: "ts" }));
    }
  },
});
