"""The files of one ruleset folder: opened once each, their problems kept together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checklist.model.problems import Problem, Where, in_order
from checklist.reading.yaml.shape_mistakes import Loc
from checklist.reading.yaml.yaml_file import YamlFile, read_yaml

HEAD = "ruleset.yaml"


@dataclass(slots=True)
class RulesetFolder:
    """``shown`` is the folder as the user wrote it, ``modules`` the module ids that its head names.

    ``broken`` collects ids whose own declaration has a mistake: what names them is left out without a second complaint.
    ``complete`` turns false once a part is left out for its mistakes.
    """

    path: Path
    shown: str
    head: YamlFile
    modules: tuple[str, ...]
    documents: list[YamlFile] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    complete: bool = True

    @property
    def problems(self) -> tuple[Problem, ...]:
        return in_order([p for d in (self.head, *self.documents) for p in d.told()])

    def open(self, name: str, kind: type) -> YamlFile | None:
        """A file of the folder whose content is a ``kind`` (list or dict); None when it is absent or unusable."""
        path = self.path / name
        if not path.exists():
            return None
        document = read_yaml(path, f"{self.shown}/{name}")
        self.documents.append(document)
        if isinstance(document.data, kind):
            return document
        if not document.problems:
            word = "“- ”开头的列表" if kind is list else "“名称: 值”"
            document.wrong((), "E201", f"文件内容要由{word}组成")
        return None

    def parts(self, name: str) -> Iterator[YamlFile]:
        """``facts.yaml`` and ``facts/<MODULE>.yaml``, in module order."""
        names = [f"{name}.yaml", *(f"{name}/{module}.yaml" for module in self.modules)]
        known = set(names)
        others = sorted(p.name for p in (self.path / name).glob("*.yaml") if f"{name}/{p.name}" not in known)
        for part in [*names, *(f"{name}/{other}" for other in others)]:
            if document := self.open(part, dict):
                yield document


def used_twice(document: YamlFile, loc: Loc, what: str, first: Where) -> None:
    """An id that another entry already has."""
    document.wrong(loc, "E310", f"{what} 用了两次", f"{first.file} 第 {first.line} 行已经有了")
