"""What a process gives up before it reads a byte that a stranger chose: address space, processor time, new files, new processes.

With a seccomp filter (x86_64 and aarch64) it gives up every system call that is not on a short list, too: an open(), a
socket() or a fork() fails. An unprivileged process cannot take itself off the network in another way. Everything that it
needs must be loaded and used once before. The other side: ``sandbox``.
"""

from __future__ import annotations

import ctypes
import math
import platform
import resource
import struct
import time

ADDRESS_SPACE_BYTES = 512 << 20
CPU_S = 2

_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 22, 38
_FILTER_MODE = 2
_EPERM = 1

# linux/bpf_common.h, linux/seccomp.h: instructions, and what a filter may answer
_LOAD, _JUMP_IF, _JUMP_IF_ANY, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | _EPERM, 0x80000000
_NUMBER_AT, _MACHINE_AT, _THIRD_ARGUMENT_AT = 0, 4, 32
_PROT_EXEC = 4

_CALLS = {
    "x86_64": (
        0xC000003E,
        {"mmap": 9, "mprotect": 10},
        {"read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "munmap": 11, "brk": 12, "rt_sigaction": 13}
        | {"rt_sigprocmask": 14, "rt_sigreturn": 15, "mremap": 25, "madvise": 28, "exit": 60, "sigaltstack": 131}
        | {"futex": 202, "restart_syscall": 219, "clock_gettime": 228, "exit_group": 231, "getrandom": 318},
    ),
    "aarch64": (
        0xC00000B7,
        {"mmap": 222, "mprotect": 226},
        {"read": 63, "write": 64, "close": 57, "fstat": 80, "lseek": 62, "munmap": 215, "brk": 214, "rt_sigaction": 134}
        | {"rt_sigprocmask": 135, "rt_sigreturn": 139, "mremap": 216, "madvise": 233, "exit": 93, "sigaltstack": 132}
        | {"futex": 98, "restart_syscall": 128, "clock_gettime": 113, "exit_group": 94, "getrandom": 278},
    ),
}
"""AUDIT_ARCH, calls allowed without PROT_EXEC, calls allowed; numbers of arch/x86/entry/syscalls and asm-generic/unistd.h."""


def shut_in(address_space_bytes: int = ADDRESS_SPACE_BYTES, cpu_s: int = CPU_S) -> bool:
    """Give everything up but so much memory and processor time.

    Returns whether the kernel's filter stands, which needs a known processor and CONFIG_SECCOMP_FILTER.
    """
    limits = (
        (resource.RLIMIT_AS, address_space_bytes),
        (resource.RLIMIT_CPU, math.ceil(time.process_time()) + cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        resource.setrlimit(what, (most, most))
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or platform.machine() not in _CALLS:
        return False
    return filtered(libc, instructions(*_CALLS[platform.machine()]))


def instructions(
    machine: int, without_exec: dict[str, int], allowed: dict[str, int]
) -> list[tuple[int, int, int, int]]:
    """Return the filter: code, jump if true, jump if false, operand."""
    program = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_JUMP_IF, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    for number in allowed.values():
        program += [(_JUMP_IF, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    first, second = without_exec.values()
    return [
        *program,
        (_JUMP_IF, 1, 0, first),
        (_JUMP_IF, 0, 3, second),
        (_LOAD, 0, 0, _THIRD_ARGUMENT_AT),
        (_JUMP_IF_ANY, 1, 0, _PROT_EXEC),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]


def filtered(libc: ctypes.CDLL, program: list[tuple[int, int, int, int]]) -> bool:
    """Hand the filter to the kernel: struct sock_fprog, whose array must live until the call is over."""
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in program))
    head = struct.pack("@HP", len(program), ctypes.addressof(code))
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.c_char_p(head), 0, 0) == 0)
