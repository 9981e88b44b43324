"""Exports as Kobo and ODK Central make them: Excel with names or questions as headings, options in columns, media."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checklist.keeping.evidence import ledger
from checklist.keeping.folder import open_folder
from checklist.model.field_form import (
    AGREE,
    ASKED,
    BY,
    COMMUNITY,
    NONE_LABEL,
    NONE_OF,
    ON,
    REASONS,
    RULESET,
    UNSURE,
    YES_NO,
)
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.fieldforms.submissions import is_submissions, read_submissions
from tests.conftest import ROOT, Ran, Run
from tests.reports.forms.test_xlsform import DAY, as_answered, asked, form_of, homes
from tests.support.laws import examples
from tests.support.strategies import values

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
Image = pytest.importorskip("PIL.Image")
META = ("_id", "_uuid", "_submission_time", "_validation_status", "_submitted_by", "__version__", "_index")
UUID = "3f1c2b60-8f0e-4b7a-9c55-0d3a0f7e51aa"


def cell(value: str) -> Any:
    """As Kobo types its cells: numbers are numbers, dates are dates."""
    if value.isdecimal() and len(value) < 10 and str(int(value)) == value:
        return int(value)
    try:
        return datetime.strptime(value, "%Y-%m-%d") if len(value) == 10 else value
    except ValueError:
        return value


def kobo_book(ruleset: Ruleset, answers: Mapping[str, str], *, labels: bool, groups: bool, split: str) -> bytes:
    """An .xlsx export: ``split`` is what becomes of a question with several answers: one, columns, both."""
    form = form_of(ruleset)
    homes_of = homes(form)
    titles = {row["name"]: row.get("label") or row["name"] for row in form.survey if "name" in row}
    heads: list[str] = []
    cells: list[Any] = []
    for name, home in homes_of.items():
        said = titles[name] if labels else name
        head = "/".join([*((titles[g] if labels else g) for g in home), said] if groups else [said])
        fact = ruleset.facts.get(name)
        value = answers.get(name, "")
        several = fact is not None and fact.type == "set"
        if several and fact is not None:
            options = {**fact.options, NONE_OF: NONE_LABEL}
            chosen = value.split()
            if split != "columns":
                heads.append(head)
                cells.append(" ".join(options[c] if labels else c for c in chosen))
            if split != "one":
                for id, label in options.items():
                    heads.append(f"{head}/{label if labels else id}")
                    cells.append(int(id in chosen) if chosen else "")
            continue
        heads.append(head)
        if labels and fact is not None and fact.type in ("bool", "choice"):
            value = {**YES_NO, **fact.options}.get(value, value)
        if labels and name.endswith(UNSURE):
            value = REASONS.get(value, value)
        cells.append(cell(value))
    meta = [7, UUID, datetime(2026, 11, 20, 9, 30), "", "kobo_user", "vQ1", 1]
    return book([*heads, *META], [[*cells, *meta]])


def book(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = made.add_worksheet("北门社区 创城自查"[:31])
    sheet.write_row(0, 0, heads)
    for n, row in enumerate(rows, 1):
        sheet.write_row(n, 0, row)
    made.close()
    return out.getvalue()


@pytest.mark.many
@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("groups", [False, True])
@pytest.mark.parametrize("split", ["one", "columns", "both"])
@given(data=st.data())
@settings(
    max_examples=examples(2),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_what_was_answered_comes_back_from_every_workbook(
    data: st.DataObject, labels: bool, groups: bool, split: str, ruleset: Ruleset, tmp_path: Path
) -> None:
    known = {fact.id for fact in asked(ruleset)}
    sets = sorted(name for name in known if ruleset.facts[name].type == "set")
    names = data.draw(st.lists(st.sampled_from(sorted(known)), min_size=5, max_size=40, unique=True))
    chosen = {name: data.draw(values(ruleset.facts[name])) for name in [*names, data.draw(st.sampled_from(sets))]}
    chosen = {n: v for n, v in chosen.items() if not (isinstance(v, date) and v > DAY)}
    unsure = data.draw(st.sampled_from(sorted(known - set(chosen))))
    answers = {RULESET: ruleset.id, COMMUNITY: "beimen", BY: "张 三", ON: "2026-11-20", unsure + UNSURE: "no_entry"}
    for name, value in chosen.items():
        answers |= as_answered(ruleset.facts[name], value)
    path = tmp_path / "kobo.xlsx"
    path.write_bytes(kobo_book(ruleset, answers, labels=labels, groups=groups, split=split))
    assert is_submissions(path)
    (filled,), problems = read_submissions(path, ruleset, DAY)
    assert not problems
    readings = {r.fact: r for r in filled.readings}
    assert {n: r.value for n, r in readings.items()} == {**chosen, unsure: None}
    assert readings[unsure].unknown == REASONS["no_entry"]
    assert {(r.by, str(r.on)) for r in filled.readings} == {("张 三", "2026-11-20")}
    assert all("!" in str(r.where) and str(r.where).endswith("2") for r in filled.readings)


@pytest.mark.slow
def test_a_survey_and_a_remark_belong_to_their_own_question(ruleset: Ruleset, tmp_path: Path) -> None:
    survey = next(f for f in asked(ruleset) if f.type == "ratio" and f.method == "questionnaire")
    answers = {
        **{RULESET: ruleset.id, COMMUNITY: "beimen", BY: "张三", ON: "2026-11-20"},
        **{survey.id + AGREE: "41", survey.id + ASKED: "50", survey.id + "__note": "午后问的"},
        **{"potholes": "3", "potholes__note": "南门内", "lamps_lit__note": "没有数"},
    }
    path = tmp_path / "kobo.xlsx"
    path.write_bytes(kobo_book(ruleset, answers, labels=True, groups=False, split="both"))
    (filled,), _ = read_submissions(path, ruleset, DAY)
    told = {r.fact: (r.value, r.note, r.sample and (r.sample.agree, r.sample.asked)) for r in filled.readings}
    assert told["potholes"] == (3, "南门内", None)
    assert told[survey.id][1:] == ("午后问的", (41, 50)) and set(told) == {"potholes", survey.id}


def test_an_own_form_and_other_tables_are_no_submissions(ruleset: Ruleset, tmp_path: Path, cli: Run) -> None:
    other = tmp_path / "x.xlsx"
    other.write_bytes(book(["编号", "实测值"], [["potholes", 3]]))
    broken = tmp_path / "y.xlsx"
    broken.write_bytes(b"PK\x03\x04nothing")
    assert not is_submissions(other) and not is_submissions(broken)
    assert cli("import", broken, "--into", ROOT / "data" / "beimen").code == 3


BASE = (RULESET, COMMUNITY, BY, ON, "part_4/about_potholes/potholes", "part_4/about_potholes/potholes__photo")


def kobo_csv(ruleset: Ruleset, rows: Sequence[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, [*BASE, *META])
    writer.writeheader()
    standing = {RULESET: ruleset.id, COMMUNITY: "beimen", BY: "张三", ON: "2026-11-20", BASE[4]: "7"}
    writer.writerows({**standing, **row} for row in rows)
    return out.getvalue()


@pytest.mark.parametrize("status", ["Not Approved", "validation_status_not_approved", "未批准"])
def test_refused_and_doubled_submissions_are_left_out_and_said(status: str, ruleset: Ruleset, tmp_path: Path) -> None:
    rows = [
        {"_uuid": "a", "_validation_status": "Approved"},
        {"_uuid": "a", "_validation_status": "Approved"},
        {"_uuid": "b", "_validation_status": status, BASE[4]: "99"},
        {"_uuid": "c", "_validation_status": "On Hold", BY: "李四"},
    ]
    path = tmp_path / "kobo.csv"
    path.write_text(kobo_csv(ruleset, rows), encoding="utf-8-sig")
    filled, problems = read_submissions(path, ruleset, DAY)
    assert [[(r.value, r.by) for r in f.readings] for f in filled] == [[(7, "张三")], [(7, "李四")]]
    assert sorted(p.says for p in problems) == ["1 份提交在这个文件里有两遍，收了一遍", "1 份提交没有通过审核，没有收"]
    as_json = tmp_path / "kobo.json"
    refused = {**dict.fromkeys(BASE[:1], ruleset.id), "_uuid": "b", "_validation_status": {"uid": status, "label": "x"}}
    as_json.write_text(json.dumps({"results": [refused]}, ensure_ascii=False), encoding="utf-8")
    none, problems = read_submissions(as_json, ruleset, DAY)
    assert not none and [p.code for p in problems] == ["W236"]


def picture(shade: int = 90) -> bytes:
    made = Image.effect_noise((64, 48), shade)
    out = io.BytesIO()
    made.convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def beimen(tmp_path: Path) -> Path:
    folder = tmp_path / "北门"
    shutil.copytree(ROOT / "data" / "beimen", folder)
    return folder


def bring(cli: Run, ruleset: Ruleset, tmp_path: Path, folder: Path, photo: str, media: Path | None, *more: str) -> Ran:
    path = tmp_path / "kobo.csv"
    path.write_text(kobo_csv(ruleset, [{BASE[5]: photo, "_uuid": UUID}]), encoding="utf-8")
    given = ["--media", str(media)] if media else []
    return cli("import", path, "--into", folder, *given, *more)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_photos_come_with_the_export_into_the_evidence(
    kind: str, cli: Run, ruleset: Ruleset, tmp_path: Path, beimen: Path
) -> None:
    media = tmp_path / "附件"
    right = media / "zhang" / "attachments" / "form" / UUID
    wrong = media / "zhang" / "attachments" / "form" / "another"
    for home, data in ((right, picture(90)), (wrong, picture(30))):
        home.mkdir(parents=True)
        (home / "1732070000000.jpg").write_bytes(data)
    if kind == "zip":
        media = Path(shutil.make_archive(str(tmp_path / "附件"), "zip", media))
    seen = bring(cli, ruleset, tmp_path, beimen, "1732070000000.jpg", media)
    assert seen.code == 0 and "1 张照片会登记" in seen.err and not (beimen / "evidence").exists()
    assert bring(cli, ruleset, tmp_path, beimen, "1732070000000.jpg", media, "--write").code == 0
    (piece,), chain = ledger(beimen)
    assert not chain.broken and (piece.fact, piece.by, piece.name) == ("potholes", "张三", "1732070000000.jpg")
    assert (beimen / piece.file).read_bytes() == (right / "1732070000000.jpg").read_bytes()
    assert open_folder(beimen).readings()["", "potholes"].evidence == (piece.file,)
    again = bring(cli, ruleset, tmp_path, beimen, "1732070000000.jpg", media, "--write")
    assert again.code == 0 and "没有要写的改动" in again.out and len(ledger(beimen)[0]) == 1


@pytest.mark.slow
def test_photos_that_come_later_join_the_answer(cli: Run, ruleset: Ruleset, tmp_path: Path, beimen: Path) -> None:
    first = bring(cli, ruleset, tmp_path, beimen, "IMG 1(2).jpg", None, "--write")
    assert first.code == 0 and "W235" in first.err and "--media" in first.err
    media = tmp_path / "media"
    media.mkdir()
    (media / "IMG_12.jpg").write_bytes(picture())
    assert bring(cli, ruleset, tmp_path, beimen, "IMG 1(2).jpg", media, "--write").code == 0
    (piece,), _ = ledger(beimen)
    reading = open_folder(beimen).readings()["", "potholes"]
    assert reading.evidence == (piece.file,) and reading.value == 7


@pytest.mark.many
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("../../../etc/passwd", b"", "E229"),
        ("..\\secret.jpg", b"", "E229"),
        ("notes.pdf", b"%PDF-1.7", "E224"),
        ("fake.jpg", b"<html>", "E225"),
        ("torn.jpg", b"\xff\xd8\xff\xe0broken", "E225"),
        ("missing.jpg", None, "W235"),
    ],
)
def test_what_is_no_photo_of_the_export_is_refused_and_the_answers_come(
    name: str, content: bytes | None, code: str, cli: Run, ruleset: Ruleset, tmp_path: Path, beimen: Path
) -> None:
    media = tmp_path / "media"
    media.mkdir()
    if content is not None and "/" not in name and "\\" not in name:
        (media / name).write_bytes(content)
    ran = bring(cli, ruleset, tmp_path, beimen, name, media, "--write")
    assert code in ran.err and ran.code == (0 if code.startswith("W") else 3)
    assert open_folder(beimen).readings()["", "potholes"].value == 7 and not ledger(beimen)[0]


def test_a_link_that_leads_out_is_not_followed(cli: Run, ruleset: Ruleset, tmp_path: Path, beimen: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(picture())
    media = tmp_path / "media"
    media.mkdir()
    os.symlink(tmp_path / "secret.jpg", media / "a.jpg")
    ran = bring(cli, ruleset, tmp_path, beimen, "a.jpg", media, "--write")
    assert ran.code == 3 and "E229" in ran.err and not ledger(beimen)[0]


@pytest.mark.slow
def test_hostile_zips(cli: Run, ruleset: Ruleset, tmp_path: Path, beimen: Path) -> None:
    pack = tmp_path / "m.zip"
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("../a.jpg", picture())
        made.writestr("/b.jpg", picture())
        made.writestr("huge.jpg", b"\xff\xd8\xff" + bytes(60_000_000))
    for name, code in (("a.jpg", "W235"), ("b.jpg", "W235"), ("huge.jpg", "E103")):
        assert code in bring(cli, ruleset, tmp_path, beimen, name, pack, "--write").err
    assert not ledger(beimen)[0]
    pack.write_bytes(b"PK not really")
    ran = bring(cli, ruleset, tmp_path, beimen, "a.jpg", pack, "--write")
    assert ran.code == 3 and "E101" in ran.err
    assert cli("import", tmp_path / "kobo.csv", "--into", beimen, "--media", tmp_path / "nowhere").code == 3


def test_the_same_name_twice_is_not_guessed(cli: Run, ruleset: Ruleset, tmp_path: Path, beimen: Path) -> None:
    media = tmp_path / "media"
    for part in ("一", "二"):
        (media / part).mkdir(parents=True)
        (media / part / "a.jpg").write_bytes(picture())
    ran = bring(cli, ruleset, tmp_path, beimen, "a.jpg", media, "--write")
    assert "W235" in ran.err and "分不清" in ran.err and not ledger(beimen)[0]


@pytest.mark.slow
def test_a_workbook_goes_from_the_export_into_the_record(
    cli: Run, ruleset: Ruleset, tmp_path: Path, beimen: Path
) -> None:
    answers = {RULESET: ruleset.id, COMMUNITY: "beimen", BY: "张三", ON: "2026-11-20"}
    answers |= {"potholes": "0", "potholes__note": "补好了", "potholes__photo": "p.jpg"}
    path = tmp_path / "kobo.xlsx"
    path.write_bytes(kobo_book(ruleset, answers, labels=True, groups=True, split="both"))
    pack = tmp_path / "附件.zip"
    with zipfile.ZipFile(pack, "w") as made:
        made.writestr(f"u/attachments/f/{UUID}/p.jpg", picture())
    ran = cli("import", path, "--into", beimen, "--media", pack, "--write")
    assert ran.code == 0, ran.err
    reading = open_folder(beimen).readings()["", "potholes"]
    assert (reading.value, reading.by, reading.note) == (0, "张三", "补好了")
    assert len(reading.evidence) == 1 and (beimen / reading.evidence[0]).is_file()
    assert cli("undo", beimen).code == 0 and open_folder(beimen).readings()["", "potholes"].value != 0
