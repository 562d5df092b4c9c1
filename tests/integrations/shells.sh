#!/usr/bin/env bash
# Completions in real shells: bash, and zsh, fish and elvish where they are installed. PowerShell is tried by its protocol
# only, in tests/it/shell.rs. Run by .ci/integrations, which sets POSTLINT.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PATH="$(dirname "$POSTLINT"):$PATH"
export PATH HOME="$folder"
cd "$folder"
failed=0

# tells SHELL PATTERN: what the shell offered must hold the pattern.
tells() {
  if grep -qE -- "$2" "$folder/out"; then echo "ok   $1: $2"; else echo "FAIL $1: $2"; cat "$folder/out"; failed=1; fi
}

postlint completions bash > script.bash
cat > try.bash <<'E2'
source script.bash
offer() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9
  _clap_complete_postlint postlint "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  printf '%s\n' "${COMPREPLY[@]}"
}
offer postlint explain opinion/first
offer postlint check --format sar
offer postlint rules test conf
E2
bash --norc try.bash > out 2>&1
for wanted in opinion/first-person-view sarif confidential; do tells bash "$wanted"; done

if command -v zsh > /dev/null; then
  postlint completions zsh > script.zsh
  cat > try.zsh <<'E2'
compdef() { :; }
_describe() { print -l -- "${(P@)3}" }
source ./script.zsh
offer() { words=("$@"); CURRENT=$#; _clap_dynamic_completer_postlint; }
offer postlint explain opinion/first
offer postlint check --format sar
offer postlint rules test conf
E2
  zsh -f try.zsh > out 2>&1
  for wanted in opinion/first-person-view sarif confidential; do tells zsh "$wanted"; done
else
  echo "left out: zsh is not installed"
fi

if command -v fish > /dev/null; then
  postlint completions fish > script.fish
  fish --no-config -c 'source script.fish
    complete -C "postlint explain opinion/first"
    complete -C "postlint check --format sar"
    complete -C "postlint rules test conf"' > out 2>&1
  for wanted in opinion/first-person-view sarif confidential; do tells fish "$wanted"; done
else
  echo "left out: fish is not installed"
fi

if command -v elvish > /dev/null; then
  postlint completions elvish > script.elv
  cat > try.elv <<'E2'
var offer = $nil
E2
  # Outside of a terminal elvish has no editor, so the script's own table stands in for the editor's.
  sed 's/edit:completion:arg-completer\[postlint\]/offer/; s/edit:complex-candidate/put/' script.elv >> try.elv
  cat >> try.elv <<'E2'
$offer postlint explain opinion/first | each {|c| echo $c }
$offer postlint check --format sar | each {|c| echo $c }
$offer postlint rules test conf | each {|c| echo $c }
E2
  elvish -norc try.elv > out 2>&1 || true
  for wanted in opinion/first-person-view sarif confidential; do tells elvish "$wanted"; done
else
  echo "left out: elvish is not installed"
fi
exit "$failed"
