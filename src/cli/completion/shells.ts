/** Shells that there is completion for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** The script for a shell. Each asks `netloom __complete` for the words, which answers as `answerText` says. */
export function scriptFor(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return BASH;
    case 'zsh':
      return ZSH;
    case 'fish':
      return FISH;
  }
  return shell satisfies never;
}

const BASH = `# bash completion for netloom: source <(netloom completion bash)
_netloom() {
  local line=$COMP_LINE rest current before directive answer word i n=-1
  local -a words=() at=()
  # bash takes : and = for the ends of words; here they are parts of them.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    rest=\${line#"\${line%%[![:space:]]*}"}
    if ((i > 0)) && [[ $rest == "$line" ]]; then words[n]+=\${COMP_WORDS[i]}; else
      words[++n]=\${COMP_WORDS[i]}
      at[n]=$i
    fi
    line=\${rest#"\${COMP_WORDS[i]}"}
  done
  current=\${words[n]}
  COMPREPLY=()
  answer=$("\${words[0]}" __complete "\${words[@]:1:n}" 2>/dev/null) || return 0
  directive=\${answer%%$'\\n'*}
  # What stands before the last : or = is there already.
  before=\${current%"\${current##*[:=]}"}
  while IFS= read -r word; do
    word=\${word%%$'\\t'*}
    [[ -n $word ]] && COMPREPLY+=("\${word#"$before"}")
  done <<<"\${answer#"$directive"}"
  case $directive in
  yaml)
    compopt -o filenames
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$current"; compgen -f -X '!*.yaml' -- "$current"; compgen -f -X '!*.yml' -- "$current")
    ;;
  any)
    compopt -o filenames
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "\${current#"$before"}")
    ;;
  command*)
    i=\${at[\${directive#command } + 1]}
    if declare -F _comp_command_offset >/dev/null; then _comp_command_offset "$i"
    elif declare -F _command_offset >/dev/null; then _command_offset "$i"
    elif ((COMP_CWORD == i)); then mapfile -t COMPREPLY < <(compgen -c -- "$current")
    else compopt -o default; fi
    ;;
  esac
}
complete -F _netloom netloom
`;

const ZSH = `#compdef netloom
# zsh completion for netloom: netloom completion zsh > a file _netloom in a directory of $fpath
_netloom() {
  local -a lines found
  local directive line word text
  lines=("\${(@f)$("\${(Q)words[1]}" __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  directive=$lines[1]
  for line in "\${(@)lines[2,-1]}"; do
    word=\${line%%$'\\t'*}
    text=\${line#*$'\\t'}
    [[ -n $word ]] && found+=("\${word//:/\\\\:}:$text")
  done
  case $directive in
  command*)
    local skip=$((\${directive#command } + 1))
    shift $skip words
    ((CURRENT -= skip))
    _normal
    return
    ;;
  yaml) _alternative 'files:file:_files -g "*.(yaml|yml)(-.)"' 'words:word:(())' ;;
  any) compset -P '*=' ; _files ;;
  esac
  ((\${#found})) && _describe -t netloom 'netloom' found
}
if [ "$funcstack[1]" = _netloom ]; then _netloom "$@"; else compdef _netloom netloom; fi
`;

const FISH = `# fish completion for netloom: netloom completion fish > ~/.config/fish/completions/netloom.fish
function __netloom_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l lines ($program __complete $words "$current" 2>/dev/null)
    set -l directive $lines[1]
    set -e lines[1]
    for line in $lines
        printf '%s\\n' $line
    end
    switch "$directive"
        case yaml
            __fish_complete_path "$current" | string match -r '.*(?:/|\\.ya?ml)(?:\\t.*)?$'
        case any
            set -l before (string match -r '^--[a-z-]+=' -- "$current")
            for path in (__fish_complete_path (string replace -r '^--[a-z-]+=' '' -- "$current"))
                printf '%s%s\\n' "$before" $path
            end
        case 'command *'
            set -l skip (math (string replace 'command ' '' -- $directive) + 1)
            __fish_complete_subcommand --fcs-skip=$skip
    end
end
complete -c netloom -f -a '(__netloom_complete)'
`;
