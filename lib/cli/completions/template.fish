# Completes the command lines of mcp-front in fish. In ~/.config/fish/config.fish:
#   mcp-front completions fish | source

# What stands before the cursor, one thing a line: "command check", "file my.jsonc",
# "given config" for an option, "taken" where a word follows the command, and
# "behind" alone at the end where it stands behind "--".
function __mcp_front_typed
    set -l command serve
    set -l option
    for one in (commandline -opc)[2..-1]
        if test -n "$option"
            test $option = config; and echo "file $one"
            echo "given $option"
            set option
        else if test "x$one" = x--
            echo behind
            return
        else if string match -qr -- '^-' $one
            set -l parts (string split -m 1 = (string replace -r -- '^--?' '' $one))
            if not set -q parts[2]; and contains -- $parts[1] VALUED
                # It is complete with its value only.
                set option $parts[1]
                continue
            end
            echo "given $parts[1]"
            test $parts[1] = config; and echo "file $parts[2]"
        else if test $command = serve
            set command $one
        else
            echo taken
        end
    end
    echo "command $command"
end

# Whether this command is typed, and this option may follow.
function __mcp_front_may
    set -l typed (__mcp_front_typed)
    contains -- "command $argv[1]" $typed; or return
    contains -- $argv[2] REPEATABLE; or not contains -- "given $argv[2]" $typed
end

# Whether this command is typed, and no word after it.
function __mcp_front_wants_word
    set -l typed (__mcp_front_typed)
    contains -- "command $argv[1]" $typed; and not contains -- taken $typed
end

# The command that stands behind "--", as a command line of its own.
function __mcp_front_command
    set -l words (commandline -opc)
    set -e words[1..(contains -i -- -- $words)]
    complete -C "$(string escape -- $words | string join ' ') $(commandline -ct)"
end

function __mcp_front_names
    set -l program (string replace -r '^~(?=/)' $HOME (commandline -opc)[1])
    set -l files (string replace -rf '^file ' '' (__mcp_front_typed))
    set -l file (string replace -r '^~(?=/)' $HOME -- $files[-1])
    $program names $argv[1] -config=$file 2>/dev/null
end

complete -c mcp-front -f
complete -c mcp-front -n 'contains behind (__mcp_front_typed)' -a '(__mcp_front_command)'
COMPLETIONS
