#!/bin/sh
# Checks what is installed beside the binary, with systemd's own tools, offline: units, users, directories, udev rules.
# Changes nothing outside a temporary directory. Prints one line per check; ends with 1 at the first that fails.
set -eu

image=$(cd "$(dirname "$0")/.." && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

fail() {
    echo "units.sh: $1" >&2
    exit 1
}

command -v systemd-analyze > /dev/null || fail "systemd-analyze is missing: apt-get install systemd"

# A root with just enough of a system for the tools.
mkdir -p "$root/usr/bin" "$root/etc" "$root/lib/systemd/system" "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d"
cp /bin/true "$root/usr/bin/picli"
printf 'root:x:0:0::/root:/bin/sh\n' > "$root/etc/passwd"
printf 'root:x:0:\nvideo:x:44:\ndialout:x:20:\n' > "$root/etc/group"

for unit in "$image"/units/*.service; do
    name=$(basename "$unit")
    # The binary need not be installed here: any program stands for it.
    sed "s|=/usr/bin/picli |=$root/usr/bin/picli |" "$unit" > "$root/lib/systemd/system/$name"
    complaints=$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$root/lib/systemd/system/$name" 2>&1 |
        grep "$name" || true)
    [ -z "$complaints" ] || fail "systemd-analyze verify: $complaints"
    echo "ok: $name is understood"
done

# The exposure that the design promises, times ten.
systemd-analyze security --offline=true --threshold=15 --no-pager "$image/units/picli.service" > "$root/security" ||
    fail "$(tail -n 1 "$root/security")"
echo "ok: $(tail -n 1 "$root/security" | sed 's/^[^A-Z]*//')"

cp "$image/sysusers.d/picli.conf" "$root/usr/lib/sysusers.d/"
systemd-sysusers --root="$root" picli.conf > /dev/null 2>&1 || fail "systemd-sysusers refuses sysusers.d/picli.conf"
for group in picli i2c gpio video dialout; do
    grep -q "^$group:" "$root/etc/group" || fail "sysusers.d/picli.conf does not make the group $group"
done
grep -q '^video:x:44:' "$root/etc/group" || fail "sysusers.d/picli.conf changes a group that exists"
grep -q '^picli:' "$root/etc/passwd" || fail "sysusers.d/picli.conf does not make the user picli"
echo "ok: users and groups"

cp "$image/tmpfiles.d/picli.conf" "$root/usr/lib/tmpfiles.d/"
mkdir -p "$root/etc/picli"
touch "$root/etc/picli/site.yaml"
systemd-tmpfiles --root="$root" --create picli.conf || fail "systemd-tmpfiles refuses tmpfiles.d/picli.conf"
for entry in "750 var/lib/picli" "700 var/lib/picli/identity" "755 run/picli" "750 etc/picli" "640 etc/picli/site.yaml"; do
    path="$root/${entry#* }"
    [ "$(stat -c %a "$path")" = "${entry%% *}" ] || fail "${entry#* } has mode $(stat -c %a "$path"), not ${entry%% *}"
done
echo "ok: directories"

# udevadm verify came with systemd 254.
if udevadm verify --help > /dev/null 2>&1; then
    udevadm verify --no-summary "$image"/udev/*.rules || fail "udevadm verify refuses the rules"
    echo "ok: udev rules"
else
    echo "skipped: udev rules (udevadm verify needs systemd 254)"
fi
