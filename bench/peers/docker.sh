#!/bin/bash
# Docker: a network, and containers in it that publish a port each, four at a time.
# Usage: docker.sh up|add|down COUNT (containers c0 … cCOUNT-1; `add` makes cCOUNT as well, `down` takes it along)
set -eu
export DOCKER_HOST=unix:///run/docker.sock
unset DOCKER_CONTEXT
action=$1 count=$2

run() { docker run -d --name "c$1" --network lab -p "$((2000 + $1)):80" busybox sleep 1000000 >/dev/null; }
export -f run

case $action in
  up)
    docker network create --subnet 172.30.0.0/16 -o com.docker.network.bridge.name=br-lan lab >/dev/null
    seq 0 $((count - 1)) | xargs -P 4 -I '{}' bash -c 'run {}'
    ;;
  add) run "$count" ;;
  down)
    seq -f 'c%.0f' 0 "$count" | xargs docker rm -f >/dev/null
    docker network rm lab >/dev/null
    ;;
esac
