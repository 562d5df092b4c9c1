#!/usr/bin/env bash
# Git hooks with the real pre-commit and lefthook, in a content repository: excludes, partial staging, a name with spaces.
# Run by .ci/integrations, which sets POSTLINT and TOOLS. POSTLINT_BUILD_HOOK=1 also lets pre-commit build postlint from
# this repository (minutes).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PATH="$TOOLS/venv/bin:$TOOLS/node/node_modules/.bin:$(dirname "$POSTLINT"):$PATH"
export PATH PRE_COMMIT_HOME="$folder/cache" GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org

bad='The councillors are idiots.'
good='Bin collections move to Tuesday.'
failed=0

# expect WHAT CODE PATTERN COMMAND…: the command must end with the code (0, or 1 for any other) and print the pattern.
expect() {
  local what=$1 code=$2 pattern=$3 status=0
  shift 3
  "$@" > "$folder/out" 2>&1 || status=1
  if [[ $status == "$code" ]] && grep -qE -- "$pattern" "$folder/out"; then
    echo "ok   $what"
  else
    echo "FAIL $what"; cat "$folder/out"; failed=1
  fi
}

repository() {
  rm -rf "$folder/content"
  git init -q "$folder/content"
  cd "$folder/content"
  mkdir -p queue archive
  printf '[packs]\nuse = ["confidential", "reputation", "opinion"]\n[check]\nexclude = ["archive/**"]\n' > postlint.toml
  echo "$good" > "queue/good news.md"
  git add -A
  git commit -qm "first"
}

repository
echo "$bad" > "queue/a b.md"
echo "$bad" > archive/old.md
git add -A
expect "pre-commit: a breach in a name with spaces" 1 'a b\.md' pre-commit try-repo "$root" postlint-system --verbose
! grep -q "archive/old" "$folder/out" || { echo "FAIL the excluded file is named"; failed=1; }
git rm -q --cached "queue/a b.md"
expect "pre-commit: only excluded files pass" 0 'Passed' pre-commit try-repo "$root" postlint-system --files archive/old.md
# What is staged is good, what is not staged is not: the commit is judged by what goes into it.
rm "queue/a b.md"
echo "$good" > queue/part.md
git add queue/part.md
echo "$bad" >> queue/part.md
expect "pre-commit: partial staging, good part" 0 'Passed' pre-commit try-repo "$root" postlint-system
expect "postlint --staged: the same" 0 '' postlint check --staged
grep -q idiots queue/part.md || { echo "FAIL the unstaged change is gone"; failed=1; }
git add queue/part.md
echo "$good" > queue/part.md
expect "pre-commit: partial staging, bad part" 1 'part\.md' pre-commit try-repo "$root" postlint-system
expect "postlint --staged: the same" 1 'part\.md' postlint check --staged
git checkout -q -- .
expect "pre-commit: the fixing hook starts" 1 'idiots|part\.md' pre-commit try-repo "$root" postlint-fix-system

if [[ ${POSTLINT_BUILD_HOOK:-} == 1 ]]; then
  expect "pre-commit: built from the repository" 1 'part\.md' pre-commit try-repo "$root" postlint
fi

repository
cp "$root/integrations/lefthook/lefthook.yml" .
lefthook install > /dev/null
echo "$bad" > "queue/a b.md"
git add -A
expect "lefthook: a breach stops the commit" 1 'a b\.md' git commit -m "second"
echo "$good" > "queue/a b.md"
git add -A
expect "lefthook: a good draft goes through" 0 'second' git commit -m "second"

repository
# What husky does: Git runs the script of .husky that is named like the hook.
mkdir .husky
cp "$root/integrations/husky/pre-commit" .husky/pre-commit
chmod +x .husky/pre-commit
git config core.hooksPath .husky
echo "$bad" > queue/c.md
git add -A
expect "husky: a breach stops the commit" 1 'c\.md' git commit -m "third"
exit "$failed"
