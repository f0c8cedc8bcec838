#!/bin/bash
# The CNI plugins bridge and host-local: a star, one call of the plugin for each namespace, four at a time, as the CNI specification asks for it.
# Usage: cni.sh up|check|add|down PLUGINS NETWORK COUNT (network namespaces n0 … nCOUNT-1; `add` makes nCOUNT as well, `down` takes it along)
set -eu
action=$1 plugins=$2 network=$(<"$3") count=$4 state=${NETLOOM_BENCH_CNI_STATE:-/run/netloom-bench-cni}

# Runs the plugin with command $1 for namespace $2; what it is told on standard input is the network, with the result of ADD where there is one.
call() {
  local config=$network
  [ "$1" = ADD ] || config="${network%\}},\"prevResult\":$(<"$state/$2")}"
  CNI_COMMAND=$1 CNI_CONTAINERID=$2 CNI_NETNS=/run/netns/$2 CNI_IFNAME=eth0 CNI_PATH=$plugins "$plugins/bridge" <<<"$config"
}
add() { call ADD "$1" >"$state/$1"; }
check() { call CHECK "$1"; }
del() { call DEL "$1"; }

# Runs $1 for each of the namespaces $2 …; fails when any of them does.
each() {
  local does=$1 running=0 status=0
  shift
  for name; do
    if [ $running = 4 ]; then wait -n || status=1; running=3; fi
    "$does" "$name" &
    running=$((running + 1))
  done
  while [ $running -gt 0 ]; do wait -n || status=1; running=$((running - 1)); done
  return $status
}

mapfile -t names < <(seq -f 'n%.0f' 0 $((count - 1)))
case $action in
  up) mkdir -p "$state"; printf 'netns add %s\n' "${names[@]}" | ip -batch -; each add "${names[@]}" ;;
  check) each check "${names[@]}" ;;
  add) ip netns add "n$count"; add "n$count" ;;
  down)
    names+=("n$count")
    each del "${names[@]}"
    printf 'netns del %s\n' "${names[@]}" | ip -batch -
    # The plugin leaves its bridge to whoever wants it gone.
    ip link del cni0
    ;;
esac
