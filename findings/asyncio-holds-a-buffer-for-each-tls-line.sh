#!/usr/bin/env bash
# Two hundred idle connections to a server of asyncio's streams, plain and by TLS, and what each adds to the resident memory of
# the server's process; and the same on uvloop, whose TLS asyncio took over in Python 3.11.
#
# The good guess: a connection by TLS costs what OpenSSL needs, some 50 kB, on both loops alike; nothing waits to be read, and
# start_server's `limit`, which bounds what a stream buffers, is 64 KiB.
# Seen with Python 3.11.7 and uvloop 0.22.1: about 50 kB on uvloop, and 280 kB on asyncio. Both set 256 KiB aside for each
# connection before the first byte comes; uvloop's are never touched until they are needed, but asyncio's are a bytearray,
# which fills itself with zeros and so is resident at once and for as long as the line is open. No argument makes it smaller.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet uvloop==0.22.1
cd "$folder"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout key.pem -out cert.pem 2>/dev/null
cat >server.py <<'PYTHON'
import asyncio, importlib, ssl, sys


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("cert.pem", "key.pem")
    idle = lambda reader, writer: reader.read()
    servers = [await asyncio.start_server(idle, "127.0.0.1", 0, ssl=way) for way in (None, context)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.Event().wait()


with asyncio.Runner(loop_factory=importlib.import_module(sys.argv[1]).new_event_loop) as runner:
    runner.run(main())
PYTHON
"$folder/venv/bin/python" - <<'PYTHON'
import socket, ssl, subprocess, sys, time
from pathlib import Path


def each(loop, tls, context=ssl.create_default_context(cafile="cert.pem")):
    """What a connection adds to the server, in kB, when the first ones are there."""
    with subprocess.Popen([sys.executable, "server.py", loop], stdout=subprocess.PIPE, text=True) as server:
        address, lines, sizes = ("127.0.0.1", int(server.stdout.readline().split()[tls])), [], []
        for count in (20, 200):
            for _ in range(count):
                line = socket.create_connection(address)
                lines.append(context.wrap_socket(line, server_hostname="localhost") if tls else line)
            time.sleep(1)
            sizes.append(int(Path(f"/proc/{server.pid}/status").read_text().split("\nVmRSS:")[1].split()[0]))
        server.kill()
    return (sizes[1] - sizes[0]) / 200


found = {loop: [each(loop, tls) for tls in (False, True)] for loop in ("asyncio", "uvloop")}
print(f"Python {sys.version.split()[0]}, {ssl.OPENSSL_VERSION}")
for loop, (plain, tls) in found.items():
    print(f"{loop}: {plain:.0f} kB for a plain connection, {tls:.0f} kB by TLS")
if found["asyncio"][1] < 200 or found["uvloop"][1] > 120 or max(found["asyncio"][0], found["uvloop"][0]) > 30:
    sys.exit("this has changed")
PYTHON
