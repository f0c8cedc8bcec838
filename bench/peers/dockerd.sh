#!/bin/bash
# A dockerd of this sandbox alone, all of it in the sandbox's own /run, with an image `busybox`. Prints one line when it can be asked, and stays.
# Usage: dockerd.sh CGROUP (the parent of its containers' cgroups)
set -eu
export DOCKER_HOST=unix:///run/docker.sock
unset DOCKER_CONTEXT
home=/run/netloom-bench-docker
mkdir -p $home/image/bin
# Runs as long as this script: the sandbox's end is its end.
dockerd --storage-driver vfs --data-root $home/data --exec-root $home/exec --pidfile $home/pid -H $DOCKER_HOST \
  --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "$1" >$home/log 2>&1 &
daemon=$!
until docker version >/dev/null 2>&1; do
  kill -0 $daemon 2>/dev/null || { tail -n 5 $home/log >&2; exit 1; }
  sleep 0.1
done
cp "$(command -v busybox)" $home/image/bin/busybox
ln -s busybox $home/image/bin/sleep
tar -C $home/image -c . | docker import - busybox >/dev/null
# The first container of an image finds nothing in the page cache.
docker run --rm --network none busybox sleep 0
echo ready
wait $daemon
