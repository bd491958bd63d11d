"""Taking the network away from the running process, for good.

MediaPipe sends metrics about its use to its maker (the "Privacy Notice" of its package) and has no switch for
that. What a home server sees is nobody's business: the kernel refuses this process every socket. A seccomp
filter needs no privileges, works in a container, and cannot be taken back. Linux: seccomp(2), socket(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
from typing import Final

_PR_SET_NO_NEW_PRIVS: Final = 38
_SET_MODE_FILTER: Final = 1
_FOR_ALL_THREADS: Final = 1

# Classic BPF: load a word of the call's description, jump if equal or not less, return.
_LOAD: Final = 0x20
_IF_EQUAL: Final = 0x15
_IF_AT_LEAST: Final = 0x35
_RETURN: Final = 0x06
_NUMBER_AT: Final = 0
_ARCHITECTURE_AT: Final = 4
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EACCES
# x86-64 answers a second set of numbers, each with this bit.
_SECOND_SET: Final = 0x40000000
_IO_URING_SETUP: Final = 425

# machine -> its number in the kernel's audit.h, and its numbers of socket(2) and seccomp(2)
_MACHINES: Final = {"x86_64": (0xC000003E, 41, 317), "aarch64": (0xC00000B7, 198, 277)}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def leave_network() -> None:
    """From now on, no thread of this process or process that it starts opens a socket: ``PermissionError``.

    Raises:
        OSError: the kernel, or this kind of machine, does not know how.
    """
    machine = platform.machine()
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, f"no filter for {machine}; known are {', '.join(_MACHINES)}")
    architecture, socket, seccomp = _MACHINES[machine]
    code = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_IF_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, 3, 0, _SECOND_SET),
        (_IF_EQUAL, 2, 0, socket),
        (_IF_EQUAL, 1, 0, _IO_URING_SETUP),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    instructions = (_Instruction * len(code))(*(_Instruction(*line) for line in code))
    program = _Program(len(code), instructions)
    library = ctypes.CDLL(None, use_errno=True)
    _check(library.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))))
    # Libraries may have started threads when they were imported; a filter of prctl's would not hold for them.
    arguments = (seccomp, _SET_MODE_FILTER, _FOR_ALL_THREADS)
    _check(library.syscall(*map(ctypes.c_long, arguments), ctypes.byref(program)))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"this kernel does not filter system calls: {os.strerror(number)}")
