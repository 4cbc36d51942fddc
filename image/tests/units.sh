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
    sed "s,=/usr/bin/picli \|=/usr/sbin/snmpd ,=$root/usr/bin/picli ," "$unit" > "$root/lib/systemd/system/$name"
    complaints=$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$root/lib/systemd/system/$name" 2>&1 |
        grep "$name" || true)
    [ -z "$complaints" ] || fail "systemd-analyze verify: $complaints"
    echo "ok: $name is understood"
done

for socket in picli-web:"443 80 " picli-modbus:"502 "; do
    ports=${socket#*:} socket=${socket%%:*}.socket
    cp "$image/units/$socket" "$root/lib/systemd/system/"
    complaints=$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$root/lib/systemd/system/$socket" 2>&1 |
        grep "$socket" || true)
    [ -z "$complaints" ] || fail "systemd-analyze verify: $complaints"
    [ "$(sed -n 's/^ListenStream=//p' "$image/units/$socket" | tr '\n' ' ')" = "$ports" ] || fail "$socket opens other ports"
    echo "ok: $socket opens ${ports}and nothing else"
done
# It is closed unless the site file asks for it.
grep -q '^ConditionPathExists=/run/picli/modbus$' "$image/units/picli-modbus.socket" || fail "picli-modbus.socket is always open"

# Nothing but picli.service brings it: sockets.target would wait for it.
grep -q '^\[Install\]' "$image/units/picli-modbus.socket" && fail "picli-modbus.socket can be enabled"
grep -q '^Wants=.*picli-modbus\.socket' "$image/units/picli.service" || fail "picli.service does not bring picli-modbus.socket"
grep -q '^Sockets=.*picli-modbus\.socket' "$image/units/picli.service" || fail "picli.service does not take over picli-modbus.socket"

# What is added to the unit of another package: that unit, as Debian has it, stands for it.
mkdir -p "$root/lib/systemd/system/nftables.service.d"
printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecReload=/bin/true\nExecStop=/bin/true\n' \
    > "$root/lib/systemd/system/nftables.service"
# Any program stands for nft, which need not be installed here.
sed "s|=-/usr/sbin/nft |=-/bin/true |" "$image/units/nftables.service.d/picli.conf" \
    > "$root/lib/systemd/system/nftables.service.d/picli.conf"
complaints=$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$root/lib/systemd/system/nftables.service" 2>&1 |
    grep nftables || true)
[ -z "$complaints" ] || fail "systemd-analyze verify: $complaints"
for verb in ExecStartPost ExecReload ExecStop; do
    grep -qx "$verb=-/usr/sbin/nft -f /usr/share/picli/nftables.conf" "$image/units/nftables.service.d/picli.conf" ||
        fail "nftables.service.d/picli.conf does not bring the rules back with $verb="
done
echo "ok: nftables.service brings the fallback rules back"

grep -qx 'ConditionPathExists=!/run/picli-snmp/snmpd.conf' "$image/units/snmpd.service.d/picli.conf" ||
    fail "Debian's snmpd would take the port of picli-snmp.service"
echo "ok: one snmpd at a time"

grep -q '^Environment=SNMPCONFPATH=/run/picli-snmp:/var/lib/picli-snmp ' "$image/units/picli-snmp.service" ||
    fail "snmpd would be another one to managers after each start"
mkdir -p "$root/snmp"
printf 'usmUser 1 3 0x80 "nms"\nengineBoots 7\noldEngineID 0x80\n' | tee "$root/snmp/snmpd.conf" > "$root/snmp/snmpd.0.conf"
# As systemd splits it: by spaces.
set -f
forget=$(sed -n 's/^ExecStartPre=//p' "$image/units/picli-snmp.service" | sed "s|/var/lib/picli-snmp|$root/snmp|")
$forget || fail "what snmpd keeps of users cannot be taken out"
set +f
for file in snmpd.conf snmpd.0.conf; do
    [ "$(cat "$root/snmp/$file")" = "$(printf 'engineBoots 7\noldEngineID 0x80')" ] ||
        fail "an old passphrase would outlive a new one"
done
echo "ok: snmpd keeps its number and no passphrase"

