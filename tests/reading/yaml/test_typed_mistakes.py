"""What people type into YAML: the message names the cause, its place, and what to type instead."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from pathlib import Path

import pytest

from checklist.reading.yaml.yaml_file import parse_yaml
from tests.conftest import Run
from tests.support.places import ROOT

HEAD = "community: {id: x, name: 测试社区}\nruleset: civilized-city-community\nas_of: 2026-03-01\nfacts:\n"
QUOTED = "整句话用英文双引号括起来"
CAUSES = [
    ("  a: 1\n\u00a0\u00a0b: 2\n", (6, 1), "不间断空格（U+00A0）", "英文（半角）空格"),
    ("\u00a0\u00a0households: 2130\n", (5, 1), "不间断空格（U+00A0）", "英文（半角）空格"),
    ("\u3000\u3000households: 2130\n", (5, 1), "全角空格（U+3000）", "英文（半角）空格"),
    ("  a: 1\n \u3000b: 2\n", (6, 2), "全角空格（U+3000）", "英文（半角）空格"),
    ("  \u200bhouseholds: 2130\n", (5, 3), "看不见的字符（U+200B）", "重新缩进"),
    ("  households:\u00a02130\n", (5, 3), "不间断空格（U+00A0）", "英文（半角）空格"),
    ("\thouseholds: 1\n", (5, 1), "制表符", "空格"),
    ("<<<<<<< HEAD\n  a: 1\n=======\n  a: 2\n>>>>>>> main\n", (5, 1), "Git 合并冲突", "第 5、7、9 行"),
    ("  a: 1\n=======\n  b: 2\n", (6, 1), "Git 合并冲突", "第 6 行"),
    ("  a: {value: 1, note: 看了 #3 楼}\n", (5, 26), "“#”前面有空格", QUOTED),
    ("  a: {value: 1, note: 看了 # 3号楼}\n  b: 2\n", (5, 26), "“#”前面有空格", QUOTED),
    ("  a: {value: 40, note: 备注：有: 冒号}\n", (5, 28), "文字里有“: ”", QUOTED),
    ("  a: 备注: 有冒号\n", (5, 8), "文字里有“: ”", QUOTED),
    ("  a: {value: 40，note: 好}\n", (5, 16), "中文标点“，”", "英文逗号"),
    ("  a: {value: 40；note: 好}\n", (5, 16), "中文标点“；”", "英文逗号"),
    ("  a: {value: 40、note: 好}\n", (5, 16), "中文标点“、”", "英文逗号"),
    ("  a: {value：40}\n", (5, 7), "中文冒号", "“: ”"),
    ("  a：40\n", (5, 3), "中文冒号", "“: ”"),
    ("  a：40\n  b: 2\n", (5, 4), "中文冒号", "“: ”"),
    ("  a: {value:40}\n", (5, 7), "冒号后面少了空格", "名称: 值"),
    ("  a:40\n", (5, 3), "冒号后面少了空格", "名称: 值"),
    ("  a: ｛value: 1｝\n", (5, 6), "中文括号“｛”", "英文括号 {"),
    ("  a: {value: 1）\n", (5, 15), "中文括号“）”", "英文括号 }"),
    ("  a: {value: 1｝\n  b: 2\n", (5, 15), "中文括号“｝”", "英文括号 }"),
    ("  a: {value: 1, note: “有, 逗: 号”}\n", (5, 17), "中文引号", "英文双引号"),
    ("  a: {value: 1, note: 他说“南门, 北门”好}\n", (5, 30), "逗号把“北门”好”断开了，中文引号不算引号", QUOTED),
    ("  a: {value: 1, note: 南门, 北门}\n", (5, 27), "英文逗号把“北门”断开了", "中文逗号"),
    ("  a: {value: 2,130}\n", (5, 16), "数字里的逗号把“130”断开了", "去掉逗号"),
    ("  a: {value: 2,130, note: 南门}\n", (5, 16), "数字里的逗号把“130”断开了", "去掉逗号"),
    ('  a: {value: 1, note: "\\ud83d"}\n', (5, 24), "\\ud83d 只是半个字符", "\\U0001f600"),
    ('  a: {value: 1, note: "C:\\work"}\n', (5, 26), "\\w 不是 YAML 的写法", "单引号"),
    ("  a: {value: 1, note: @某人}\n", (5, 23), "“@”在 YAML 里有别的意思", QUOTED),
    ("  a: *重要\n", (5, 6), "“*”在 YAML 里有别的意思", QUOTED),
    ("  a: 'x'乙\n", (5, 9), "引号后面还有字", "一对英文引号"),
    ('  a: "甲\n  b: 2\n', (5, 6), "英文双引号没有配对", '补上 "'),
    ("  a: {value: 1\n  b: 2\n", (5, 6), "括号没有配对", "补上"),
    ("  a: 1\n   b: 2\n", (6, 4), "缩进 3 格，上一行缩进 2 格", "一样多"),
    ("＃ 备注\n  a: 1\n", (5, 1), "全角井号", "英文 #"),
    ("  a: 甲\x08乙\n", (5, 7), "控制字符 U+0008", "删掉"),
    ("  a: 甲\x00乙\n", (5, 7), "控制字符 U+0000", "删掉"),
]


@pytest.mark.many
@pytest.mark.parametrize(("typed", "place", "says", "way_out"), CAUSES, ids=[repr(c[0])[:40] for c in CAUSES])
def test_the_cause_its_place_and_the_way_out(
    typed: str, place: tuple[int, int], says: str, way_out: str, cli: Run, tmp_path: Path
) -> None:
    path = tmp_path / "现状.yaml"
    path.write_bytes((HEAD + typed).encode())
    ran = cli("check", path, "--format", "json")
    first = json.loads(ran.out)["problems"][0]
    assert (first["line"], first["column"]) == place
    assert says in first["says"] and way_out in first["hint"] and first["code"] in ("E111", "E102")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("a: 三号楼#2 门口", "三号楼#2 门口"),
        ("a: 备注：有冒号，有逗号、顿号；分号", "备注：有冒号，有逗号、顿号；分号"),
        ("a: “引号”开头的话", "“引号”开头的话"),
        ("a: （括号）【括号】", "（括号）【括号】"),
        (
            "a: |\n  \u3000\u3000第一段\n  <<<<<<< 不是冲突\n  \u3000\u3000第二段",
            "\u3000\u3000第一段\n<<<<<<< 不是冲突\n\u3000\u3000第二段",
        ),
        ('a: "\\U0001f600 # 甲: 乙"', "\U0001f600 # 甲: 乙"),
        ("a: {b: “有引号”, c: 3}", {"b": "“有引号”", "c": 3}),
        ("“甲”: 1", None),
        ("a: ２１３０", 2130),
        ("a: \u200e2130", 2130),
        ("a: 2130\u00a0", 2130),
        ("a: －５", -5),
        ("a: ２０２６－０３－０１", datetime.date(2026, 3, 1)),
        ("a: ２号楼", "２号楼"),
        ("a: ￥5", "￥5"),
        ("a: '２１３０'", "２１３０"),
        ("a: 2026-03-01", datetime.date(2026, 3, 1)),
    ],
)
def test_ordinary_words_stay_what_they_are(typed: str, value: object) -> None:
    document = parse_yaml(typed, "x")
    assert document.problems == [] and document.data == {"a" if value else "“甲”": value or 1}


@pytest.mark.parametrize(
    "written", ['as_of: "2026-03-01"', "as_of: “2026-03-01”", "as_of: '2026年3月1日'", "as_of: 2026-03-01"]
)
def test_a_day_in_quotes_is_that_day(written: str, cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "现状.yaml"
    facts = '  office_area_m2: {value: 60, on: "2026-02-01"}\n  implementation_plan_date: {value: "2026-02-01"}\n'
    path.write_text(HEAD.replace("as_of: 2026-03-01", written) + facts, encoding="utf-8")
    assert (ran := cli("check", path)).code == 0 and "没有发现错误" in ran.out


def test_a_choice_is_told_in_chinese(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    text = (ROOT / "rules" / "complete-community" / "facts.yaml").read_text(encoding="utf-8")
    for path in (ROOT / "rules" / "complete-community").glob("*.yaml"):
        (tmp_path / "a" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "a" / "facts.yaml").write_text(re.sub("type: count", "type: 数字", text, count=1), encoding="utf-8")
    told = cli("check", tmp_path / "a").out
    assert "E205" in told and "count、" in told and " or " not in told and "'" not in told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("facts: {}\n", ["E202 缺少 community", "E202 缺少 ruleset", "E202 缺少 as_of"]),
        ("community: {}\n", ["E202 缺少 id", "E202 缺少 name", "E202 缺少 ruleset", "E202 缺少 as_of"]),
    ],
)
def test_all_that_is_missing_is_told_at_once(typed: str, told: list[str], cli: Run, tmp_path: Path) -> None:
    (tmp_path / "现状.yaml").write_text(typed, encoding="utf-8")
    found = json.loads(cli("check", tmp_path / "现状.yaml", "--format", "json").out)["problems"]
    assert sorted(f"{p['code']} {p['says']}" for p in found) == sorted(told)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("at_most: {A: 九成, B: 1}", "这里要填数字或百分数"),
        ('at_most: {A: "95％", B: 1}', "这里要填数字或百分数"),
        ("flag: 红线\n  at_most: {A: 0, B: 1}", "“红线”不在可选范围"),
    ],
)
def test_one_mistake_is_told_once(written: str, says: str, cli: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "bad" / "rules" / "clean", folder := tmp_path / "small")
    criterion = folder / "M.yaml"
    text = re.sub(r"at_most: .*", written, criterion.read_text(encoding="utf-8"), count=1)
    criterion.write_text(text, encoding="utf-8")
    (problem,) = json.loads(cli("check", folder, "--format", "json").out)["problems"]
    assert says in problem["says"]
