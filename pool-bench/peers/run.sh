#!/usr/bin/env bash
# Sets procpool beside other process pools: each reverses the same payloads with the same number of workers and the same
# window. Installs what a peer needs if it can; a peer that cannot be had is skipped with a message. Prints one table.
#
# usage: run.sh [WORKERS] [SECONDS] [PEER...]       default: 2 workers, 4 s, all peers
# peers: procpool library gearman node python pp4j
set -uo pipefail

here=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
procpool=$here/../../bin/procpool
build=$here/../target/peers
workers=${1:-2}
seconds=${2:-4}
shift $(($# < 2 ? $# : 2))
peers=("$@")
[[ ${#peers[@]} -gt 0 ]] || peers=(procpool library gearman node python pp4j)
# window and bytes of each column
columns=("1 100" "64 100" "1000 100" "4 1048576")
mkdir -p "$build"

skip() {
    printf '%-12s skipped: %s\n' "$1" "$2"
}

# Installs packages of the system, if this user may.
system_packages() {
    type -P apt-get >/dev/null && [[ $(id -u) == 0 ]] || return 1
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >"$build/apt.log" 2>&1
}

per_second() {
    sed -nE 's/.*"perSec":(\{"min":[0-9.]+,"median":)?([0-9]+).*/\2/p'
}

procpool_one() {
    "$procpool" bench --workers "$workers" --task reverse --window "$1" --payload "$2" --seconds "$seconds" --json \
        | per_second
}

library_one() {
    "$procpool" bench --library --callers 1 --runs 1 --workers "$workers" --task reverse --window "$1" \
        --payload "$2" --seconds "$seconds" --json | per_second
}

gearman_ready() {
    local flags=(-O2 -Wall -Wno-unused-parameter)
    { type -P gearmand && [[ -e /usr/include/libgearman/gearman.h ]]; } >/dev/null \
        || system_packages gearman-job-server libgearman-dev \
        || { echo "needs gearmand and the headers of libgearman (Debian: gearman-job-server libgearman-dev)"; return 1; }
    type -P cc >/dev/null || { echo "needs a C compiler"; return 1; }
    cc "${flags[@]}" -o "$build/gearman_worker" "$here/gearman_worker.c" -lgearman \
        && cc "${flags[@]}" -pthread -o "$build/gearman_client" "$here/gearman_client.c" -lgearman \
        || { echo "its client and worker do not compile"; return 1; }
}

gearman_one() {
    local port=14730 pids=() i
    gearmand --listen=127.0.0.1 --port=$port --log-file="$build/gearmand.log" --threads=2 &
    pids+=($!)
    for ((i = 0; i < 50; i++)); do
        (: </dev/tcp/127.0.0.1/$port) 2>/dev/null && break
        sleep 0.1
    done
    for ((i = 0; i < workers; i++)); do
        "$build/gearman_worker" $port &
        pids+=($!)
    done
    timeout $((${seconds%.*} + 60)) "$build/gearman_client" $port "$1" "$2" "$seconds"
    kill -KILL "${pids[@]}"
    wait "${pids[@]}" 2>/dev/null
}

node_ready() {
    type -P node >/dev/null || { echo "needs node"; return 1; }
}

node_one() {
    node "$here/node_fork.js" "$workers" "$1" "$2" "$seconds"
}

python_ready() {
    type -P python3 >/dev/null || { echo "needs python3"; return 1; }
}

python_one() {
    python3 "$here/python_pool.py" "$workers" "$1" "$2" "$seconds"
}

pp4j_ready() {
    type -P mvn >/dev/null && type -P javac >/dev/null || { echo "needs Maven and a JDK"; return 1; }
    mvn -q -B -f "$here/pp4j.xml" dependency:copy-dependencies "-DoutputDirectory=$build/pp4j" >"$build/pp4j.log" 2>&1 \
        || { echo "Maven could not get it (log: $build/pp4j.log)"; return 1; }
    javac -d "$build/pp4j" -cp "$build/pp4j/*" "$here/Pp4jPeer.java" || { echo "its driver does not compile"; return 1; }
}

pp4j_one() {
    timeout $((${seconds%.*} + 60)) java -cp "$build/pp4j:$build/pp4j/*" Pp4jPeer "$workers" "$1" "$2" "$seconds" \
        2>>"$build/pp4j.log"
}

printf '%s workers, reverse; tasks a second\n' "$workers"
printf '%-12s %14s %14s %14s %14s\n' "" "100 B, w. 1" "100 B, w. 64" "100 B, w. 1000" "1 MiB, w. 4"
for peer in "${peers[@]}"; do
    if type -t "${peer}_ready" >/dev/null && ! why=$("${peer}_ready"); then
        skip "$peer" "$why"
        continue
    fi
    type -t "${peer}_one" >/dev/null || { skip "$peer" "there is no such peer"; continue; }
    printf '%-12s' "$peer"
    for column in "${columns[@]}"; do
        # shellcheck disable=SC2086 # two words
        rate=$("${peer}_one" $column 2>>"$build/errors.log")
        printf ' %14s' "${rate:--}"
    done
    printf '\n'
done
