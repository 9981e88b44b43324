"""The web application of one community folder. Everything lies under ``/<key>/``, so that a phone which fills in for
two communities keeps their answers apart."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from checklist.keeping.pictures import NotAPicture
from checklist.model.problems import FilesHaveProblems
from checklist.model.refusals import Refusal
from checklist.web.answers import LATEST
from checklist.web.desk import Desk, in_words
from checklist.web.guard import COOKIE, COOKIE_DAYS, Headers, TooMuch, body_of, has_cookie, has_token, may_write
from checklist.web.link import Link
from checklist.web.pictures import LARGEST_FILE

MOST_ANSWERS: Final = 200
"""In one sending."""
LARGEST_BATCH: Final = 1_000_000
"""Bytes of JSON."""
SHELL_SECONDS: Final = 7 * 86_400
"""How long a browser may show the page without asking: where service workers are not allowed (plain http on the
office network) this is what opens the page again without a network. It holds nothing but the community's name."""

_HERE: Final = Path(__file__).parent
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
_FOREVER: Final = "public, max-age=31536000, immutable"
Endpoint = Callable[[Request], Awaitable[Response]]


def load_static() -> dict[str, bytes]:
    """Every file of the page by name. Only these names are ever served: no path from outside is opened."""
    return {p.name: p.read_bytes() for p in sorted((_HERE / "static").iterdir()) if p.suffix in _TYPES}


