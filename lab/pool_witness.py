"""Beside a controller of the pool, in its process: says what came to it that it never asked for.

One line each: `came DATAPATH`, `gone DATAPATH`, and `unasked DATAPATH MESSAGE`, with type and code of an error. A learning switch asks for
nothing once it knows the ports, so that every answer is another's.
"""

import sys

from os_ken.base.app_manager import OSKenApp
from os_ken.controller import ofp_event
from os_ken.controller.handler import CONFIG_DISPATCHER, DEAD_DISPATCHER, MAIN_DISPATCHER, set_ev_cls
from os_ken.ofproto import ofproto_v1_3

ANSWERS = [each for name, each in vars(ofp_event).items() if name.startswith("EventOFP") and name.endswith("Reply")]


class PoolWitness(OSKenApp):
    OFP_VERSIONS = [ofproto_v1_3.OFP_VERSION]

    @set_ev_cls(ofp_event.EventOFPStateChange, [MAIN_DISPATCHER, DEAD_DISPATCHER])
    def came_or_went(self, event):
        if event.datapath.id is not None:  # a check says nothing of itself
            say("came" if event.state == MAIN_DISPATCHER else "gone", event.datapath)

    @set_ev_cls(ofp_event.EventOFPErrorMsg, [CONFIG_DISPATCHER, MAIN_DISPATCHER])
    def refused(self, event):
        say("unasked", event.msg.datapath, "OFPErrorMsg", event.msg.type, event.msg.code)

    @set_ev_cls([*ANSWERS, ofp_event.EventOFPSwitchFeatures], MAIN_DISPATCHER)
    def answered(self, event):
        say("unasked", event.msg.datapath, type(event.msg).__name__)


def say(what, datapath, *words):
    print(what, f"{datapath.id:016x}" if datapath.id else "-", *words, file=sys.stdout, flush=True)
