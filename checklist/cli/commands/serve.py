"""``checklist serve``: the phone form of one community, on this computer or on the office network."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from checklist.cli.console import Exit, tell, usage
from checklist.cli.inputs import community_folder, now, today
from checklist.model.refusals import Refusal, missing_extra, reason
from checklist.model.regular_files import open_regular
from checklist.reports.document.prose import on_one_line

PORT: Final = 8765
"""Always the same: a phone keeps its answers under the address, port included."""


def run(
    community: Annotated[Path, typer.Argument(metavar="社区文件夹", help="checklist init 建的文件夹")],
    lan: Annotated[bool, typer.Option("--lan", help="让同一网络里的手机也能打开（默认只有本机）")] = False,
    port: Annotated[int, typer.Option("--port", metavar="端口", min=1, max=65535, help="每次都用同一个")] = PORT,
    keep_position: Annotated[bool, typer.Option("--keep-position", help="保留照片里的拍摄位置")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="范围", help="只走一部分，写法同 form 的 --only；可写几次，都要符合"),
    ] = None,
    new_link: Annotated[bool, typer.Option("--new-link", help="换一个链接，旧的作废")] = False,
    qr: Annotated[Path | None, typer.Option("--qr", metavar="文件", help="二维码另存为 .png 或 .svg")] = None,
    cert: Annotated[
        Path | None, typer.Option("--cert", metavar="文件", help="https 证书（.pem），和 --key 一起用")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="文件", help="https 私钥（.pem）")] = None,
) -> int:
    """手机填报：打印二维码，手机扫码后边走边填，没有网络也能填，有网络时自动传回来存进社区文件夹。

    按 Ctrl+C 停下。停下以后手机里没传的答案还在，下次再开会接着传。
    """
    try:
        import segno  # noqa: F401
        import uvicorn  # noqa: F401
        from PIL import Image  # noqa: F401

        from checklist.web.app import build_app
        from checklist.web.board import begin_walk
        from checklist.web.desk import Desk
    except ModuleNotFoundError as missing:
        raise missing_extra(missing.name or "", "web") from None
    from checklist.keeping.history import writing
    from checklist.web.link import open_link

    check_certificate(cert, key)
    if qr is not None and qr.suffix.lower() not in (".png", ".svg"):
        usage("二维码只能存成 .png 或 .svg")
    folder = community_folder(community)
    walk = begin_walk(folder, today(), only or ())
    if not walk.facts:
        tell("没有要填的项")
        return Exit.NOTHING
    with writing(community):  # what a killed writer left is put in order before phones read it
        link = open_link(community, fresh=new_link)
    app = build_app(Desk(community, folder.ruleset, now, keep_position, walk), link, secure=cert is not None)
    listening = listen("0.0.0.0" if lan else "127.0.0.1", port)
    scheme = "https" if cert else "http"
    addresses = lan_addresses() if lan else ["127.0.0.1"]
    links = [f"{scheme}://{address}:{port}{link.path}" for address in addresses]
    if walk.words:
        tell(f"只走 {'、'.join(walk.words)}：{len(walk.facts)} 项")
    announce(on_one_line(folder.community.name), links, lan, cert is not None)
    if qr is not None:
        save_qr(links[0], qr)
    return serve(app, listening, cert, key)


def check_certificate(cert: Path | None, key: Path | None) -> None:
    """Both or neither, and they belong together."""
    if cert is None and key is None:
        return
    if cert is None or key is None:
        usage("--cert 和 --key 要一起写")
    import ssl

    try:
        for file in (cert, key):
            open_regular(file).close()
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except OSError as error:
        usage(f"证书或私钥用不了：{reason(error)}", "看看 --cert 和 --key 的文件对不对")


def listen(address: str, port: int) -> socket.socket:
    """The socket, or the reason why not; another port would cut phones off from the answers that they keep."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise Refusal(
            f"端口 {port} 用不了：{reason(error)}",
            f"可能已经开着一个填报窗口，先关掉；确实要换就加 --port {port + 1}（手机要重新扫码，没传完的先用原端口传完）",
        ) from None
    return listening


def lan_addresses() -> list[str]:
    """This computer's addresses on its networks, the one that leads out first."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("10.255.255.255", 9))  # nothing is sent: only the route is looked up
        found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    kept = [address for address in dict.fromkeys(found) if not address.startswith(("127.", "0."))]
    if not kept:
        raise Refusal("这台电脑没有连上网络，手机打不开", "连上办公室的网络再试，或去掉 --lan 只在本机用")
    return kept


def announce(name: str, links: list[str], lan: bool, secure: bool) -> None:
    """What the person at the computer needs; the link is the result and goes to stdout."""
    from checklist.web.qr import qr_text

    tell(f"{name} 手机填报\n")
    print(qr_text(links[0], colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR")), flush=True)
    print("\n".join(links), flush=True)
    if lan:
        tell("\n手机连同一个网络，扫码打开。链接等于钥匙，只发给填报的人。按 Ctrl+C 停下。")
        tell("打不开时看看防火墙是不是拦了，手机是不是连的同一个网络。")
        if not secure:
            tell("这个地址不是 https：答案没网时照样存在手机里，但没网时别刷新、别关页面（见 docs/phone.md）。")
    else:
        tell("\n现在只有本机能打开。要让同一网络的手机扫码，加 --lan。按 Ctrl+C 停下。")


def save_qr(link: str, path: Path) -> None:
    from io import BytesIO

    import segno

    from checklist.files.writing import write_atomic

    out = BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind=path.suffix[1:].lower(), scale=8, border=4)
    write_atomic(path, out.getvalue())
    tell(f"二维码已存 {path}")


def serve(app: Any, listening: socket.socket, cert: Path | None, key: Path | None) -> int:
    """Until it is stopped; nothing waits to be saved then, because answers are saved before they are confirmed."""
    import uvicorn

    from checklist.web.connections import HEAD_SECONDS, PatientProtocol

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        http=PatientProtocol,
        ws="none",
        timeout_keep_alive=int(HEAD_SECONDS),
        timeout_graceful_shutdown=5,
        ssl_certfile=cert,
        ssl_keyfile=key,
    )
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
    tell("停了。已经传到的答案都存好了；手机里没传的，下次再开会接着传。")
    return Exit.DONE


COMMANDS = {"serve": run}