@dataclass(frozen=True, slots=True)
class WebSite:
    """The routes of one folder. ``secure``: served by https, so cookies may be marked so."""

    desk: Desk
    link: Link
    secure: bool
    static: dict[str, bytes]
    version: str
    templates: jinja2.Environment
    decoding: asyncio.Semaphore

    def routes(self) -> list[Route]:
        base = f"/{self.link.key}"
        return [
            Route("/", self.front),
            Route("/healthz", healthy),
            Route("/page.css", self.style),
            Route(f"{base}/", self.page),
            Route(f"{base}/sw.js", self.worker),
            Route(f"{base}/manifest.webmanifest", self.inside(self.manifest)),
            Route(f"{base}/s/{{version}}/{{name}}", self.file),
            Route(f"{base}/api/board", self.inside(self.board)),
            Route(f"{base}/api/answers", self.writing(self.answers), methods=["POST"]),
            Route(f"{base}/api/photos", self.writing(self.photos), methods=["POST"]),
        ]

    def inside(self, endpoint: Endpoint) -> Endpoint:
        """Only for those whom the link let in; everything that can go wrong becomes a sentence."""

        async def guarded(request: Request) -> Response:
            if not has_cookie(request, self.link):
                return _says("这个链接已经失效，请重新扫二维码。没传的答案还在手机里。", 401)
            try:
                return await endpoint(request)
            except (Refusal, FilesHaveProblems, OSError) as error:
                return _says(in_words(error), 503)
            except ClientDisconnect:
                return Response(status_code=400)

        return guarded

    def writing(self, endpoint: Endpoint) -> Endpoint:
        async def own(request: Request) -> Response:
            if not may_write(request):
                return _says("这个请求不是从填报页面来的", 403)
            return await endpoint(request)

        return self.inside(own)

    async def style(self, request: Request) -> Response:
        """For those without a link: how the refusal looks, nothing else."""
        return Response(self.static["page.css"], media_type=_TYPES[".css"])

    async def front(self, request: Request) -> Response:
        return self.html("refused.html", 404)

    async def page(self, request: Request) -> Response:
        """The link's token is exchanged for a cookie and taken out of the address."""
        if has_token(request, self.link):
            inside = RedirectResponse(f"/{self.link.key}/", 303)
            age = COOKIE_DAYS * 86_400
            path = f"/{self.link.key}/"
            inside.set_cookie(
                COOKIE, self.link.token, age, path=path, httponly=True, samesite="lax", secure=self.secure
            )
            return inside
        if not has_cookie(request, self.link):
            return self.html("refused.html", 403)
        response = self.html("page.html", 200, name=await self.name(), key=self.link.key, version=self.version)
        response.headers["cache-control"] = f"private, max-age={SHELL_SECONDS}"
        return response

    async def worker(self, request: Request) -> Response:
        names = [f"s/{self.version}/{name}" for name in self.static if name != "sw.js"]
        head = f"const VERSION = {json.dumps(self.version)};\nconst FILES = {json.dumps(names)};\n"
        return Response(head.encode("utf-8") + self.static["sw.js"], media_type=_TYPES[".js"])

    async def manifest(self, request: Request) -> Response:
        name = await self.name()
        icons = [
            {"src": f"s/{self.version}/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ]
        told = {
            "name": f"{name} 创城自查填报",
            "short_name": name[:12],
            "lang": "zh-CN",
            "display": "standalone",
            "start_url": f"./?t={self.link.token}",
            "scope": "./",
            "background_color": "#ffffff",
            "theme_color": "#0b5c3b",
            "icons": icons,
        }
        return JSONResponse(told, media_type="application/manifest+json")

    async def file(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self.static:
            return Response(status_code=404)
        current = request.path_params["version"] == self.version
        headers = {"cache-control": _FOREVER if current else "no-store"}
        return Response(self.static[name], media_type=_TYPES[Path(name).suffix], headers=headers)

    async def board(self, request: Request) -> Response:
        told = await run_in_threadpool(self.desk.board, request.query_params.get("v", ""))
        return JSONResponse({**told, "page": self.version})

    async def answers(self, request: Request) -> Response:
        try:
            raw = json.loads(await body_of(request, LARGEST_BATCH))
            phone, given = raw["now"], raw["answers"]
        except TooMuch:
            return _says("一次传得太多，分几次传", 413)
        except (ValueError, KeyError, TypeError, RecursionError):
            return _says("传来的内容看不懂，请刷新页面", 400)
        if (
            type(phone) is not int
            or not 0 <= phone <= LATEST
            or not isinstance(given, list)
            or len(given) > MOST_ANSWERS
        ):
            return _says("传来的内容看不懂，请刷新页面", 400)
        return JSONResponse(await run_in_threadpool(self.desk.take, given, phone))

    async def photos(self, request: Request) -> Response:
        try:
            data = await body_of(request, LARGEST_FILE)
            site, fact, by = (request.query_params.get(name, "")[:80] for name in ("site", "fact", "by"))
            async with self.decoding:  # decoding takes memory: one at a time
                return JSONResponse(await run_in_threadpool(self.desk.photo, data, (site, fact), by))
        except TooMuch:
            return _says(f"照片太大，最多 {LARGEST_FILE // 1_000_000} MB", 413)
        except NotAPicture as reason:
            return _says(str(reason), 422)

    async def name(self) -> str:
        """The page opens even while the record is broken: the phone still holds answers."""
        try:
            return (await run_in_threadpool(self.desk.folder)).community.name
        except (FilesHaveProblems, OSError):
            return "社区"

    def html(self, template: str, status: int, **values: Any) -> Response:
        text = self.templates.get_template(template).render(**values)
        return Response(text, status, media_type="text/html")


def build_app(desk: Desk, link: Link, *, secure: bool = False) -> Starlette:
    """The application for one folder and its link."""
    static = load_static()
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True)
    digest = hashlib.sha256(b"".join(static.values()) + (_HERE / "templates" / "page.html").read_bytes())
    site = WebSite(desk, link, secure, static, digest.hexdigest()[:12], templates, asyncio.Semaphore(1))
    return Starlette(routes=site.routes(), middleware=[Middleware(Headers)], exception_handlers={Exception: broken})


async def healthy(request: Request) -> Response:
    return Response("ok", media_type="text/plain")


async def broken(request: Request, error: Exception) -> Response:
    """Our own mistake: the traceback goes to the server's log, the phone keeps its answers."""
    return _says("电脑上的程序出错了，答案还在手机里，会再传。请告诉管电脑的人看窗口里的提示。", 500)


def _says(text: str, status: int) -> Response:
    return JSONResponse({"says": text}, status)
