"""The picture decoder's own process: an image in at standard input, pixels out at standard output, and nothing else.

``python -I portrait_child.py``. Out: how it was shut in (``S`` by the kernel's filter too, ``L`` by limits alone), width,
height (two bytes each), then RGB rows. With anything wrong nothing is written, and the exit status is not 0.

Before the first byte of the image is read the process gives up what it does not need: address space, processor time, new
files, new processes, and, with a seccomp filter (x86_64 and aarch64), every system call that is not on a short list; an
open(), a socket() or a fork() fails. An unprivileged process cannot take itself off the network in another way.
"""

from __future__ import annotations

import ctypes
import math
import platform
import resource
import struct
import sys
import time
from io import BytesIO
from typing import NoReturn

from PIL import Image, Jpeg2KImagePlugin, JpegImagePlugin, MpoImagePlugin, TiffImagePlugin  # noqa: F401 - imported while there is an open()

WIDTH_MAX_PX, HEIGHT_MAX_PX = 240, 320
PIXELS_MAX = 4_000_000
INPUT_MAX_BYTES = 1 << 20
ADDRESS_SPACE_BYTES = 512 << 20
CPU_S = 2
HEAD = struct.Struct(">cHH")

_JPEG = b"\xff\xd8\xff"
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


def shut_in() -> bool:
    """Give everything up. Returns whether the kernel's filter stands, which needs a known processor and CONFIG_SECCOMP_FILTER."""
    limits = (
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_CPU, math.ceil(time.process_time()) + CPU_S),
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


def thumbnail(data: bytes) -> Image.Image:
    """Decode JPEG or JPEG 2000 and scale it down. Whatever Pillow raises; ValueError for too many pixels."""
    image = (JpegImagePlugin.JpegImageFile if data.startswith(_JPEG) else Jpeg2KImagePlugin.Jpeg2KImageFile)(
        BytesIO(data)
    )
    width, height = image.size
    if not 0 < width * height <= PIXELS_MAX:
        raise ValueError(f"{width} x {height} pixels")
    image.draft("RGB", (WIDTH_MAX_PX, HEIGHT_MAX_PX))
    small = image.convert("RGB")
    small.thumbnail((WIDTH_MAX_PX, HEIGHT_MAX_PX))
    return small


def warm_up() -> None:
    """Use both decoders once, so that nothing has to be loaded any more."""
    for form in ("JPEG", "JPEG2000"):
        file = BytesIO()
        Image.new("RGB", (16, 16)).save(file, form)
        thumbnail(file.getvalue())


def main() -> NoReturn:
    """Decode one image."""
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX // 2  # Pillow refuses above twice this
    Image.preinit()
    warm_up()
    mark = b"S" if shut_in() else b"L"
    small = thumbnail(sys.stdin.buffer.read(INPUT_MAX_BYTES))
    sys.stdout.buffer.write(HEAD.pack(mark, *small.size) + small.tobytes())
    sys.stdout.buffer.flush()
    raise SystemExit(0)


if __name__ == "__main__":
    main()
