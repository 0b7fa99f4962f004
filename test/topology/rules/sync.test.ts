import * as sync from "../../../src/topology/rules/sync.js";
import { describeRules } from "./describe-rules.js";

describeRules(sync, {
  syncDeviceBeginsWithLetter: {
    example: "pair",
    broken: [
      ["eth3, address: 10.0.9.2", '"3com", address: 10.0.9.2'],
      ["eth3, address: 10.0.9.3", "_eth3, address: 10.0.9.3"],
    ],
    findings: [
      "16:30 nodes[0].interfaces.management.device: conntrackd cannot read the device name 3com: it has to begin with a letter",
      "21:30 nodes[1].interfaces.management.device: conntrackd cannot read the device name _eth3: it has to begin with a letter",
    ],
    legal: [
      ["eth2, address: 10.0.2.2", '"3com", address: 10.0.2.2'],
      ["eth3, address: 10.0.9.3", "x3com, address: 10.0.9.3"],
    ],
  },
  syncDeviceIsNoOtherWord: {
    example: "pair",
    broken: [
      ["eth3, address: 10.0.9.2", "ae0, address: 10.0.9.2"],
      ["eth3, address: 10.0.9.3", "TCP, address: 10.0.9.3"],
    ],
    findings: [
      "16:30 nodes[0].interfaces.management.device: conntrackd takes the device name ae0 for part of an IPv6 address: give it one that is longer, or that is not hexadecimal",
      "21:30 nodes[1].interfaces.management.device: conntrackd takes the device name TCP for a word of its own language: give it another",
    ],
    legal: [
      ["eth2, address: 10.0.2.2", "ae0, address: 10.0.2.2"],
      ["eth3, address: 10.0.9.3", "ae0.20, address: 10.0.9.3"],
    ],
  },
  agentPortIsNotConntrackds: {
    example: "pair",
    broken: [["\nfailover:\n", "\nagent: { port: 3783 }\n\nfailover:\n"]],
    findings: [
      "23:16 agent.port: ports 3780 to 3783 are conntrackd's, and 3788 is that of copies: choose another",
    ],
    legal: [["\nfailover:\n", "\nagent: { port: 3784 }\n\nfailover:\n"]],
  },
});
