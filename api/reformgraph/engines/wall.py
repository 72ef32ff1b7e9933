"""The wall around a worker process: no socket, no other program, and a bound on memory and CPU time (Linux).

Sockets are forbidden by a seccomp filter (seccomp(2), Linux 3.5), set before the store starts its
threads, which inherit it. RocksDB opens its files when a query needs them, so the table of open files can
be closed only over a store in memory; that is what `sandbox` does where there is no filter.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from pathlib import Path

# AUDIT_ARCH_* of linux/audit.h; numbers of socket, connect, socketpair, execve, execveat, io_uring_setup.
_SYSTEM_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 53, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 199, 221, 281, 425)),
}
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of linux/bpf_common.h
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EACCES
_X32 = 0x40000000  # second numbering of the calls on x86_64


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def forbid_sockets() -> bool:
    """Make the kernel refuse sockets and programs to this thread and those it starts; False if it cannot."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _SYSTEM_CALLS:
        return False
    instructions = _filter(*_SYSTEM_CALLS[machine])
    program = _Program(len(instructions) // 8, instructions)
    libc = ctypes.CDLL(None)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def forbid_files() -> None:
    """Let this process open nothing any more, neither file nor socket (RLIMIT_NOFILE, getrlimit(2))."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def limit_memory(size: int) -> None:
    """Let this process map that many bytes more than now, leave no core dump, and give way to others."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + size, mapped + size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


def allow_cpu(seconds: int) -> None:
    """Let this process use that many more seconds of CPU time; SIGXCPU ends it then."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def _filter(architecture: int, calls: tuple[int, ...]) -> bytes:
    """A BPF program over `struct seccomp_data`: refuse the calls, and any call of another architecture."""
    refused = [(_EQUAL, len(calls) - index, 0, call) for index, call in enumerate(calls)]
    program = [
        (_LOAD, 0, 0, 4),  # .arch
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),  # .nr
        (_AT_LEAST, len(calls) + 1, 0, _X32),
        *refused,  # each jumps over the rest and the next line
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
