"""Where tables and results lie as files: on this machine's disks, or as ``s3://bucket/key`` in a storage service.

The service is reached through Arrow's own file system. Its keys come from the environment of whoever opens a file
(``AWS_ACCESS_KEY_ID`` …) and are never part of an address.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeAlias

import pyarrow as pa

from checklist.model.refusals import unreadable
from checklist.model.regular_files import open_regular, put_in_place

SCHEME: Final = "s3://"
_SAYS: Final = (
    (("NETWORK_CONNECTION", "REQUEST_TIMEOUT", "curlCode"), "连不上存储服务，看看网络和 AWS_ENDPOINT_URL 写的地址"),
    (
        ("ACCESS_DENIED", "INVALID_ACCESS_KEY", "SIGNATURE", "TOKEN", "HTTP status 401", "HTTP status 403"),
        "存储服务不认密钥，或没有权限，看看环境变量 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY",
    ),
    (("NO_SUCH_BUCKET",), "存储服务上没有这个桶"),
)


@dataclass(frozen=True, slots=True, order=True)
class Stored:
    """One object of a storage service, or all that lie below it. ``path`` begins with the bucket; ``endpoint`` is the
    service's address where it is not Amazon's."""

    path: PurePosixPath
    endpoint: str = ""

    def __str__(self) -> str:
        return f"{SCHEME}{self.path}"

    def __truediv__(self, name: str) -> Stored:
        return Stored(self.path / name, self.endpoint)

    def with_name(self, name: str) -> Stored:
        return Stored(self.path.with_name(name), self.endpoint)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def stem(self) -> str:
        return self.path.stem

    @property
    def suffix(self) -> str:
        return self.path.suffix

    @property
    def parts(self) -> tuple[str, ...]:
        return self.path.parts

    @property
    def parent(self) -> Stored:
        return Stored(self.path.parent, self.endpoint)

    def exists(self) -> bool:
        return self.kind() != "NotFound"

    def is_dir(self) -> bool:
        return self.kind() == "Directory"

    def kind(self) -> str:
        """``File``, ``Directory`` or ``NotFound``. Raises Refusal."""
        with refusals_of(self):
            return str(self.service.get_file_info(str(self.path)).type.name)

    @property
    def service(self) -> Any:
        return _service(self.endpoint)


File: TypeAlias = Path | Stored


def stored(text: str, endpoint: str = "") -> Stored | None:
    """The object that a text names; None when it names something else. Raises Refusal for keys in the address."""
    if not text.startswith(SCHEME):
        return None
    path = PurePosixPath(text.removeprefix(SCHEME))
    if not path.parts or path.is_absolute():
        raise unreadable("s3:// 后面写桶的名字和路径，如 s3://桶/总表.parquet", "")
    if "@" in path.parts[0] or ":" in path.parts[0]:
        raise unreadable("密钥不写在地址里，用环境变量 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY", "")
    return Stored(path, endpoint)


def files_below(folder: File) -> list[Any]:
    """Every file in a folder and below, in order."""
    if isinstance(folder, Path):
        return sorted(path for path in folder.rglob("*") if path.is_file())
    from pyarrow.fs import FileSelector, FileType

    with refusals_of(folder):
        found = folder.service.get_file_info(FileSelector(str(folder.path), recursive=True))
    return sorted(Stored(PurePosixPath(i.path), folder.endpoint) for i in found if i.type == FileType.File)


def opened_file(file: File, *, mapped: bool = False) -> Any:
    """An Arrow file to read anywhere in. ``mapped`` shares the disk's memory instead of copying."""
    if isinstance(file, Stored):
        return file.service.open_input_file(str(file.path))
    open_regular(file).close()  # Arrow would wait at a pipe
    return pa.memory_map(str(file)) if mapped else pa.OSFile(str(file))


def new_file(file: File) -> Any:
    """An Arrow file to write. In a storage service it is not there before it is closed."""
    if isinstance(file, Stored):
        return file.service.open_output_stream(str(file.path))
    return pa.OSFile(str(file), "wb")


def moved(file: Any, to: File) -> None:
    """Put a whole file in its place, in one step. Raises OSError or Refusal."""
    if isinstance(to, Stored):
        with refusals_of(to):
            to.service.copy_file(str(file.path), str(to.path))
            to.service.delete_file(str(file.path))
        return
    with open(file, "rb+") as written:
        os.fsync(written.fileno())
    put_in_place(file, to)


def removed(place: File) -> None:
    """Take away a file, or a folder with all below it, if it is there. Raises OSError or Refusal."""
    if isinstance(place, Stored):
        kind = place.kind()
        if kind != "NotFound":
            (place.service.delete_dir if kind == "Directory" else place.service.delete_file)(str(place.path))
    elif place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


@contextmanager
def refusals_of(place: File) -> Iterator[None]:
    """What a storage service refuses inside is raised as a Refusal; a disk's own errors pass."""
    try:
        yield
    except OSError as error:
        if isinstance(place, Path):
            raise
        raise unreadable(f"{place}：{service_says(error) or error}", "") from error


def service_says(error: BaseException) -> str:
    """A service's complaint in Chinese; "" for an error that is none."""
    text = str(error)
    if "AWS Error" not in text:
        return ""
    said = text.split("AWS Error", 1)[1].split(" (Request ID")[0].strip()
    return next((says for marks, says in _SAYS if any(mark in text for mark in marks)), f"存储服务说：{said[:200]}")


@cache
def _service(endpoint: str) -> Any:
    from pyarrow.fs import S3FileSystem

    return S3FileSystem(endpoint_override=endpoint or None)
