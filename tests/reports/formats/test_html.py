"""The web page: self-contained, escaped, its policy allows only its own script and style, its ids and labels hold."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

pytest.importorskip("jinja2", reason="没有装 jinja2")

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_forms import report
from checklist.reports.assessment.web_charts import charts, score_ruler
from checklist.reports.formats import FORMATS
from checklist.reports.work_report.work_report import work_report

ADDRESSES = ("src", "href", "action", "data", "xlink:href", "poster", "srcset", "formaction")


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def pages(dossier: Dossier) -> Iterator[str]:
    yield report(dossier, "html").decode("utf-8")
    yield FORMATS["html"].render(work_report(dossier)).decode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["taoli", "weak", "empty", "sited", "hostile"])
def test_no_request_leaves_the_page(name: str, request: pytest.FixtureRequest) -> None:
    for page in pages(request.getfixturevalue(name)):
        for tag, attributes in Tags(page).found:
            assert tag not in ("link", "iframe", "object", "embed", "base", "img", "audio", "video")
            for key in ADDRESSES:
                assert (attributes.get(key) or "#").startswith("#"), (tag, attributes)
        assert "@import" not in page and "url(" not in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["taoli", "weak", "hostile"])
def test_the_policy_names_the_only_script_and_style(name: str, request: pytest.FixtureRequest) -> None:
    page = next(pages(request.getfixturevalue(name)))
    policy = next(str(a["content"]) for t, a in Tags(page).found if t == "meta" and a.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (inner,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inner.encode("utf-8")).digest()).decode("ascii")
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"\sstyle=|\son[a-z]+=\"", re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL))


@pytest.mark.slow
def test_hostile_text_adds_no_element_and_no_handler(hostile: Dossier, weak: Dossier) -> None:
    for mean, fair in zip(pages(hostile), pages(weak), strict=True):
        kinds = {tag for tag, _ in Tags(fair).found} | {"em"}
        for tag, attributes in Tags(mean).found:
            assert tag in kinds
            assert not any(key.startswith("on") for key in attributes)
        assert "&lt;script&gt;alert(1)" in mean, "it is there, as text"
        assert "{{ 7*7 }}" in mean, "it is not run as a template"


@pytest.mark.parametrize("name", ["taoli", "weak", "empty", "sited"])
def test_ids_are_unique_and_links_lead_somewhere(name: str, request: pytest.FixtureRequest) -> None:
    found = Tags(next(pages(request.getfixturevalue(name)))).found
    ids = [a["id"] for _, a in found if "id" in a]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for t, a in found if t == "a"} <= set(map(str, ids))
    labels = [str(a["aria-labelledby"]).split() for _, a in found if "aria-labelledby" in a]
    assert {name for names in labels for name in names} <= set(map(str, ids))


def test_every_gap_and_every_criterion_is_on_the_page(weak: Dossier) -> None:
    found = Tags(next(pages(weak))).found
    ids = {a.get("id") for _, a in found}
    assert {f"c-{f.criterion.id}" for f in weak.assessment.findings} <= ids
    rows = [a for t, a in found if t == "tr" and a.get("data-serious")]
    assert len(rows) == len(weak.assessment.gaps)


def test_pictures_tell_their_numbers_in_words(taoli: Dossier) -> None:
    for _, _, svg in charts(taoli.assessment, taoli.earlier):
        assert re.search(r"<title id=\"[a-z]+-t\">.+</title><desc id=\"[a-z]+-d\">.+</desc>", svg)
    assert "得分 2.1 ～ 96.1" in score_ruler(taoli.assessment)


def test_bars_are_as_long_as_the_numbers_say(weak: Dossier) -> None:
    svg = charts(weak.assessment, None)[0][2]
    drawn = [float(w) for w in re.findall(r'width="([\d.]+)" height="10" rx="2" class="sure"', svg)]
    shares = [m.tally.low / m.tally.possible for m in weak.assessment.modules if m.tally.possible]
    assert drawn == pytest.approx([460 * share for share in shares], abs=0.06)


def test_the_same_input_gives_the_same_page(taoli: Dossier) -> None:
    assert list(pages(taoli)) == list(pages(taoli))
