"""Tables and results in an S3-compatible storage service: the same bytes as on a disk, nothing half-written, no key told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv, feather

from checklist.cli.console import Exit
from tests.conftest import Run
from tests.support.storage_service import SECRET, Service, nothing_refused, storage_service

pytest.importorskip("moto.server", reason="pip install civic-checklist[dev]")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running() -> Iterator[Service]:
    with storage_service() as service:
        yield service


@pytest.fixture
def service(running: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Service:
    """The service that the environment names; we stand in the test's own folder."""
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    running.refuses = nothing_refused
    return running


@pytest.fixture
def bucket(request: pytest.FixtureRequest, service: Service, tmp_path: Path) -> str:
    """A bucket with ``in.parquet`` in three parts, which lies on the disk as well."""
    table = pa.table(
        {"community": [f"c{i:02}" for i in range(60)], "households": range(60), "office_area_m2": range(60)}
    )
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=10)
    name = f"bucket-{abs(hash(request.node.name)) % 10**8}"
    service.put(f"{name}/省/in.parquet", (tmp_path / "in.parquet").read_bytes())
    return name


def results(service: Service, bucket: str) -> dict[str, bytes]:
    return {name: data for name, data in service.files(bucket).items() if not name.startswith(f"{bucket}/省/")}


@pytest.mark.parametrize("kind", ["parquet", "arrow", "csv"])
def test_a_result_file_is_the_same_as_on_a_disk(cli: Run, service: Service, bucket: str, kind: str) -> None:
    there = cli("batch", f"s3://{bucket}/省/in.parquet", "-o", f"s3://{bucket}/结果/out.{kind}", "--rank")
    assert there.code == 0, there.err
    assert cli("batch", "in.parquet", "-o", f"out.{kind}", "--rank").code == 0
    assert results(service, bucket) == {f"{bucket}/结果/out.{kind}": Path(f"out.{kind}").read_bytes()}


@pytest.mark.parametrize("more", [(), ("--workers", "2"), ("--engine", "dask")])
def test_a_result_folder_is_the_same_as_on_a_disk(
    cli: Run, service: Service, bucket: str, more: tuple[str, ...]
) -> None:
    if "dask" in more:
        pytest.importorskip("distributed", reason="pip install civic-checklist[dask]")
    there = cli("batch", f"s3://{bucket}/省", "-o", f"s3://{bucket}/out", "--rank", *more)
    assert there.code == 0, there.err
    assert cli("batch", "in.parquet", "-o", "out", "--rank").code == 0
    assert results(service, bucket) == {f"{bucket}/out/{p.name}": p.read_bytes() for p in Path("out").iterdir()}
    again = cli("batch", f"s3://{bucket}/省", "-o", f"s3://{bucket}/out")
    assert again.code == Exit.USAGE and "已经有了" in again.err


def test_tables_of_every_kind_below_a_prefix(cli: Run, service: Service) -> None:
    table = pa.table({"community": ["甲", "乙"], "households": [5, 6]})
    csv.write_csv(table, "a.csv")
    feather.write_feather(table, "b.arrow")
    pq.write_table(table, "c.parquet")
    for name in ("a.csv", "b.arrow", "c.parquet"):
        service.put(f"kinds/街道={name[0]}/{name}", Path(name).read_bytes())
    ran = cli("batch", "s3://kinds", "-o", "out.parquet")
    assert ran.code == 0, ran.err
    assert pq.read_table("out.parquet").column("street").to_pylist() == ["a", "a", "b", "b", "c", "c"]
    assert cli("batch", "s3://kinds/街道=a/a.csv", "--explain", "2").code == 0


@pytest.mark.parametrize("out", ["out.parquet", "out"])
@pytest.mark.parametrize("after", [0, 1, 3])
@pytest.mark.parametrize("copies", [False, True])
def test_a_service_that_stops_taking_leaves_nothing_half_written(
    cli: Run, service: Service, bucket: str, out: str, after: int, copies: bool
) -> None:
    """It refuses every object, or every copy, after so many; what was there before stays."""
    taken = 0

    def refuses(method: str, path: str, is_copy: bool) -> bool:
        nonlocal taken
        if method not in ("PUT", "POST") or is_copy != copies or path.endswith("?delete"):
            return False
        taken += 1
        return taken > after

    service.refuses = refuses
    ran = cli("batch", f"s3://{bucket}/省/in.parquet", "-o", f"s3://{bucket}/{out}")
    service.refuses = nothing_refused
    left = results(service, bucket)
    assert SECRET not in ran.err + ran.out and "Traceback" not in ran.err
    if taken > after:
        assert ran.code == Exit.PROBLEMS and "不认密钥，或没有权限" in ran.err, ran.err
        assert not left
    else:
        assert ran.code == 0 and left


def test_what_is_wrong_is_told_and_no_key_is(
    cli: Run, service: Service, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = f"s3://{bucket}/省/in.parquet"
    told = {
        ("batch", f"s3://{bucket}/none.parquet", "-o", "o.parquet"): "没有 s3://",
        ("batch", table, "-o", "s3://no-such-bucket/o.parquet"): "没有这个桶",
        ("batch", table, "-o", f"s3://{bucket}"): "整个桶",
        ("batch", f"s3://AKIATEST:{SECRET}@{bucket}/省/in.parquet", "-o", "o.parquet"): "密钥不写在地址里",
        ("batch", "s3://", "-o", "o.parquet"): "桶的名字",
        ("batch", f"s3://{bucket}/省/in.xlsx", "-o", "o.parquet"): "没有 s3://",
    }
    for arguments, says in told.items():
        ran = cli(*arguments)
        assert ran.code in (Exit.PROBLEMS, Exit.USAGE) and says in ran.err, (arguments, ran)
        assert SECRET not in ran.err + ran.out
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    ran = cli("batch", table, "-o", "o.parquet")
    assert ran.code == Exit.PROBLEMS and "连不上存储服务" in ran.err and SECRET not in ran.err
    assert not Path("o.parquet").exists()
