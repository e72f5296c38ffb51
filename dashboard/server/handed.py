"""A socket that is handed connections by another process, in the place of one that listens for them.

The process that listens reads nothing of a connection, it only looks whose it is (dashboard.server.several), and passes
it on whole. So a browser's address is its own, and what is said afterwards goes through nobody else.
"""

import os
import signal
import socket
from typing import Any

ONE = b"\0"  # a connection comes with one byte: without any, nothing can be sent


class Handed(socket.socket):
    """Asyncio takes it for a listening socket: it waits until it is readable and then accepts."""

    def listen(self, _backlog: int = 0, /) -> None:
        """From now on what is handed over is taken: says so to who hands it over."""
        self.send(ONE)

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection and whose it is. Where the other process has ended, this one ends too."""
        told, handles, _, _ = socket.recv_fds(self, 1, 1)
        if not told:
            os.kill(os.getpid(), signal.SIGTERM)
            raise BlockingIOError
        taken = socket.socket(fileno=handles[0])
        try:
            return taken, taken.getpeername()
        except OSError:  # gone before it was its turn
            taken.close()
            raise BlockingIOError from None


def hand_over(to: socket.socket, connection: socket.socket) -> None:
    """Pass `connection` on, and keep nothing of it. BlockingIOError where the other is too busy to take it."""
    socket.send_fds(to, [ONE], [connection.fileno()])
    connection.close()
