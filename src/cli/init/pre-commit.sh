#!/bin/sh
# Judges what is staged. `git commit --no-verify` goes round it.
postlint check{config} --staged {folder}
