import * as interfaces from "../../../src/topology/rules/interfaces.js";
import { describeRules } from "./describe-rules.js";

describeRules(interfaces, {
  interfacesInDistinctSubnets: {
    example: "pair",
    broken: [["{ cidr: 10.0.2.0/24", "{ cidr: 10.0.0.0/22"]],
    findings: [
      "15:20 nodes[0].interfaces.controllers: lb-a has two interfaces in one subnet: controllers and switches",
      "20:20 nodes[1].interfaces.controllers: lb-b has two interfaces in one subnet: controllers and switches",
    ],
    legal: [["{ cidr: 10.0.2.0/24", "{ cidr: 10.0.2.0/23"]],
  },
  oneNetworkPerDevice: {
    example: "pair",
    broken: [["eth2, address: 10.0.2.3", "eth1, address: 10.0.2.3"]],
    findings: ["20:30 nodes[1].interfaces.controllers.device: lb-b uses eth1 for network switches already"],
    legal: [["eth2, address: 10.0.2.3", "eth1.20, address: 10.0.2.3"]],
  },
  nodeOnNetwork: {
    example: "pair",
    broken: [["      controllers: { device: eth2, address: 10.0.2.3 }\n", ""]],
    findings: [
      "19:7 nodes[1].interfaces: lb-b has no interface on network controllers, which carries virtual IP gateway",
    ],
    legal: [["nodes:\n", "  spare: { cidr: 10.0.20.0/24 }\n\nnodes:\n"]],
  },
});
