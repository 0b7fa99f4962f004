import { describe, expect, test } from "vitest";
import { translated } from "../../src/drill/load.js";
import { serviceNamed } from "../../src/topology/select.js";
import { campus } from "./campus.js";

/** Recorded with conntrack 1.4.7. */
const table = [
  "tcp      6 431999 ESTABLISHED src=192.168.10.9 dst=10.0.2.10 sport=40112 dport=6653 src=10.0.2.12 dst=192.168.10.9 sport=6653 dport=40112 [ASSURED] mark=1 use=1",
  "tcp      6 431999 ESTABLISHED src=192.168.10.9 dst=10.0.2.10 sport=40114 dport=6653 src=10.0.2.12 dst=192.168.10.9 sport=6653 dport=40114 [ASSURED] mark=1 use=1",
  "tcp      6 9 CLOSE src=192.168.10.9 dst=10.0.2.10 sport=40116 dport=6653 src=10.0.2.11 dst=192.168.10.9 sport=6653 dport=40116 [ASSURED] mark=1 use=1",
  "tcp      6 431999 ESTABLISHED src=10.0.2.2 dst=10.0.2.11 sport=51000 dport=6653 src=10.0.2.11 dst=10.0.2.2 sport=6653 dport=51000 [ASSURED] mark=0 use=1",
].join("\n");

describe("the sessions of a nat service's servers", () => {
  test("are the kernel's established entries that were translated to the server", () => {
    const counted = translated(serviceNamed(campus, "openflow"), table);
    expect(counted.map(({ server, sessions }) => [server.name, sessions])).toEqual([
      ["c1", 0],
      ["c2", 2],
      ["c3", 0],
    ]);
  });
});
