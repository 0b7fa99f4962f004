"""A master controller that asks: it reads statistics, installs a flow, and makes one mistake.

One line each: `came DATAPATH`, `gone DATAPATH`, `barrier DATAPATH`, `ports DATAPATH COUNT`, `flows DATAPATH COUNT OWN`, where OWN are those of
its cookie, and `error DATAPATH TYPE CODE`. Asks each switch every second.
"""

import sys

from os_ken.base.app_manager import OSKenApp
from os_ken.controller import ofp_event
from os_ken.controller.handler import DEAD_DISPATCHER, MAIN_DISPATCHER, set_ev_cls
from os_ken.lib import hub
from os_ken.ofproto import ofproto_v1_3

COOKIE = 0x61736B
NO_SUCH_GROUP = 4711


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
            install(datapath, [])
            install(datapath, [datapath.ofproto_parser.OFPActionGroup(NO_SUCH_GROUP)])
        elif self.datapaths.get(datapath.id) is datapath:
            say("gone", datapath)
            del self.datapaths[datapath.id]

    def ask(self):
        while True:
            for datapath in list(self.datapaths.values()):
                parser, ofp = datapath.ofproto_parser, datapath.ofproto
                datapath.send_msg(parser.OFPPortStatsRequest(datapath, 0, ofp.OFPP_ANY))
                datapath.send_msg(parser.OFPFlowStatsRequest(datapath))
                datapath.send_msg(parser.OFPBarrierRequest(datapath))
            hub.sleep(1)

    @set_ev_cls(ofp_event.EventOFPPortStatsReply, MAIN_DISPATCHER)
    def ports_told(self, event):
        say("ports", event.msg.datapath, len(event.msg.body))

    @set_ev_cls(ofp_event.EventOFPFlowStatsReply, MAIN_DISPATCHER)
    def flows_told(self, event):
        say("flows", event.msg.datapath, len(event.msg.body), sum(flow.cookie == COOKIE for flow in event.msg.body))

    @set_ev_cls(ofp_event.EventOFPBarrierReply, MAIN_DISPATCHER)
    def barrier_passed(self, event):
        say("barrier", event.msg.datapath)

    @set_ev_cls(ofp_event.EventOFPErrorMsg, MAIN_DISPATCHER)
    def refused(self, event):
        say("error", event.msg.datapath, event.msg.type, event.msg.code)


def install(datapath, actions):
    """A flow for frames that nobody sends; without actions it drops them."""
    ofp, parser = datapath.ofproto, datapath.ofproto_parser
    match = parser.OFPMatch(eth_type=0x88B5, eth_src="02:00:00:00:ff:ff")
    apply = [parser.OFPInstructionActions(ofp.OFPIT_APPLY_ACTIONS, actions)]
    datapath.send_msg(
        parser.OFPFlowMod(datapath, cookie=COOKIE, priority=9, match=match, instructions=apply, out_port=ofp.OFPP_ANY)
    )


def say(what, datapath, *words):
    print(what, f"{datapath.id:016x}", *words, file=sys.stdout, flush=True)
