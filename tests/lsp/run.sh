#!/usr/bin/env bash
# The language server with three real clients: vscode-languageserver-protocol (npm), pytest-lsp (Python) and Neovim.
# Run by .ci/integrations, which sets POSTLINT and TOOLS. Neovim is left out, and told, where it is not installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$here/pack.toml" "$folder/pack.toml"
printf '[packs]\nuse = []\npaths = ["pack.toml"]\n' > "$folder/postlint.toml"
printf 'é😀 It is basically fine.\n\nYou muppet.\n' > "$folder/draft one.md"
export FOLDER="$folder"

NODE_PATH="$TOOLS/node/node_modules" timeout 60 node "$here/vscode.cjs"
timeout 120 "$TOOLS/venv/bin/python" -m pytest -q -p no:cacheprovider \
  -o asyncio_mode=auto -o asyncio_default_fixture_loop_scope=function "$here/test_pytest_lsp.py"
if command -v nvim > /dev/null; then
  HOME="$folder" XDG_STATE_HOME="$folder" timeout 60 nvim --headless -u NONE -S "$here/neovim.lua" "$folder/draft one.md" 2>&1
  echo
else
  echo "left out: nvim is not installed"
fi
