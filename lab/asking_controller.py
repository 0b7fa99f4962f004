"""A master controller that asks: it reads statistics, installs a flow, and makes mistakes.

One line each: `came DATAPATH`, `gone DATAPATH`, and for every question `asked DATAPATH XID KIND`. What comes back has the number of its question:
`ports DATAPATH XID COUNT`, `flows DATAPATH XID COUNT OWN`, where OWN are those of its cookie, `barrier DATAPATH XID`, and
`error DATAPATH XID TYPE CODE`. Asks each switch every second, and makes a mistake at once and then every ten.
"""

import sys
from itertools import count

from os_ken.base.app_manager import OSKenApp
from os_ken.controller import ofp_event
from os_ken.controller.handler import DEAD_DISPATCHER, MAIN_DISPATCHER, set_ev_cls
from os_ken.lib import hub
from os_ken.ofproto import ofproto_v1_3

COOKIE = 0x61736B
NO_SUCH_GROUP = 4711
ROUNDS_FOR_A_MISTAKE = 10


class AskingController(OSKenApp):
    OFP_VERSIONS = [ofproto_v1_3.OFP_VERSION]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.datapaths = {}
        hub.spawn(self.ask)

    @set_ev_cls(ofp_event.EventOFPStateChange, [MAIN_DISPATCHER, DEAD_DISPATCHER])
    def came_or_went(self, event):
        datapath = event.datapath
        if datapath.id is None:
            return
        if event.state == MAIN_DISPATCHER:
            say("came", datapath)
            self.datapaths[datapath.id] = datapath
            datapath.send_msg(flow(datapath, []))
            err(datapath)
        elif self.datapaths.get(datapath.id) is datapath:
            say("gone", datapath)
            del self.datapaths[datapath.id]

    def ask(self):
        for turn in count(1):
            for datapath in list(self.datapaths.values()):
                parser, ofp = datapath.ofproto_parser, datapath.ofproto
                ask("ports", parser.OFPPortStatsRequest(datapath, 0, ofp.OFPP_ANY))
                ask("flows", parser.OFPFlowStatsRequest(datapath))
                ask("barrier", parser.OFPBarrierRequest(datapath))
                if turn % ROUNDS_FOR_A_MISTAKE == 0:
                    err(datapath)
            hub.sleep(1)

    @set_ev_cls(ofp_event.EventOFPPortStatsReply, MAIN_DISPATCHER)
    def ports_told(self, event):
        answered("ports", event.msg, len(event.msg.body))

    @set_ev_cls(ofp_event.EventOFPFlowStatsReply, MAIN_DISPATCHER)
    def flows_told(self, event):
        answered("flows", event.msg, len(event.msg.body), sum(each.cookie == COOKIE for each in event.msg.body))

    @set_ev_cls(ofp_event.EventOFPBarrierReply, MAIN_DISPATCHER)
    def barrier_passed(self, event):
        answered("barrier", event.msg)

    @set_ev_cls(ofp_event.EventOFPErrorMsg, MAIN_DISPATCHER)
    def refused(self, event):
        answered("error", event.msg, event.msg.type, event.msg.code)


def ask(kind, message):
    message.datapath.set_xid(message)
    say("asked", message.datapath, message.xid, kind)
    message.datapath.send_msg(message)


def err(datapath):
    """Asks for what the switch can only refuse."""
    ask("error", flow(datapath, [datapath.ofproto_parser.OFPActionGroup(NO_SUCH_GROUP)]))


def flow(datapath, actions):
    """A flow for frames that nobody sends; without actions it drops them."""
    ofp, parser = datapath.ofproto, datapath.ofproto_parser
    match = parser.OFPMatch(eth_type=0x88B5, eth_src="02:00:00:00:ff:ff")
    apply = [parser.OFPInstructionActions(ofp.OFPIT_APPLY_ACTIONS, actions)]
    return parser.OFPFlowMod(
        datapath, cookie=COOKIE, priority=9, match=match, instructions=apply, out_port=ofp.OFPP_ANY
    )


def answered(kind, message, *words):
    say(kind, message.datapath, message.xid, *words)


def say(what, datapath, *words):
    print(what, f"{datapath.id:016x}", *words, file=sys.stdout, flush=True)
