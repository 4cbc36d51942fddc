# shellcheck shell=bash disable=SC2034
# Shared by the scripts of this folder: where the cache is, and how a missing tool is had.

cache=${PICLI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/picli}
toolchain=$cache/sdk-arm64/toolchain
sysroot=$cache/sdk-arm64/sysroot

say() { echo "${0##*/}: $*" >&2; }
fail() { say "$*"; exit 1; }

# lock_sdk --shared|--exclusive: until this script ends. Builds share it; replacing a part wants it alone.
lock_sdk() {
    mkdir -p "$cache/sdk-arm64"
    exec 8> "$cache/sdk-arm64/lock"
    flock "$1" --nonblock 8 || { say "waiting for another user of $cache/sdk-arm64"; flock "$1" 8; }
}

need_root() { [ "$(id -u)" = 0 ] || fail "needs root: it makes a chroot"; }

# need FILE|COMMAND PACKAGE: install the package unless the file or command is there.
# A fresh container has no package lists: a first failure updates them and tries again.
need() {
    if [ -e "$1" ] || command -v "$1" >/dev/null; then return; fi
    local apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
    say "installing $2"
    { "${apt[@]}" install -y "$2" || { "${apt[@]}" update && "${apt[@]}" install -y "$2"; }; } >&2
}
