// The environment of a child: ordinary variables, what its server asks for, and never a token of the gateway.

import type { TokenTable } from "./token_table.ts";

/** Variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What a child's environment is made of. */
export interface ChildEnvironmentOptions {
  /** The gateway's own environment. */
  readonly environment: Variables;
  /** As `process.platform` has it. */
  readonly platform: string;
  /** `env` of the server; it wins over what is inherited. */
  readonly env: ReadonlyMap<string, string>;
  /** Names to be inherited besides the ordinary ones. */
  readonly inheritEnv: readonly string[];
  /** What must not reach the child. */
  readonly tokens: TokenTable;
}

const POSIX_VARIABLES = [
  "HOME",
  "LANG",
  "LANGUAGE",
  "LOGNAME",
  "PATH",
  "SHELL",
  "TERM",
  "TMPDIR",
  "TZ",
  "USER",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_DIRS",
  "XDG_CONFIG_HOME",
  "XDG_DATA_DIRS",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "XDG_STATE_HOME",
];

const WINDOWS_VARIABLES = [
  "ALLUSERSPROFILE",
  "APPDATA",
  "COMMONPROGRAMFILES",
  "COMMONPROGRAMFILES(X86)",
  "COMPUTERNAME",
  "COMSPEC",
  "HOMEDRIVE",
  "HOMEPATH",
  "LOCALAPPDATA",
  "NUMBER_OF_PROCESSORS",
  "OS",
  "PATHEXT",
  "PROCESSOR_ARCHITECTURE",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "PROGRAMFILES(X86)",
  "PUBLIC",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "USERDOMAIN",
  "USERNAME",
  "USERPROFILE",
  "WINDIR",
];

/** The names that mean the same everywhere, on any platform. */
export const ORDINARY_VARIABLES: readonly string[] = [
  ...POSIX_VARIABLES,
  ...WINDOWS_VARIABLES,
];

/** The whole environment of a child. */
export function childEnvironment(
  options: ChildEnvironmentOptions,
): Record<string, string> {
  const { environment, platform, env, inheritEnv, tokens } = options;
  const key = (name: string) => variableKey(name, platform);
  const wanted = new Set(inheritEnv.map(key));
  const withheld = new Set([...tokens.variables.keys()].map(key));
  const overridden = new Set([...env.keys()].map(key));
  const inherited = Object.entries(environment).flatMap(([name, value]) => {
    const isWanted = wanted.has(key(name)) || isOrdinary(name, platform);
    const isBarred = withheld.has(key(name)) || overridden.has(key(name));
    if (value === undefined || !isWanted || isBarred) return [];
    const isSecret = tokens.nameOf(value) !== undefined ||
      tokens.hasClientSecretIn(value);
    return isSecret ? [] : [[name, value]];
  });
  return Object.fromEntries([...inherited, ...env]);
}

/** A variable's name as the platform compares it: Windows does not look at case. */
export function variableKey(name: string, platform: string): string {
  return platform === "win32" ? name.toUpperCase() : name;
}

/** Whether every child gets this variable: it says where it runs, and is no secret. */
export function isOrdinary(name: string, platform: string): boolean {
  return name.startsWith("LC_") ||
    ordinary(platform).includes(variableKey(name, platform));
}

function ordinary(platform: string): readonly string[] {
  return platform === "win32" ? ORDINARY_VARIABLES : POSIX_VARIABLES;
}
