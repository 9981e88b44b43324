"""YAML as a person means it, with the place of every value.

YAML 1.2 scalars only (``yes`` and ``on`` are words, ``010`` is ten, decimals stay exact), no duplicate keys, no
anchors or aliases, no tags, no second document; size and depth are bounded. Every mistake becomes a Problem.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import yaml

from checklist.model.problems import NotAValue, Problem, Where, in_order
from checklist.reading.yaml.file_text import file_text
from checklist.values.bare_words import YamlData, meaning

MAX_DEPTH: Final = 40

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Parser):  # type: ignore[misc]
    """Nodes only: what a plain scalar means is decided here, not by YAML 1.1, which also costs a quarter of the time."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        return _TAGS[kind]

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


_TAGS: Final[dict[type[yaml.Node], str]] = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}
_LINE_END: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Where the parser begins a new line: less than ``str.splitlines`` does."""
_QUOTES: Final = frozenset("'\"|>")
_CUT: Final = ("", "“", "‘")
"""How the value of an entry in brackets begins that a comma or a missing blank may have cut."""
_PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
)
_BLOCK_TAGS: Final = frozenset({"tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})


@dataclass(slots=True)
class YamlFile:
    """One parsed file: its values, its problems, and a way from a path of keys to a line and column."""

    path: str
    data: YamlData = None
    problems: list[Problem] = field(default_factory=list)
    advice: list[Problem] = field(default_factory=list)
    """What was assumed in reading it; no mistake."""
    lines: list[str] = field(default_factory=list)
    root: yaml.Node | None = None
    keys: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = field(default_factory=dict)
    """The children of each mapping that was asked for, by key; found once, asked often."""

    def where(self, loc: Sequence[str | int] = (), *, value: bool = False) -> Where:
        """The place of the key (or of its value) at a path; path parts that are not in the file are skipped."""
        node, mark = self.root, self.root.start_mark if self.root else None
        for part in loc:
            child = self._child(node, part)
            if child is None:
                continue
            key, node = child
            mark = node.start_mark if value else key.start_mark
        return Where(self.path, mark.line + 1, mark.column + 1) if mark else Where(self.path)

    def within(self, loc: Sequence[str | int]) -> tuple[str | int, ...]:
        """The parts of a path that are in the file."""
        node, found = self.root, []
        for part in loc:
            if child := self._child(node, part):
                node = child[1]
                found.append(part)
        return tuple(found)

    def inside(self, loc: Sequence[str | int]) -> YamlFile:
        """The part of the file below a path, as a file of its own: places are true, problems are shared."""
        node = self.root
        for part in loc:
            child = self._child(node, part)
            node = child[1] if child else node
        return replace(self, root=node)

    def problem(
        self, loc: Sequence[str | int], code: str, says: str, hint: str = "", *, value: bool = False
    ) -> Problem:
        where = self.where(loc, value=value)
        return Problem(where, code, says, hint, self.line(where.line), self._length(where))

    def wrong(self, loc: Sequence[str | int], code: str, says: str, hint: str = "", *, value: bool = False) -> None:
        """Add a problem at that place."""
        self.problems.append(self.problem(loc, code, says, hint, value=value))

    def told(self) -> tuple[Problem, ...]:
        """Mistakes and advice, in the order of the file."""
        return in_order([*self.problems, *self.advice])

    def line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def _child(self, node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
        if isinstance(node, yaml.MappingNode):
            found = self.keys.get(id(node))
            if found is None:
                found = {key.value: (key, value) for key, value in reversed(node.value) if isinstance(key.value, str)}
                self.keys[id(node)] = found
            return found.get(part) if isinstance(part, str) else None
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            return node.value[part], node.value[part]
        return None

    def _length(self, where: Where) -> int:
        rest = self.line(where.line)[max(where.column - 1, 0) :]
        word = re.match(r"[^\s:,{}\[\]#]+", rest)
        return len(word.group()) if word else 1


def read_yaml(path: Path, shown: str | None = None) -> YamlFile:
    """Read one file. ``shown`` is the path as the user wrote it. Never raises for bad content."""
    document = YamlFile(shown or str(path))
    text = file_text(path, document.path, document.problems, document.advice)
    if text is not None:
        _parse(text, document)
    return document


def parse_yaml(text: str, shown: str) -> YamlFile:
    """The same for text that is already in memory."""
    document = YamlFile(shown)
    _parse(text, document)
    return document


def _parse(text: str, document: YamlFile) -> None:
    document.lines = _LINE_END.split(text)
    if not document.lines[-1]:
        document.lines.pop()
    if "\x00" in text:
        from checklist.reading.yaml.syntax_mistakes import forbidden

        document.problems.append(forbidden(document.path, document.lines))
        return
    loader = _Loader(text)
    try:
        document.root = loader.get_single_node()
    except yaml.YAMLError as error:
        from checklist.reading.yaml.syntax_mistakes import syntax_mistake  # rarely needed, and a start must be quick

        document.problems.append(syntax_mistake(error, document.path, document.lines))
        return
    except RecursionError:
        document.problems.append(Problem(Where(document.path), "E107", "嵌套太深", f"最多 {MAX_DEPTH} 层"))
        return
    finally:
        loader.dispose()
    if document.root is None:
        document.problems.append(Problem(Where(document.path), "E104", "文件是空的"))
        return
    try:
        document.data = _Builder(document).value(document.root, 0)
    except _Refused as refused:
        document.problems = [refused.problem]


class _Refused(Exception):
    """The file as a whole is refused: what else is wrong in it does not matter."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Builder:
    """Values from nodes; a node met twice is an alias and is refused before anything can grow."""

    def __init__(self, document: YamlFile) -> None:
        self.document = document
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, depth: int) -> YamlData:
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        if id(node) in self.seen:
            raise _Refused(self.problem(node, "E106", "不支持 YAML 锚点和别名（& 和 *）", "把内容直接写出来"))
        self.seen.add(id(node))
        if depth > MAX_DEPTH:
            raise _Refused(self.problem(node, "E107", "嵌套太深", f"最多 {MAX_DEPTH} 层"))
        if node.tag not in _BLOCK_TAGS:
            return self.refuse(node, "E108", f"不支持 YAML 标签 {node.tag}", "去掉感叹号开头的标签")
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        assert isinstance(node, yaml.MappingNode)
        return self.mapping(node, depth)

    def mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, YamlData]:
        result: dict[str, YamlData] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.refuse(key, "E108", "键只能是一个词")
                continue
            name = key.value
            plain = isinstance(item, yaml.ScalarNode)
            cut = plain and node.flow_style and item.value[:1] in _CUT
            if (cut or name[:1] > "\x7f") and (says := self.not_a_key(key, item)):
                raise _Refused(self.problem(key, "E111", *says))
            if name in result:
                line = next(other for other, _ in node.value if other.value == name).start_mark.line + 1
                self.refuse(key, "E105", f"“{name}”写了两遍", f"第 {line} 行已经有了，留一个")
                continue
            result[name] = self.scalar(item) if plain else self.value(item, depth + 1)
        return result

    def not_a_key(self, key: yaml.ScalarNode, item: yaml.Node) -> tuple[str, str] | None:
        """What people typed that YAML takes for a part of a key: the whole file then says something else."""
        if key.style in _QUOTES:
            return None
        from checklist.reading.yaml.syntax_mistakes import mistaken_key

        return mistaken_key(
            key.value, item.value if isinstance(item, yaml.ScalarNode) and item.style not in _QUOTES else None
        )

    def scalar(self, node: yaml.ScalarNode) -> YamlData:
        if node.tag not in _PLAIN_TAGS:
            return self.refuse(node, "E108", f"不支持 YAML 标签 {node.tag}", "去掉感叹号开头的标签")
        if node.style in _QUOTES:
            return node.value
        try:
            return meaning(node.value)
        except NotAValue as reason:
            return self.refuse(node, reason.code, reason.says, reason.hint)

    def refuse(self, node: yaml.Node, code: str, says: str, hint: str = "") -> None:
        self.document.problems.append(self.problem(node, code, says, hint))

    def problem(self, node: yaml.Node, code: str, says: str, hint: str) -> Problem:
        mark = node.start_mark
        where = Where(self.document.path, mark.line + 1, mark.column + 1)
        length = len(node.value) if isinstance(node, yaml.ScalarNode) else 1
        return Problem(where, code, says, hint, self.document.line(where.line), max(1, length))
