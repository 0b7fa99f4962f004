"""What a lab server answers with when it is no OpenFlow controller: enough to satisfy its health check.

usage: responder.py tcp|tls|http PORT [STATUS]    tcp and tls echo every byte; http answers STATUS to every request.
"""

import os
import socket
import socketserver
import ssl
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while data := self.request.recv(65536):
                self.request.sendall(data)
        except OSError:
            pass  # The peer is gone; so is its echo.


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


class Server(socketserver.ThreadingTCPServer):
    address_family = socket.AF_INET6  # "::" takes IPv4 as well
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1024
    tls = None

    def finish_request(self, request, client_address):
        if self.tls is not None:
            try:
                request = self.tls.wrap_socket(request, server_side=True)
            except OSError:
                return  # A health check may hang up during the handshake.
        super().finish_request(request, client_address)


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
    Answer.status = int(status)
    with Server(("::", int(port)), Answer if kind == "http" else Echo) as server:
        if kind == "tls":
            server.tls = self_signed()
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
