"""Small stand-ins for model files, and places that offer them."""

import base64
import hashlib
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from daemon.fetch.model_file import ModelFile, Wheel

CONTENT = b"weights " * 500
WHEEL = Wheel("toymodels==1.0", "toymodels/resources", 10_000)


def published(name: str = "toy.onnx", content: bytes = CONTENT, *, site: str = "", member: str = "") -> ModelFile:
    """A file in `WHEEL`, and if `site` is the URL of a web server, there too."""
    url = f"{site}/{name}" if site else ""
    return ModelFile(name, len(content), hashlib.sha256(content).hexdigest(), "MIT", (WHEEL,), url, member)


@contextmanager
def web_server(files: Mapping[str, bytes]) -> Iterator[tuple[str, list[str]]]:
    """A server on loopback; gives its URL, and the paths asked for. What it does not have is answered with 404."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            content = files.get(self.path.lstrip("/"))
            self.send_response(404 if content is None else 200)
            self.end_headers()
            with suppress(ConnectionError):  # the client has heard enough
                self.wfile.write(content or b"<html>not found</html>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def write_wheel(folder: Path, members: Mapping[str, bytes], wheel: Wheel = WHEEL) -> Path:
    """A wheel that pip accepts, with `members` in the folder where its models are expected."""
    project, _, version = wheel.requirement.partition("==")
    distribution = project.replace("-", "_")
    info = f"{distribution}-{version}.dist-info"
    contents = {
        **{f"{wheel.folder}/{name}": content for name, content in members.items()},
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nTag: py3-none-{wheel.platform}\n".encode(),
    }
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in contents.items())
    path = folder / f"{distribution}-{version}-py3-none-{wheel.platform}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**contents, f"{info}/RECORD": record.encode()}.items():
            archive.writestr(name, content)
    return path


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
