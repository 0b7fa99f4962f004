import { expect, test } from "vitest";
import { birdPeersIn, birdPrefixesIn } from "../../src/vpn/bird-words.js";

// As BIRD 2.0.12 says it, shortened.
const protocols = `BIRD 2.0.12 ready.
Name       Proto      Table      State  Since         Info
device1    Device     ---        up     09:18:31.101  
kernel4    Kernel     master4    up     09:18:31.101  
  Channel ipv4
    State:          UP
    Table:          master4
    Routes:         2 imported, 0 exported, 2 preferred
peer-vpn-b BGP        ---        up     09:18:33.217  Established   
  BGP state:          Established
    Neighbor address: 10.200.200.2
  Channel ipv4
    State:          UP
    Routes:         2 imported, 3 filtered, 3 exported, 2 preferred
    Route change stats:     received   rejected   filtered    ignored   accepted
      Import updates:              5          0          3          0          2
  Channel ipv6
    State:          UP
    Routes:         1 imported, 1 filtered, 2 exported, 1 preferred
peer-vpn-c BGP        ---        start  09:18:31.101  Connect       Socket: No route to host
  BGP state:          Connect
    Neighbor address: 10.200.200.3
`;

test("BIRD's sessions with other servers, with both families' routes counted together", () => {
  expect(birdPeersIn(protocols)).toEqual([
    { server: "vpn-b", state: "Established", imported: 3, refused: 4 },
    { server: "vpn-c", state: "Connect", imported: 0, refused: 0 },
  ]);
});

test("what is no answer names nobody", () => {
  for (const text of [
    "",
    "Unable to connect to server control socket",
    "peer-x BGP",
    "  BGP state: Established",
  ])
    expect(birdPeersIn(text)).toEqual([]);
});

test("prefixes that were refused, each once and in canonical text, and none of what else is said", () => {
  const routes = `BIRD 2.0.12 ready.
Table master4:
0.0.0.0/0            unicast [peer-vpn-b 09:20:01.000 from 10.200.200.2] (100) [i]
\tvia 10.200.200.2 on bb0
198.18.0.0/15        unicast [peer-vpn-b 09:20:01.000] (100) [i]
198.18.0.0/15        unicast [peer-vpn-c 09:20:01.000] (100) [i]

Table master6:
2001:DB8::/32        unicast [peer-vpn-b 09:20:01.000] (100) [i]
2001:db8:0::/32      unicast [peer-vpn-b 09:20:01.000] (100) [i]
999.0.0.0/8          unicast
`;
  expect(birdPrefixesIn(routes)).toEqual(["0.0.0.0/0", "198.18.0.0/15", "2001:db8::/32"]);
});
