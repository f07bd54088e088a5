// What `mcp-front -help` prints.

/** The whole command line on one screen. */
export const USAGE = `\
mcp-front: one front door for MCP servers, opened by bearer tokens

Usage: mcp-front [-config FILE] [-validate]

  -config FILE  the configuration; by default config.jsonc, then config.json,
                in the current folder
  -validate     check the configuration without starting anything: prints all
                that is wrong with it; variables it refers to need not be set
  -version      print the version
  -help, -h     print this

Environment:
  LOG_LEVEL     debug, info, warn or error (default: info)
  LOG_FORMAT    json or text (default: text on a terminal, json elsewhere)

Exit codes: 0 ended as asked, 1 failed, 2 wrong usage or configuration
`;
