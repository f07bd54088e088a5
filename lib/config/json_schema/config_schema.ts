// The JSON Schema of the file, for editors and other programs.

import { z } from "../../../deps.ts";
import { fileSchema, serverSchema } from "../schema.ts";
import { describeAuth } from "./auth_keys.ts";
import type { Notes } from "./describe_keys.ts";
import type { Keywords } from "./keywords.ts";
import { describeLimits } from "./limit_keys.ts";
import { describeFile, describeProxy } from "./proxy_keys.ts";
import { describeServers, ignoredProperties } from "./server_keys.ts";
import { describeTokens } from "./token_keys.ts";

/**
 * The schema by which the file is read, as JSON Schema 2020-12, with what its keys mean. It
 * accepts every file that can be used; that one it accepts can be used is for `-validate` to say.
 */
export function configSchema(): Keywords {
  const notes: Notes = z.registry<Record<string, unknown>>();
  describeFile(notes);
  describeProxy(notes);
  describeAuth(notes);
  describeTokens(notes);
  describeLimits(notes);
  describeServers(notes);
  return z.toJSONSchema(fileSchema, {
    target: "draft-2020-12",
    metadata: notes,
    override({ zodSchema, jsonSchema }) {
      if (zodSchema as unknown !== serverSchema) return;
      Object.assign(jsonSchema.properties ?? {}, ignoredProperties());
    },
  });
}
