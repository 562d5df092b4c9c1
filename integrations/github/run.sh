#!/usr/bin/env bash
# The step of action.yml that checks. Reads INPUT_PATHS and INPUT_ARGS (one a line), INPUT_CONFIG, INPUT_SARIF,
# INPUT_UPLOAD and TEMPORARY; writes `exit-code` and `sarif` to the step's outputs and ends with the exit code.
set -euo pipefail

arguments=(--format github)
sarif=${INPUT_SARIF:-}
if [[ -z $sarif && ${INPUT_UPLOAD:-} == true ]]; then
  sarif=${TEMPORARY:-/tmp}/postlint.sarif
fi
if [[ -n $sarif ]]; then
  arguments+=(--format "sarif=$sarif")
fi
if [[ -n ${INPUT_CONFIG:-} ]]; then
  arguments+=(--config "$INPUT_CONFIG")
fi
while IFS= read -r line; do
  [[ -z $line ]] || arguments+=("$line")
done <<< "${INPUT_ARGS:-}"
arguments+=(--)
while IFS= read -r line; do
  [[ -z $line ]] || arguments+=("$line")
done <<< "${INPUT_PATHS:-.}"

status=0
postlint check "${arguments[@]}" || status=$?
{
  echo "exit-code=$status"
  echo "sarif=${sarif:+$(realpath "$sarif")}"
} >> "${GITHUB_OUTPUT:-/dev/null}"
exit "$status"
