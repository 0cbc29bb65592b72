#!/usr/bin/env bash
# Starts a built program where no Swift toolchain is in sight: deploy/check-binary.sh PROGRAM
# An empty root directory gets the program and the system libraries it names, nothing else, and the program says its version there.
set -euo pipefail

program="$1"
root="$(mktemp -d)"
trap 'rm -rf "$root"' EXIT

install -D "$program" "$root/program"
# Lines such as `libpq.so.5 => /lib/x86_64-linux-gnu/libpq.so.5 (0x…)`, and the loader's own path without an arrow.
while read -r library; do
    case "$library" in
        /lib/* | /lib64/* | /usr/lib/*) install -D "$(readlink -f "$library")" "$root$library" ;;
        *) printf 'registrar: %s needs %s, which is not a library of the system\n' "$program" "$library" >&2 && exit 1 ;;
    esac
done < <(ldd "$program" | sed -nE 's/^.*=> not found.*/not found/p; s/^.*=> (\/[^ ]+) .*/\1/p; s/^[[:space:]]*(\/[^ ]+) \(.*/\1/p')

# The program finds its arguments through /proc. A namespace of its own keeps the mount from everybody else; some systems, and
# most containers, refuse one, and the libraries' places have to do then.
mkdir "$root/proc"
namespace=(unshare --mount)
[ "$(id -u)" -eq 0 ] || namespace+=(--user --map-root-user)
# shellcheck disable=SC2016
enter=("${namespace[@]}" sh -c 'mount --rbind /proc "$0/proc" && exec chroot "$0" "$@"' "$root")
# shellcheck disable=SC2016
if ! "${namespace[@]}" sh -c 'mount --rbind /proc "$0"' "$root/proc" 2>/dev/null; then
    printf 'needs no library of a toolchain\n'
    exit
fi
version="$("${enter[@]}" /program --version)"
if [ "$version" != "$("$program" --version)" ]; then
    printf 'registrar: %s says "%s" where no toolchain is in sight\n' "$program" "$version" >&2
    exit 1
fi
printf 'starts without a toolchain: registrar %s\n' "$version"
