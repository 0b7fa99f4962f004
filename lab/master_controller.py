"""A master controller: it hears what the switches say, and never needs to tell them anything.

One line each, with its time: `came DATAPATH VERSION`, `gone DATAPATH`, and for every PACKET_IN
`packet-in DATAPATH IN_PORT ETHERTYPE PAYLOAD`, the first 64 bytes of the payload in hexadecimal.
"""

import sys
from datetime import datetime, timezone

from os_ken.base.app_manager import OSKenApp
from os_ken.controller import ofp_event
from os_ken.controller.handler import DEAD_DISPATCHER, MAIN_DISPATCHER, set_ev_cls
from os_ken.ofproto import ofproto_v1_0, ofproto_v1_3, ofproto_v1_4, ofproto_v1_5

ETHERNET = 14
SHOWN = 64
NAMES = {1: "1.0", 4: "1.3", 5: "1.4", 6: "1.5"}


class MasterController(OSKenApp):
    OFP_VERSIONS = [each.OFP_VERSION for each in (ofproto_v1_0, ofproto_v1_3, ofproto_v1_4, ofproto_v1_5)]

    @set_ev_cls(ofp_event.EventOFPStateChange, [MAIN_DISPATCHER, DEAD_DISPATCHER])
    def came_or_went(self, event):
        datapath = event.datapath
        if datapath.id is None:  # it left before it said who it was
            return
        if event.state == MAIN_DISPATCHER:
            say("came", named(datapath), NAMES[datapath.ofproto.OFP_VERSION])
        else:
            say("gone", named(datapath))

    @set_ev_cls(ofp_event.EventOFPPacketIn, MAIN_DISPATCHER)
    def packet_arrived(self, event):
        message = event.msg
        is_first_version = message.datapath.ofproto.OFP_VERSION == ofproto_v1_0.OFP_VERSION
        port = message.in_port if is_first_version else message.match["in_port"]
        frame = bytes(message.data)
        payload = frame[ETHERNET : ETHERNET + SHOWN]
        say("packet-in", named(message.datapath), port, f"0x{frame[12:ETHERNET].hex()}", payload.hex())


def named(datapath):
    return f"{datapath.id:016x}"


def say(*words):
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    print(now, *words, file=sys.stdout, flush=True)
