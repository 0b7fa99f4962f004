"""What a lab server answers with when it is no OpenFlow controller: enough to satisfy its health check.

usage: responder.py tcp|tls|http PORT [STATUS]    tcp and tls echo every byte; http answers STATUS to every request.
"""

import asyncio
import os
import resource
import socket
import ssl
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Connections that wait to be accepted.
BACKLOG = 1024


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


class Answer(BaseHTTPRequestHandler):
    status = 200

    def answer(self):
        body = f"{socket.gethostname()}\n".encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_OPTIONS = answer


class Server(ThreadingHTTPServer):
    address_family = socket.AF_INET6  # "::" takes IPv4 as well
    request_queue_size = BACKLOG


async def echo(port, tls):
    """One thread for all: a machine of the lab may have thousands of sessions."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Echo, None, port, backlog=BACKLOG, ssl=tls)
    await server.serve_forever()


def self_signed():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as directory:
        key, certificate = os.path.join(directory, "key.pem"), os.path.join(directory, "cert.pem")
        make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        name = ["-subj", f"/CN={socket.gethostname()}", "-days", "365", "-keyout", key, "-out", certificate]
        subprocess.run(make + name, check=True, capture_output=True)
        context.load_cert_chain(certificate, key)
    return context


def main(kind, port, status="200"):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if kind == "http":
        Answer.status = int(status)
        with Server(("::", int(port)), Answer) as server:
            server.serve_forever()
    else:
        asyncio.run(echo(int(port), self_signed() if kind == "tls" else None))


if __name__ == "__main__":
    main(*sys.argv[1:])
