// What `mcp-front -help` prints.

/** The whole command line on one screen. */
export const USAGE = `\
mcp-front: one front door for MCP servers, opened by bearer tokens

Usage: mcp-front [-config FILE] [-validate]
       mcp-front [-port PORT] -- COMMAND [ARGUMENT…]
       mcp-front init [-config FILE] [-import] [-client NAME,…]
       mcp-front check [-config FILE] [-token NAME] [-json]
       mcp-front explain [-config FILE] -token NAME [-server NAME] [-tool NAME]
                         [-connect] [-json]
       mcp-front explain [-config FILE] -scopes "SCOPE SCOPE"
                         [-groups "GROUP,GROUP"] [-email ADDRESS] …
       mcp-front connect [-config FILE] [-server NAME] [-token NAME]
                         [-client NAME] [-json]
       mcp-front exec [-config FILE] [-token NAME] [-only SERVER[/TOOL]]...
                      [-summary FILE]... [-log FILE] -- COMMAND...
       mcp-front token new [NAME] [-plain]
       mcp-front token hash
       mcp-front tokens [-config FILE] -log FILE... [-json]
       mcp-front schema
       mcp-front completions bash|zsh|fish
       mcp-front demo database

Without a command it runs the gateway.
  -config FILE  the configuration; by default config.jsonc, then config.json,
                in the current folder
  -validate     check the configuration without starting anything: prints all
                that is wrong with it; variables it refers to need not be set
  -- COMMAND    run it for one server, started by this command, without a
                configuration: on this machine only, with a new token
  -port PORT    the port for that; by default any that is free
  -version      print the version
  -help, -h     print this

init            write a configuration to begin with: a sample database behind
                a new token
  -import       with the MCP servers that clients on this machine have in their
                configuration, which stays as it is
  -client NAME  only those of claude-code, cursor, vscode, windsurf, codex,
                gemini or claude-desktop; several with commas between them
check           connect to every server of the configuration and print what
                each has, or why it cannot be reached
  -token NAME   as this token; by default each server as one that may use it
  -json         print JSON instead of a table
explain         print what a token may do, and which rule of which line of
                the configuration decides it; starts nothing
  -token NAME   the static token
  -scopes "SCOPE SCOPE"  or an access token with these scopes; "" is none
  -groups "GROUP,GROUP"  whose caller is in these groups
  -email ADDRESS         and has this verified address
  -server NAME  only this server
  -tool NAME    whether this tool may be called
  -connect      connect to the servers, and go through the tools they have
  -json         print JSON instead of a table
connect         print what to put into the configuration of each client, with
                the token taken from $MCP_TOKEN, or for a login by OAuth;
                variables need not be set
  -server NAME  for this server; by default for all servers as one
  -token NAME   as this static token; by default by OAuth where that is taken,
                else the first valid one that may use it
  -client NAME  only for claude-code, cursor, vscode, windsurf, codex, gemini,
                claude-desktop or inspector: the snippet alone
  -json         print JSON instead of text
exec            run a command with a gateway of its own on a free port, which
                ends with it; the command finds MCP_FRONT_URL and a new
                MCP_FRONT_TOKEN in its environment, servers at
                $MCP_FRONT_URL/mcp; ends with the command's exit code
  -token NAME   with the rights of this token; by default with all
  -only SERVER, -only SERVER/TOOL
                only this server, or this tool of it, * for any characters;
                may be repeated
  -summary FILE  write what was called, as JUnit XML where the name ends in
                .xml, else as JSON; may be repeated
  -log FILE     append the log to this file; by default only warnings are
                written, to stderr
token new       make a token and print it, with its line for the configuration
  NAME          its name there
  -plain        the line has the token itself instead of its hash
token hash      read a token from stdin and print its hash for that line
tokens          print when each token was used last, from the JSON log
  -log FILE     a file of the log, also with gzip, or - for stdin; may be
                repeated
  -json         print JSON instead of a table
schema          print the JSON Schema of the configuration, for editors
completions     print a script that completes command lines in bash, zsh or
                fish; its first lines say how it is used
demo database   be that sample database: an MCP server on stdin and stdout

Environment:
  LOG_LEVEL     debug, info, warn or error (default: info)
  LOG_FORMAT    json or text (default: text on a terminal, json elsewhere)
  NO_COLOR      no colours, if set and not empty

Exit codes: 0 ended as asked, 1 failed, 2 wrong usage or configuration,
            130 and 143 ended by a signal before it was done; exec: 3 a server
            is not ready, 126 and 127 the command cannot be run or found
`;
