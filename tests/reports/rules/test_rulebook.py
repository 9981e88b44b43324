"""The rulebook: the committed copy is fresh, everything is in it, the HTML needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from checklist.model.rules.conditions import Limit
from checklist.model.rules.ruleset import Ruleset
from checklist.model.rules.scales import Ladder, Rung
from checklist.reports.document.document import Document
from checklist.reports.formats import html, markdown
from checklist.reports.rules.rulebook import ours, rulebook
from tests.conftest import ROOT, Run
from tests.support.shipped import BASE, SHIPPED, shipped

COMMITTED = [BASE, "complete-community"]
DOCS = ROOT / "docs" / "rulebook"
VOID = {"meta", "br", "link", "input"}


def unescaped(data: bytes) -> str:
    return data.decode("utf-8").replace("\\", "")


def plain_text(book: Document) -> str:
    return unescaped(markdown.render(book))


@pytest.mark.parametrize("name", COMMITTED)
def test_the_committed_copy_is_fresh(name: str, request: pytest.FixtureRequest) -> None:
    book, folder = markdown.pages(rulebook(shipped(name))), DOCS / name
    pages = {page: data.decode("utf-8") for page, data in book.items()}
    if request.config.getoption("--golden"):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.md"):
            old.unlink()
        for page, text in pages.items():
            (folder / page).write_text(text, encoding="utf-8", newline="\n")
    stale = "read the diff, then pytest tests/reports/rules/test_rulebook.py --golden"
    assert sorted(path.name for path in folder.iterdir()) == sorted(pages), stale
    for page, text in pages.items():
        assert (folder / page).read_text(encoding="utf-8") == text, f"{name}/{page} is stale; {stale}"


@pytest.mark.many
@pytest.mark.parametrize("name", SHIPPED)
def test_everything_of_a_criterion_is_in_it(name: str) -> None:
    ruleset, text = shipped(name), plain_text(rulebook(shipped(name)))
    for criterion in ruleset.criteria:
        start = text.index(f"\n### {criterion.id} {criterion.title}\n")
        section = text[start : text.find("\n### ", start + 1)]
        assert criterion.requirement in section
        assert all(ruleset.facts[fact].ask in section and fact in section for fact in criterion.facts)
        assert all(ruleset.actions[action].label in section for action in criterion.actions)
        assert all(f"{c.source} {ruleset.sources[c.source].title}" in section for c in criterion.sources)
        assert all(word in section for word in (*criterion.evidence, *criterion.owner))
        assert ("本库自定" in section) == ours(criterion), criterion.id


def test_a_tailoring_says_what_it_changed_and_why() -> None:
    text = unescaped(markdown.pages(rulebook(shipped("strict-local")))["README.md"])
    for change in shipped("strict-local").changes:
        assert change.criterion in text and change.why in text
    assert "自定" in text.splitlines()[0]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "img", "iframe", "link", "object")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on") and name != "src"
            if name == "href":
                self.links.append(str(value))
            if name == "id":
                assert value not in self.ids
                self.ids.add(str(value))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def tags(text: str) -> Tags:
    parser = Tags()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser


@pytest.mark.many
@pytest.mark.parametrize("name", SHIPPED)
def test_the_html_stands_alone_and_its_links_lead_somewhere(name: str) -> None:
    text = html.render(rulebook(shipped(name))).decode("utf-8")
    found = tags(text)
    assert found.links and all(link.startswith("#") and link[1:] in found.ids for link in found.links)
    assert {c.id for c in shipped(name).criteria} <= found.ids
    assert "http:" not in text and "https:" not in text and "url(" not in text and "@import" not in text


def hostile() -> Iterator[Ruleset]:
    base = shipped("complete-community")
    first, *rest = base.criteria
    for text in ("<script>alert(1)</script>", "a | b", "*粗* `码` [链](http://x)", "# 不是标题", "\u202e反\x1b[31m"):
        yield replace(base, criteria=(replace(first, title=text, requirement=text, owner=(text,)), *rest))


def test_text_of_a_rule_file_is_only_text() -> None:
    for ruleset in hostile():
        assert "<script" not in html.render(rulebook(ruleset)).decode("utf-8")
        tags(html.render(rulebook(ruleset)).decode("utf-8"))
        for line in markdown.render(rulebook(ruleset)).decode("utf-8").splitlines():
            if line.startswith("|"):
                cells = line.replace("\\|", "").count("|") - 1
                assert cells in (2, 3, 5, 6)
            assert not line.startswith("# 不是标题") and "\x1b" not in line and "\u202e" not in line
            assert "<script" not in line.replace("\\<", "")


def test_a_figure_of_ours_is_marked_wherever_it_is_printed() -> None:
    base = shipped("complete-community")
    first, *rest = base.criteria
    assert isinstance(first.scale, Ladder)
    marked = []
    for rung in first.scale.rungs:
        assert isinstance(rung.condition, Limit)
        marked.append(Rung(rung.level, replace(rung.condition, ours=True)))
    ruleset = replace(base, criteria=(replace(first, scale=Ladder("at_least", tuple(marked))), *rest))
    page = unescaped(markdown.pages(rulebook(ruleset))["SRV.md"])
    section = page[: page.index("SRV-02")]
    assert section.count("本库自定") == 2


@pytest.mark.parametrize(("format", "files"), [("md", 8), ("html", 1)])
def test_the_command_writes_a_folder_or_shows_all(format: str, files: int, cli: Run, tmp_path: Path) -> None:
    ran = cli("rules", "book", "--rules", "complete-community", "--format", format, "-o", tmp_path / "手册")
    assert ran.code == 0 and ran.out == "" and len(list((tmp_path / "手册").iterdir())) == files
    shown = cli("rules", "book", "--rules", "complete-community", "--format", format).out
    assert "SRV-01" in shown and "SPC-03" in shown


def test_wrong_usage(cli: Run, tmp_path: Path) -> None:
    assert cli("rules", "book", "--format", "pdf").code == 2
    (tmp_path / "x").write_text("", encoding="utf-8")
    assert cli("rules", "book", "-o", tmp_path / "x").code == 2
