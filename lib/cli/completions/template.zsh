#compdef mcp-front
# Completes the command lines of mcp-front in zsh. In ~/.zshrc, after compinit:
#   eval "$(mcp-front completions zsh)"

_mcp_front() {
  local program=${${(Q)words[1]}/#\~/$HOME} word=$words[CURRENT]
  local command=serve option='' file='' taken='' dash=- one name
  local -a flags rest given
  local -i end=${words[(ie)--]}
  if (( end < CURRENT )); then
    # What stands behind "--" is another command line.
    shift $end words
    (( CURRENT -= end ))
    _normal
    return
  fi
  for one in "${(@Q)words[2,CURRENT-1]}"; do
    if [[ -n $option ]]; then
      if [[ $option == config ]]; then file=${one/#\~/$HOME}; fi
      option=''
    elif [[ $one == -* ]]; then
      name=${${${one%%=*}#-}#-}
      case $name in
        (REPEATABLE) ;;
        (*) given+=($name) ;;
      esac
      if [[ $one == *=* ]]; then
        if [[ $name == config ]]; then file=${${one#*=}/#\~/$HOME}; fi
        continue
      fi
      case $name in
        (VALUED) option=$name ;;
      esac
    elif [[ $command == serve ]]; then
      command=$one
    else
      taken=yes
    fi
  done
  if [[ -z $option && $word == -*=* ]]; then
    option=${${${word%%=*}#-}#-}
    compset -P '*='
  fi
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
  if [[ $word != -* && $#rest -gt 0 ]]; then
    _describe -t commands 'command' rest
    return
  fi
  if [[ $word == --* ]]; then dash=--; fi
  for one in $given; do
    flags=(${flags:#$one:*})
  done
  flags=($dash$^flags)
  _describe -o -t options 'option' flags
}

_mcp_front_offer() {
  compadd -- "$@"
}

_mcp_front_names() {
  local -a names
  names=(${(f)"$($program names $1 ${file:+-config=$file} 2> /dev/null)"})
  compadd -- $names
}

_mcp_front_files() {
  _files
}

# As a file of fpath it is run, with eval it is read.
if [[ $funcstack[1] == _mcp-front ]]; then
  _mcp_front "$@"
else
  compdef _mcp_front mcp-front
fi
