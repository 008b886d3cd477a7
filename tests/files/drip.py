"""A stream to be stored; by itself, so that a process started to be killed loads nothing else."""

from __future__ import annotations


class Drip:
    """A stream of so many bytes that are made as they are asked for; it remembers how many at a time."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.asked: list[int] = []

    def read(self, size: int, /) -> bytes:
        self.asked.append(size)
        given = min(size, self.left)
        self.left -= given
        return bytes([self.left % 251]) * given
