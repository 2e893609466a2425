"""Put on a server's path by a test: a connection to anything but this machine fails, and is written down."""

import os
import socket

_connect = socket.socket.connect


def connect(self, address):
    """Connects to this machine alone."""
    host = address[0] if isinstance(address, tuple) else ""
    if isinstance(address, tuple) and host not in ("127.0.0.1", "::1", "localhost"):
        with open(os.environ["LEVAMEN_OUTBOUND"], "a", encoding="utf-8") as file:
            file.write(f"{host}\n")
        raise OSError(f"outbound connection to {host}")
    return _connect(self, address)


socket.socket.connect = connect
