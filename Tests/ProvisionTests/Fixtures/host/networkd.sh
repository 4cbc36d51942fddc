# networkd.sh FILE: what systemd-networkd makes of a .network file for eth0, in a network, a /run and a /sys of its own
# (unshare --net --mount). Prints its complaints about the file, then addresses and routes; the cable leads nowhere.
set -eu
file=$(cat "$1")
mount -t tmpfs tmpfs /run
mount -t sysfs sysfs /sys
mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/udev/data
chown -R systemd-network: /run/systemd/netif
printf '%s\n' "$file" > /run/systemd/network/05-picli.network
ip link set lo up
ip link add eth0 type veth peer name far
# As udev leaves them when it has seen the interfaces.
touch /run/udev/control
for number in 1 2 3 4 5; do echo I:1 > "/run/udev/data/n$number"; done
SYSTEMD_LOG_LEVEL=debug /lib/systemd/systemd-networkd > /run/log 2>&1 &
networkd=$!
for _ in $(seq 100); do
    ip route | grep -q . && break
    sleep 0.1
done
kill "$networkd"
grep '05-picli.network:' /run/log || true
ip -oneline address show dev eth0 scope global
ip route
