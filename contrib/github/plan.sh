#!/bin/sh
# plan.sh BASE HEAD: on a sandbox's host, applies the topologies of commit BASE, then prints what those of commit HEAD would change, as
# JSON. It ends with 0 whether there are changes or not; what is in the way is in the JSON too.
set -eu
base=$1 head=$2

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

# The files of both commits stand at one place in turn, so that a topology is the same one in both. Root may not own the repository.
unpack() {
  rm -rf "$tree/topologies"
  git -c safe.directory='*' archive "$1" topologies | tar -x -C "$tree"
}

if ! unpack "$base" || ! (cd "$tree" && netloom apply topologies/ --quiet); then
  echo "not all of $base can be applied: what is missing is planned as new" >&2
fi
unpack "$head"
status=0
(cd "$tree" && netloom plan topologies/ --json) || status=$?
[ "$status" -le 2 ]
