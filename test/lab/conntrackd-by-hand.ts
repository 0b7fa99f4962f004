import type { Lab, LabProcess } from "../../src/lab/lab.js";
import { paths } from "../../src/render/paths.js";

/** The network that carries the state in the examples, and each node's device there. */
const link = { network: "management", device: "eth3", port: 3780 };

const sockets = `SndSocketBuffer 1249280
    RcvSocketBuffer 1249280
    Checksum on`;

/**
 * Starts conntrackd on a node from a configuration of the test's own, as the agent expects to find it: FTFW for two
 * nodes, NOTRACK for more, without an external cache, without a resynchronisation of its own, deaf to what the nodes
 * themselves say to anybody.
 */
export async function startConntrackd(lab: Lab, node: string): Promise<LabProcess> {
  const machine = lab.machine(node);
  const { host } = machine;
  const attributes = { mode: 0o644, user: "root", group: "root" };
  const staged = await host.stage(paths.conntrackdConf, configuration(lab, node), attributes);
  await host.swap(staged, paths.conntrackdConf);
  for (const argv of [
    ["sysctl", "-qw", "net.netfilter.nf_conntrack_events=1", "net.netfilter.nf_conntrack_tcp_loose=0"],
    ["iptables", "-I", "INPUT", "-p", "udp", "--dport", String(link.port), "-j", "ACCEPT"],
    ["rm", "-f", "/run/conntrackd.lock"],
  ]) {
    const { exitCode, stderr } = await machine.exec(argv);
    if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  }
  return machine.spawn(["conntrackd", "-C", paths.conntrackdConf]);
}

function configuration(lab: Lab, node: string): string {
  const addressOf = (name: string) => lab.machine(name).addresses[link.network]?.[0] ?? "";
  const names = lab.cluster.nodes.map(({ name }) => name);
  const others = names.filter((name) => name !== node);
  const nodes = names.flatMap((name) => Object.values(lab.machine(name).addresses).flat());
  const pair = `Mode FTFW {
    DisableExternalCache On
  }
  UDP {
    IPv4_address ${addressOf(node)}
    IPv4_Destination_Address ${addressOf(others[0] ?? "")}
    Port ${link.port}
    Interface ${link.device}
    ${sockets}
  }`;
  const group = `Mode NOTRACK {
    DisableExternalCache On
  }
  Multicast {
    IPv4_address 225.0.0.50
    Group ${link.port}
    IPv4_interface ${addressOf(node)}
    Interface ${link.device}
    ${sockets}
  }`;
  return `Sync {
  ${others.length === 1 ? pair : group}
}
General {
  Systemd off
  HashSize 32768
  HashLimit 524288
  LogFile off
  LockFile /run/conntrackd.lock
  UNIX {
    Path ${paths.conntrackdSocket}
  }
  NetlinkOverrunResync Off
  NetlinkBufferSize 2097152
  NetlinkBufferSizeMaxGrowth 33554432
  Filter From Userspace {
    Protocol Accept {
      TCP
      UDP
      ICMP
    }
    Address Ignore {
      IPv4_address 127.0.0.1
${nodes.map((address) => `      IPv4_address ${address}`).join("\n")}
    }
  }
}
`;
}
