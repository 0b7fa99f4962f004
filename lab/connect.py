"""Exits 0 when ADDRESS accepts a TCP connection on PORT within a second.  usage: connect.py ADDRESS PORT"""

import socket
import sys

try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=1).close()
except OSError as error:
    sys.exit(str(error))
