"""The test host is what the other tests take it for: like unRAID, and without Python."""

import pytest
from support.unraid import ServerError, UnraidServer


def test_it_has_no_python(server: UnraidServer) -> None:
    assert server.sh("command -v python python3 python3.11 || echo none") == "none"
    assert server.sh("find / -xdev -name 'python3*' -type f -perm -100") == ""


def test_its_flash_drive_keeps_neither_modes_nor_owners_nor_links(server: UnraidServer) -> None:
    server.sh("touch /boot/Probe && chmod 644 /boot/probe")
    assert server.sh("stat -c '%a %u' /boot/PROBE") == "700 0"
    with pytest.raises(ServerError, match=r"not permitted|not implemented"):
        server.sh("chown 99:100 /boot/probe")
    with pytest.raises(ServerError, match=r"not permitted|not implemented"):
        server.sh("ln -s /boot/probe /boot/link")
    server.sh("rm /boot/probe")


def test_its_pool_is_a_mount_of_its_own_with_all_three_signs(server: UnraidServer) -> None:
    server.sh("mountpoint -q /mnt/nvme_cache")
    server.sh("mountpoint -q /mnt")
    assert 'fsState="Started"' in server.sh("cat /var/local/emhttp/var.ini")
    assert 'fsStatus="Mounted"' in server.sh("grep -A 4 nvme_cache /var/local/emhttp/disks.ini")


def test_its_engine_takes_a_gpu_by_stand_ins_that_say_so(server: UnraidServer) -> None:
    assert "nvidia" in server.sh("docker info --format '{{json .Runtimes}}'")
    assert "Stand-in" in server.sh("nvidia-smi -L")


def test_a_power_cut_takes_memory_and_leaves_disks(server: UnraidServer) -> None:
    server.sh("touch /run/kept /tmp/kept /boot/kept /mnt/nvme_cache/kept && sync")
    server.power_cut()
    assert server.sh(
        "ls -d /run/kept /tmp/kept /boot/kept /mnt/nvme_cache/kept 2>/dev/null || true"
    ).split() == [
        "/boot/kept",
        "/mnt/nvme_cache/kept",
    ]
    server.sh("rm /boot/kept /mnt/nvme_cache/kept")
