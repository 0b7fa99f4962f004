"""An OpenFlow 1.3 learning switch: real enough that two hosts can only talk through flows that it installed."""

from os_ken.base.app_manager import OSKenApp
from os_ken.controller import ofp_event
from os_ken.controller.handler import CONFIG_DISPATCHER, MAIN_DISPATCHER, set_ev_cls
from os_ken.lib.packet import ethernet, packet
from os_ken.ofproto import ofproto_v1_3

# A flow outlives a failover, not a test: a new controller soon learns for itself.
IDLE_TIMEOUT_SECONDS = 30


class LearningSwitch(OSKenApp):
    OFP_VERSIONS = [ofproto_v1_3.OFP_VERSION]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ports = {}  # (datapath id, MAC address) -> port

    @set_ev_cls(ofp_event.EventOFPSwitchFeatures, CONFIG_DISPATCHER)
    def switch_appeared(self, event):
        """Whatever no flow knows comes here."""
        datapath = event.msg.datapath
        ofp, parser = datapath.ofproto, datapath.ofproto_parser
        to_controller = [parser.OFPActionOutput(ofp.OFPP_CONTROLLER, ofp.OFPCML_NO_BUFFER)]
        install(datapath, 0, parser.OFPMatch(), to_controller, idle_timeout=0)

    @set_ev_cls(ofp_event.EventOFPPacketIn, MAIN_DISPATCHER)
    def packet_arrived(self, event):
        message, datapath = event.msg, event.msg.datapath
        ofp, parser = datapath.ofproto, datapath.ofproto_parser
        arrived = message.match["in_port"]
        frame = packet.Packet(message.data).get_protocol(ethernet.ethernet)
        self.ports[datapath.id, frame.src] = arrived
        port = self.ports.get((datapath.id, frame.dst), ofp.OFPP_FLOOD)
        actions = [parser.OFPActionOutput(port)]
        if port != ofp.OFPP_FLOOD:
            match = parser.OFPMatch(in_port=arrived, eth_src=frame.src, eth_dst=frame.dst)
            install(datapath, 1, match, actions, IDLE_TIMEOUT_SECONDS)
        datapath.send_msg(
            parser.OFPPacketOut(datapath, ofp.OFP_NO_BUFFER, in_port=arrived, actions=actions, data=message.data)
        )


def install(datapath, priority, match, actions, idle_timeout):
    ofp, parser = datapath.ofproto, datapath.ofproto_parser
    apply = [parser.OFPInstructionActions(ofp.OFPIT_APPLY_ACTIONS, actions)]
    datapath.send_msg(
        parser.OFPFlowMod(datapath, priority=priority, match=match, instructions=apply, idle_timeout=idle_timeout)
    )
