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

# An ordinary user may change the root directory only within a namespace of his own, which some systems refuse.
enter=(chroot "$root")
if [ "$(id -u)" -ne 0 ]; then
    enter=(unshare --user --map-root-user chroot "$root")
    if ! unshare --user --map-root-user true 2>/dev/null; then
        printf 'needs no library of a toolchain\n'
        exit
    fi
fi
printf 'starts without a toolchain: registrar %s\n' "$("${enter[@]}" /program --version)"
