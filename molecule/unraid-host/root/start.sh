#!/bin/bash
# Boots a server like unRAID: a flash drive (FAT-like: exFAT) at /boot, a pool of its own at /mnt/nvme_cache, what
# emhttp writes about them, Docker, and ssh for root. What lies in /disks and /var/lib/docker outlives a power cut
# (a restart of the container); /run, /tmp, /root and /var/local are memory, as on a real server.
#
#   AUTHORIZED_KEY  whoever has its other half may log in      POOL_MIB  size of the pool
set -eu

flash=/disks/flash.img pool=/disks/pool.img

if [ ! -f "$flash.made" ]; then
    truncate -s 32M "$flash"
    mkfs.exfat "$flash" >/dev/null
    truncate -s "${POOL_MIB:-4096}M" "$pool"
    mkfs.ext4 -q -m 0 "$pool"
    touch "$flash.made"
fi

# The kernel here has no FAT. exFAT in user space keeps as little: no owner, no mode, no link, no case.
device=$(/etc/rc.d/rc.loop "$flash")
mount.exfat-fuse -o umask=0077,uid=0,gid=0 "$device" /boot
losetup -d "$device"
mkdir -p /boot/config/plugins/dockerMan/templates-user /boot/config/ssh/root
[ -f /boot/config/docker.cfg ] || printf 'DOCKER_ENABLED="yes"\n' >/boot/config/docker.cfg
printf '%s\n' "$AUTHORIZED_KEY" >/boot/config/ssh/root/authorized_keys
sync

/etc/rc.d/rc.pool start
mkdir -p /run/sshd /var/local/emhttp/plugins/dynamix.docker.manager
cat >/var/local/emhttp/var.ini <<END
version="7.2.0"
NAME="Tower"
timeZone="Europe/Berlin"
mdState="STARTED"
fsState="Started"
END
[ -f /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key

/etc/rc.d/rc.docker start &
exec /usr/sbin/sshd -D -e
