"""An S3-compatible storage service on loopback, which can be told to refuse."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

SECRET = "wJalrXUtnFEMI-never-to-be-shown"
REFUSED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'


def nothing_refused(method: str, path: str, copies: bool) -> bool:
    return False


@dataclass
class Service:
    """``refuses`` is asked for every request: its method, its path with its question, whether it copies an object."""

    endpoint: str = ""
    refuses: Callable[[str, str, bool], bool] = nothing_refused

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": "AKIATEST",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def files(self, folder: str) -> dict[str, bytes]:
        """Every object below a folder of a bucket."""
        from pyarrow.fs import FileSelector, FileType, S3FileSystem

        there = S3FileSystem(endpoint_override=self.endpoint, access_key="AKIATEST", secret_key=SECRET)
        found = there.get_file_info(FileSelector(folder, recursive=True))
        return {i.path: there.open_input_file(i.path).readall() for i in found if i.type == FileType.File}

    def put(self, path: str, data: bytes) -> None:
        from pyarrow.fs import S3FileSystem

        there = S3FileSystem(
            endpoint_override=self.endpoint, access_key="AKIATEST", secret_key=SECRET, allow_bucket_creation=True
        )
        there.create_dir(path.split("/")[0])
        with there.open_output_stream(path) as file:
            file.write(data)


@contextmanager
def storage_service() -> Iterator[Service]:
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    service = Service()
    answers = DomainDispatcherApplication(create_backend_app)

    def application(environ: dict[str, Any], start: Any) -> Any:
        asked = environ["PATH_INFO"] + "?" + environ["QUERY_STRING"]
        if service.refuses(environ["REQUEST_METHOD"], asked, "HTTP_X_AMZ_COPY_SOURCE" in environ):
            start("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(REFUSED)))])
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [REFUSED]
        return answers(environ, start)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, application, threaded=True)
    service.endpoint = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