# The mount is where rsyslogd writes, and comes before the directory gets its owner.
mount='run-picli\x2dlogs.mount'
cp "$image/units/$mount" "$root/lib/systemd/system/"
complaints=$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$root/lib/systemd/system/$mount" 2>&1 |
    grep picli || true)
[ -z "$complaints" ] || fail "systemd-analyze verify: $complaints"
grep -q '^d /run/picli-logs  *2750 picli picli$' "$image/tmpfiles.d/picli.conf" || fail "nobody makes /run/picli-logs"
echo "ok: log lines have a file system of their own"

# Whatever ends the owner of the relays' lines, systemd holds them and starts it again.
for line in Restart=always StartLimitIntervalSec=0 FileDescriptorStoreMax=64 WatchdogSignal=SIGKILL; do
    grep -qx "$line" "$image/units/picli-relays.service" || fail "picli-relays.service does not say $line"
done
grep -q '^StateDirectory=\|^PrivateTmp=' "$image/units/picli-relays.service" && fail "picli-relays.service needs a card to start"
echo "ok: lines of relays are held"

# The exposure that the design promises, times ten; picli-host is root, short, and changes the machine.
for limit in picli:15 picli-relays:20 picli-host:21 picli-snmp:20; do
    unit=${limit%:*}.service
    systemd-analyze security --offline=true --threshold="${limit#*:}" --no-pager "$image/units/$unit" \
        > "$root/security" || fail "$(tail -n 1 "$root/security")"
    echo "ok: $(tail -n 1 "$root/security" | sed 's/^[^A-Z]*//')"
done

cp "$image/sysusers.d/picli.conf" "$root/usr/lib/sysusers.d/"
systemd-sysusers --root="$root" picli.conf > /dev/null 2>&1 || fail "systemd-sysusers refuses sysusers.d/picli.conf"
for group in picli picli-relays picli-snmp i2c gpio video dialout; do
    grep -q "^$group:" "$root/etc/group" || fail "sysusers.d/picli.conf does not make the group $group"
done
grep -q '^video:x:44:' "$root/etc/group" || fail "sysusers.d/picli.conf changes a group that exists"
for user in picli picli-relays picli-snmp; do
    grep -q "^$user:" "$root/etc/passwd" || fail "sysusers.d/picli.conf does not make the user $user"
done
echo "ok: users and groups"

cp "$image/tmpfiles.d/picli.conf" "$root/usr/lib/tmpfiles.d/"
mkdir -p "$root/etc/picli"
touch "$root/etc/picli/site.yaml"
# Of a card that was provisioned before there was a user.
mkdir -p "$root/var/lib/picli/identity"
touch "$root/var/lib/picli/identity/device.key"
systemd-tmpfiles --root="$root" --create picli.conf || fail "systemd-tmpfiles refuses tmpfiles.d/picli.conf"
for entry in "750 var/lib/picli" "700 var/lib/picli/identity" "1775 run/picli" \
    "700 var/lib/picli-relays" "750 etc/picli" "640 etc/picli/site.yaml"; do
    path="$root/${entry#* }"
    [ "$(stat -c %a "$path")" = "${entry%% *}" ] || fail "${entry#* } has mode $(stat -c %a "$path"), not ${entry%% *}"
done
if [ "$(id -u)" -eq 0 ]; then
    owner=$(sed -n 's/^picli:[^:]*:\([0-9]*\):.*/\1/p' "$root/etc/passwd")
    [ "$(stat -c %u "$root/var/lib/picli/identity/device.key")" = "$owner" ] ||
        fail "tmpfiles.d/picli.conf leaves root's files in the identity to root"
fi
echo "ok: directories"

