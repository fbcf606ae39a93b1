"""What runs inside a watched process: it cuts the network off, and asks what the processor runs.

It imports the standard library only, so that it can come first of all, also in a kernel.

The cut is double. Where the system permits, the process moves into a network of its own, in which
there is nothing but its own loopback: whatever it starts cannot get out either. And in every kernel
a hook of Python itself refuses each connection and each name that is not this machine, and writes
it down, so that an attempt is seen even if the notebook catches the error.
"""

import ctypes
import hashlib
import ipaddress
import json
import os
import pathlib
import socket
import struct
import sys
from typing import Any

LOG = "NNMATH_REFUSED"  # names the file in which each refusal is written down
INTERNET = {socket.AF_INET, socket.AF_INET6}
CONNECTIONS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}

# --- The hook -------------------------------------------------------------------------------------


def is_here(host: Any) -> bool:
    """Say whether a host is this machine itself."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise where something beyond this machine is asked for. Python calls it at each event."""
    if event in CONNECTIONS:
        place, address = arguments[:2]
        if place.family not in INTERNET or address is None:
            return
        host = address[0]
    elif event in LOOKUPS:
        host = arguments[0]
    else:
        return
    if not is_here(host):
        line = f"{event} {host if isinstance(host, str) else bytes(host).decode()}"
        if log := os.environ.get(LOG):
            with open(log, "a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        raise ConnectionRefusedError(f"the network is cut off: {line}")


# --- A network of its own -------------------------------------------------------------------------

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1


def own_network() -> bool:
    """Move this process into a network with nothing but its own loopback; False where it cannot."""
    if not sys.platform.startswith("linux"):
        return False
    user, group = os.getuid(), os.getgid()
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(CLONE_NEWNET):  # only root may do that alone
        if unshare(CLONE_NEWUSER | CLONE_NEWNET):
            return False
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            pathlib.Path("/proc/self", name).write_text(text)
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP))
    return True


def reaches(port: int) -> bool:
    """Say whether a connection to this port of the loopback succeeds."""
    with socket.socket() as caller:
        caller.settimeout(5)
        return caller.connect_ex(("127.0.0.1", port)) == 0


def cut_off() -> dict[str, bool]:
    """Cut this process off, and say whether it worked: `own_network`, and a control experiment.

    The control listens on the loopback of the network outside. It is reached before the cut and
    must not be afterwards, when a listener inside must be. None of it needs a network outside.
    """
    with socket.socket() as outside:
        outside.bind(("127.0.0.1", 0))
        outside.listen()
        port = outside.getsockname()[1]
        found = {"before": reaches(port), "own_network": own_network(), "after": reaches(port)}
    with socket.socket() as inside:
        inside.bind(("127.0.0.1", 0))
        inside.listen()
        found["loopback"] = reaches(inside.getsockname()[1])
    return found


# --- The processor --------------------------------------------------------------------------------


def processor() -> dict[str, Any]:
    """Return what numpy and its OpenBLAS say they compute with here, and what comes out of it.

    `bits` is a fingerprint of a matrix product, of exponentials and of hyperbolic tangents, to the
    last bit: it shows whether another way of computing rounds differently.
    """
    import numpy as np

    umath = sys.modules["numpy._core._multiarray_umath"]
    on = umath.__cpu_features__
    dispatched = [name for name in umath.__cpu_dispatch__ if on.get(name)]
    rng = np.random.RandomState(7)
    a, b = rng.randn(100, 100), rng.randn(100, 100)
    results = (a @ b, np.exp(a), np.tanh(a))
    bits = [hashlib.sha256(array.tobytes()).hexdigest()[:8] for array in results]
    return {"features": dispatched, **openblas(np), "bits": bits}


def openblas(np: Any) -> dict[str, Any]:
    """Ask the OpenBLAS that numpy brings for its core type and its number of threads."""
    home = pathlib.Path(np.__file__).parent
    files = [*home.parent.glob("numpy.libs/*openblas*"), *home.glob(".dylibs/*openblas*")]
    for file in files:
        library = ctypes.CDLL(str(file))  # loaded already: this only finds it
        for before, after in (("scipy_", "64_"), ("", "64_"), ("scipy_", ""), ("", "")):
            try:
                name = getattr(library, f"{before}openblas_get_corename{after}")
                threads = getattr(library, f"{before}openblas_get_num_threads{after}")
            except AttributeError:
                continue
            name.restype = ctypes.c_char_p
            return {"core": name().decode(), "threads": int(threads())}
    return {"core": None, "threads": None}


def processor_as_json() -> str:
    """Return the same as text, which a kernel can print."""
    return json.dumps(processor())
