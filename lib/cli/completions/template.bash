# Completes the command lines of mcp-front in bash. In ~/.bashrc:
#   eval "$(mcp-front completions bash)"

_mcp_front() {
  local program=${COMP_WORDS[0]/#\~/$HOME} word=${COMP_WORDS[COMP_CWORD]}
  local command=serve option='' file='' given=' ' taken='' dash=- one at
  local -a flags rest
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    one=${COMP_WORDS[at]}
    # bash takes -config=FILE apart.
    if [[ $one == = ]]; then
      continue
    elif [[ -n $option ]]; then
      if [[ $option == config ]]; then file=$(_mcp_front_plain "$one"); fi
      option=''
    elif [[ $one == -- ]]; then
      _mcp_front_command $((at + 1))
      return
    elif [[ $one == -* ]]; then
      one=${one#-}
      one=${one#-}
      case $one in
        (REPEATABLE) ;;
        (*) given+="$one " ;;
      esac
      case $one in
        (VALUED) option=$one ;;
      esac
    elif [[ $command == serve ]]; then
      command=$one
    else
      taken=yes
    fi
  done
  if [[ $word == = ]]; then word=''; fi
  if [[ -n $option ]]; then
    case $option in
      VALUES
    esac
    return
  fi
  case $command in
    COMMANDS
  esac
  if [[ -n $taken ]]; then rest=(); fi
  if [[ $word != -* ]]; then _mcp_front_offer "${rest[@]%%:*}"; fi
  if [[ $word != -* && (-n $word || ${#rest[@]} -gt 0) ]]; then return; fi
  if [[ $word == --* ]]; then dash=--; fi
  for one in "${flags[@]%%:*}"; do
    if [[ $given != *" $one "* ]]; then _mcp_front_offer "$dash$one"; fi
  done
}

# What is typed, without the marks that are the shell's.
_mcp_front_plain() {
  local text=${1//[\"\'\\]/}
  printf '%s\n' "${text/#\~/$HOME}"
}

# Of these texts those that begin as the word does.
_mcp_front_offer() {
  local text typed
  typed=$(_mcp_front_plain "$word")
  for text; do
    if [[ $text == "$typed"* ]]; then
      COMPREPLY+=("$(printf '%q' "$text")")
    fi
  done
}

_mcp_front_names() {
  local name
  while IFS= read -r name; do
    _mcp_front_offer "$name"
  done < <("$program" names "$1" ${file:+"-config=$file"} 2> /dev/null)
}

# The command that stands behind "--", at this place.
_mcp_front_command() {
  local name
  if ((COMP_CWORD > $1)); then
    # That of bash-completion knows what follows which command.
    if declare -F _command_offset > /dev/null; then
      _command_offset "$1"
    else
      _mcp_front_files
    fi
    return
  fi
  while IFS= read -r name; do
    COMPREPLY+=("$name")
  done < <(compgen -c -- "$word")
}

_mcp_front_files() {
  local path
  # Before bash 4 there is none, and folders get no slash.
  compopt -o filenames 2> /dev/null
  while IFS= read -r path; do
    COMPREPLY+=("$path")
  done < <(compgen -f -- "$(_mcp_front_plain "$word")")
}

complete -F _mcp_front mcp-front
