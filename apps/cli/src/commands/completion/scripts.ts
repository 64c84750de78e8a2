import { FILES, FOLDERS } from './candidates';

/** Scripts that ask `keptn complete` for what can follow, so that they are never out of date. */
export const scripts = {
  bash: `# bash completion of keptn
_keptn() {
  local current words
  # The words as they were typed: bash splits at = and :.
  words=(\${COMP_LINE:0:COMP_POINT})
  [[ "\${COMP_LINE:COMP_POINT-1:1}" == ' ' ]] && words+=('')
  current="\${words[-1]}"
  local candidates
  mapfile -t candidates < <(keptn complete -- "\${words[@]:1}" 2>/dev/null)
  # What stands before the last = is on the line already.
  local prefix=''
  [[ "$current" == --*=* ]] && prefix="\${current%%=*}="
  case "\${candidates[0]-}" in
    ${FILES}) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "\${current#"$prefix"}") ;;
    ${FOLDERS}) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "\${current#"$prefix"}") ;;
    *) COMPREPLY=("\${candidates[@]#"$prefix"}") ;;
  esac
}
complete -F _keptn keptn
`,
  zsh: `#compdef keptn
_keptn() {
  local -a candidates
  candidates=("\${(@f)$(keptn complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  case "\${candidates[1]}" in
    ${FILES}) [[ "$PREFIX" == --*=* ]] && compset -P '*='; _files ;;
    ${FOLDERS}) [[ "$PREFIX" == --*=* ]] && compset -P '*='; _files -/ ;;
    *) compadd -- "\${candidates[@]}" ;;
  esac
}
if [ "$funcstack[1]" = "_keptn" ]; then _keptn; else compdef _keptn keptn; fi
`,
  fish: `# fish completion of keptn
function __keptn
  set -l words (commandline --tokenize --cut-at-cursor) (commandline --current-token --cut-at-cursor)
  set -l candidates (keptn complete -- $words[2..-1] 2>/dev/null)
  switch "$candidates[1]"
    case ${FILES}
      __fish_complete_path (commandline --current-token)
    case ${FOLDERS}
      __fish_complete_directories (commandline --current-token)
    case '*'
      string join \\n -- $candidates
  end
end
complete --command keptn --no-files --arguments '(__keptn)'
`,
} as const;

export type Shell = keyof typeof scripts;