# udevadm verify came with systemd 254.
if udevadm verify --help > /dev/null 2>&1; then
    udevadm verify --no-summary "$image"/udev/*.rules || fail "udevadm verify refuses the rules"
    echo "ok: udev rules"
else
    echo "skipped: udev rules (udevadm verify needs systemd 254)"
fi

# The rules that hold until a site file has been read: in a network of their own, if there may be one.
if command -v nft > /dev/null && unshare --net true 2> /dev/null; then
    unshare --net nft -c -f "$image/nftables/picli.conf" || fail "nft refuses nftables/picli.conf"
    unshare --net sh -c 'nft flush ruleset && nft -f "$1" && nft list table inet picli' sh "$image/nftables/picli.conf" |
        grep -q 'policy drop' || fail "nftables/picli.conf does not stand after a flush"
    echo "ok: fallback rules"
else
    echo "skipped: fallback rules (nft, or the right to make a network, is missing)"
fi

if [ -x /usr/sbin/sshd ]; then
    ssh-keygen -q -t ed25519 -N '' -f "$root/key"
    # sshd wants it where root asks; a container without a running sshd lacks it.
    [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
    # With a later file that says the opposite, as image writers leave it.
    printf 'HostKey %s\nInclude %s\nPasswordAuthentication yes\nPermitRootLogin yes\n' \
        "$root/key" "$image/ssh/10-picli.conf" > "$root/sshd_config"
    /usr/sbin/sshd -t -f "$root/sshd_config" || fail "sshd refuses ssh/10-picli.conf"
    /usr/sbin/sshd -T -f "$root/sshd_config" > "$root/sshd"
    for line in "passwordauthentication no" "kbdinteractiveauthentication no" "permitrootlogin no" \
        "pubkeyauthentication yes" "permitemptypasswords no"; do
        grep -qx "$line" "$root/sshd" || fail "with ssh/10-picli.conf sshd does not say '$line'"
    done
    echo "ok: ssh by key only"
else
    echo "skipped: ssh (sshd is missing: apt-get install openssh-server)"
fi

# systemd reads drop-ins without a word, so it is asked whether it sees them, and the names are compared with the manual.
mkdir -p "$root/usr/lib/systemd/journald.conf.d" "$root/etc/systemd"
cp "$image"/journald.conf.d/*.conf "$root/usr/lib/systemd/journald.conf.d/"
touch "$root/etc/systemd/journald.conf"
systemd-analyze --root="$root" cat-config systemd/journald.conf | grep -q '^SystemMaxUse=64M' ||
    fail "systemd does not read journald.conf.d/50-picli.conf"
echo "ok: limits of the journal"

while IFS='= ' read -r key _; do
    case $key in '' | '#'*) continue ;; esac
    [ -e "/proc/sys/$(echo "$key" | tr . /)" ] || fail "sysctl.d/60-picli.conf: the kernel knows no $key"
done < "$image/sysctl.d/60-picli.conf"
echo "ok: values of the kernel"

# What only an image has.
files=$image/files
unit=picli-first-boot.service
sed "s|=/usr/bin/picli |=$root/usr/bin/picli |" "$files/usr/lib/systemd/system/$unit" > "$root/lib/systemd/system/$unit"
complaints=$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$root/lib/systemd/system/$unit" 2>&1 |
    grep "$unit" || true)
[ -z "$complaints" ] || fail "systemd-analyze verify: $complaints"
cp "$files/usr/lib/sysusers.d/picli-image.conf" "$root/usr/lib/sysusers.d/"
cp "$files/usr/lib/tmpfiles.d/picli-image.conf" "$root/usr/lib/tmpfiles.d/"
systemd-sysusers --root="$root" picli-image.conf > /dev/null 2>&1 || fail "systemd-sysusers refuses picli-image.conf"
systemd-tmpfiles --root="$root" --create picli-image.conf || fail "systemd-tmpfiles refuses picli-image.conf"
grep -q '^technician:.*:/var/lib/technician:/bin/bash$' "$root/etc/passwd" || fail "the technician has another home"
[ "$(stat -c %a "$root/var/lib/technician")" = 700 ] || fail "others may write what the technician's shell reads"
for script in "$files"/etc/initramfs-tools/*/picli "$files"/etc/initramfs-tools/scripts/*/picli; do
    [ ! -f "$script" ] || { sh -n "$script" && [ -x "$script" ]; } || fail "$script does not run"
done
for link in "$files"/etc/systemd/system/*.timer; do
    [ "$(readlink "$link")" = /dev/null ] || fail "$link lets a unit fetch packages"
done
[ "$(readlink "$files/etc/systemd/system/snmpd.service")" = /dev/null ] || fail "Debian's own snmpd starts in an image"
echo "ok: what an image adds"
