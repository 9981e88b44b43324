"""A graph → the source of a straight-line NumPy function, and the function.

Only nodes that some output needs are written. Every array is written into a buffer that is given back as soon as its
last reader has run, so that a block's work stays in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checklist.batch.program.nodes import MASK, OBJECT, ColumnNode, Int

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
Kernel: TypeAlias = Callable[[Arrays, MutableMapping[str, NDArray[Any]], Mapping[str, NDArray[Any]]], None]

_POOLS: Final = {MASK: "u1", "u1": "u1"}
"""Masks and bytes share buffers: a mask is a byte that is 0 or 1."""


@dataclass(frozen=True, slots=True)
class Code:
    """``source`` of the kernel, the ``inputs`` it reads and the ``buffers`` it works in, by name to type."""

    source: str
    inputs: tuple[str, ...]
    buffers: Mapping[str, str]

    def function(self) -> Kernel:
        space: dict[str, Any] = {"np": np}
        exec(compile(self.source, "<kernel>", "exec"), space)
        kernel: Kernel = space["kernel"]
        return kernel


def emit(nodes: list[ColumnNode], outputs: Mapping[str, Int]) -> Code:
    """The kernel that fills ``out[name]`` for every output; constants are filled in as they are."""
    needed = _needed(outputs)
    order = [node for node in nodes if node.index in needed]
    last = {node.index: node.index for node in order}
    for node in order:
        for arg in node.args:
            if isinstance(arg, ColumnNode):
                last[arg.index] = node.index
    return _Emitter(order, last, outputs).write()


def _needed(outputs: Mapping[str, Int]) -> set[int]:
    found: set[int] = set()
    stack = [node for node in outputs.values() if isinstance(node, ColumnNode)]
    while stack:
        node = stack.pop()
        if node.index not in found:
            found.add(node.index)
            stack += [arg for arg in node.args if isinstance(arg, ColumnNode)]
    return found


@dataclass(slots=True)
class _Emitter:
    order: list[ColumnNode]
    last: dict[int, int]
    outputs: Mapping[str, Int]
    lines: list[str] = field(default_factory=list)
    free: dict[str, list[str]] = field(default_factory=dict)
    buffers: dict[str, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)

    def write(self) -> Code:
        wanted: dict[int, list[str]] = {}
        for name, value in self.outputs.items():
            if isinstance(value, ColumnNode):
                wanted.setdefault(value.index, []).append(name)
            else:
                self.lines.append(f"out[{name!r}][...] = {value!r}")
        dying: dict[int, list[ColumnNode]] = {}
        for node in self.order:
            self.define(node)
            for name in wanted.get(node.index, ()):
                self.lines.append(f"out[{name!r}][...] = {self.names[node.index]}")
            dying.setdefault(self.last[node.index], []).append(node)
            for dead in dying.pop(node.index, ()):
                self.release(dead)
        head = ["def kernel(inp, out, mem):"]
        for name, dtype in self.buffers.items():
            head.append(f"    {name} = mem[{name!r}]")
            if dtype == "u1":
                head.append(f"    m{name} = {name}.view(np.bool_)")
        body = [f"    {line}" for line in self.lines] or ["    pass"]
        return Code("\n".join([*head, *body]) + "\n", tuple(self.inputs), self.buffers)

    def take(self, dtype: str) -> str:
        """A free buffer, by the name that sees it as ``dtype``."""
        pool = _POOLS.get(dtype, dtype)
        spare = self.free.setdefault(pool, [])
        if spare:
            name = spare.pop()
        else:
            name = f"{pool}_{sum(kind == pool for kind in self.buffers.values())}"
            self.buffers[name] = pool
        return f"m{name}" if dtype == MASK else name

    def release(self, node: ColumnNode) -> None:
        if node.op != "load" and node.dtype != OBJECT:
            name = self.names[node.index]
            self.free[_POOLS.get(node.dtype, node.dtype)].append(name.removeprefix("m"))

    def bytes_of(self, node: ColumnNode) -> str:
        """A mask seen as bytes."""
        name = self.names[node.index]
        return name.removeprefix("m") if node.op != "load" else f"{name}.view(np.uint8)"

    def define(self, node: ColumnNode) -> None:
        if node.op == "load":
            name = self.names[node.index] = f"x{node.index}"
            self.inputs.append(str(node.args[0]))
            self.lines.append(f"{name} = inp[{node.args[0]!r}]")
            return
        args = [self.names[arg.index] if isinstance(arg, ColumnNode) else repr(arg) for arg in node.args]
        if node.dtype == OBJECT:
            self.names[node.index] = f"x{node.index}"
            self.lines.append(f"x{node.index} = {_object_call(node.op, args)}")
            return
        out = self.names[node.index] = self.take(node.dtype)
        match node.op:
            case "count":
                parts = [self.bytes_of(arg) for arg in node.args if isinstance(arg, ColumnNode)]
                first = f"np.add({parts[0]}, {parts[1]}, {out})" if len(parts) > 1 else f"np.copyto({out}, {parts[0]})"
                self.lines += [first, *(f"np.add({out}, {part}, {out})" for part in parts[2:])]
            case "cast":
                self.lines.append(f"np.copyto({out}, {args[0]}, casting='unsafe')")
            case "where":
                self.lines += [f"{out}[...] = {args[2]}", f"np.copyto({out}, {args[1]}, where={args[0]})"]
            case "without":
                self.lines += [f"np.invert({args[1]}, {out})", f"np.bitwise_and({out}, {args[0]}, {out})"]
            case "bitwise_and" | "bitwise_or" if len(args) > 2:
                self.lines.append(f"np.{node.op}({args[0]}, {args[1]}, {out})")
                self.lines += [f"np.{node.op}({out}, {arg}, {out})" for arg in args[2:]]
            case _:
                self.lines.append(f"np.{node.op}({', '.join(args)}, out={out})")


def _object_call(op: str, args: list[str]) -> str:
    if op == "cast":
        return f"{args[0]}.astype(object)"
    return f"np.{op}({', '.join(args)})"
