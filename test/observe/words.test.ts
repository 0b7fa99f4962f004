import { describe, expect, test } from "vitest";
import { parseAddresses } from "../../src/observe/addresses.js";
import { countSessions } from "../../src/observe/conntrack.js";
import { parseServers } from "../../src/observe/haproxy.js";
import { handlesSignal, parsePids, parseStat } from "../../src/observe/process.js";
import { parseVrrpDump } from "../../src/observe/vrrp-dump.js";
import { exampleCluster } from "../render/examples.js";

describe("keepalived 2.2.7's own dump", () => {
  const dump =
    '[{"data":{"iname":"switches","dont_track_primary":0,"vrid":51,"base_priority":254,"effective_priority":254,' +
    '"adver_int":0.02,"vipset":true,"state":2,"wantstate":2,"version":3,"vips":["10.9.1.100\\/24 dev eth1 scope global set"]},' +
    '"stats":{"advert_rcvd":0,"advert_sent":52}}]';

  test("tells what each instance is", () => {
    expect(parseVrrpDump(dump)).toEqual([
      {
        name: "switches",
        state: "master",
        routerId: 51,
        priority: { base: 254, effective: 254 },
        advertInterval: 0.02,
        addresses: ["10.9.1.100/24"],
      },
    ]);
  });

  test("that is not written to its end yet tells nothing", () => {
    expect(parseVrrpDump(dump.slice(0, -20))).toBeNull();
    expect(parseVrrpDump("")).toBeNull();
  });
});

test("HAProxy 2.6.12's servers: up, on its way down, down, and unchecked", () => {
  const csv = [
    "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act",
    "openflow,c1,0,0,43,50,,90,1,1,,0,,0,0,0,0,UP,1,1",
    "openflow,c2,0,0,2,3,,9,1,1,,0,,0,0,0,0,UP 1/3,1,1",
    "openflow,c3,0,0,0,1,,0,0,0,,0,,0,0,0,0,DOWN,1,1",
    "other,c4,0,0,0,0,,0,0,0,,0,,0,0,0,0,no check,1,1",
    "",
  ].join("\n");
  expect(parseServers(csv).map(({ service, name, up, sessions }) => [service, name, up, sessions])).toEqual([
    ["openflow", "c1", true, 43],
    ["openflow", "c2", true, 2],
    ["openflow", "c3", false, 0],
    ["other", "c4", true, 0],
  ]);
});

test("HAProxy 2.6.12's sessions by way of a multiplexer, and those that went past it", () => {
  const csv = [
    "# pxname,svname,scur,status,",
    "openflow,c1,2,UP,",
    "openflow,c2,0,UP,",
    "openflow.multiplexer,c1,40,UP,",
    "openflow.multiplexer,c2,41,UP,",
    "other,c1,7,UP,",
  ].join("\n");
  expect(
    parseServers(csv).map(({ service, name, sessions, past }) => [service, name, sessions, past]),
  ).toEqual([
    ["openflow", "c1", 42, 2],
    ["openflow", "c2", 41, 0],
    ["other", "c1", 7, undefined],
  ]);
});

test("HAProxy 2.6.12's last check: refused by the server's machine, or by the way there", () => {
  const csv = [
    "# pxname,svname,scur,status,check_status,last_chk,",
    "openflow,c1,0,UP,L7OK,(tcp-check),",
    "openflow,c2,0,DOWN,L4CON,Connection refused at step 1 of tcp-check (connect),",
    "openflow,c3,0,DOWN,L4CON,General socket error (Network is unreachable) at step 1 of tcp-check (connect),",
    "openflow,c4,0,DOWN,L4TOUT, at step 1 of tcp-check (connect),",
    // What a server sends is no word of HAProxy's.
    'openflow,c5,0,DOWN,L7RSP,"Connection refused, ""really""",',
    "telemetry,t1,0,DOWN,L4CON,Connection refused,",
  ].join("\n");
  const refused = parseServers(csv).filter((server) => server.refused);
  expect(refused.map(({ name }) => name)).toEqual(["c2", "t1"]);
});

test("ip address: every address of every interface", () => {
  const json =
    '[{"ifname":"lo","addr_info":[{"family":"inet","local":"127.0.0.1"}]},{"ifname":"eth0"},' +
    '{"ifname":"eth1","addr_info":[{"family":"inet","local":"10.0.1.2"},{"family":"inet6","local":"fd09::100"}]}]';
  expect(parseAddresses(json)).toEqual(["127.0.0.1", "10.0.1.2", "fd09::100"]);
});

test("conntrack: established sessions by the address the client asked for, captured ones too, and no copy to a master controller", () => {
  const table = [
    "tcp      6 431999 ESTABLISHED src=192.168.10.5 dst=10.0.2.10 sport=40000 dport=6653 src=10.0.2.11 dst=192.168.10.5 sport=6653 dport=40000 [ASSURED] mark=0 use=1",
    "tcp      6 431999 ESTABLISHED src=192.168.20.5 dst=10.0.1.100 sport=40001 dport=6653 src=10.0.2.12 dst=192.168.20.5 sport=6653 dport=40001 [ASSURED] mark=0 use=1",
    "tcp      6 60 TIME_WAIT src=192.168.20.5 dst=10.0.1.100 sport=40002 dport=6653 src=10.0.2.12 dst=192.168.20.5 sport=6653 dport=40002 [ASSURED] mark=0 use=1",
    "tcp      6 431999 ESTABLISHED src=10.0.9.3 dst=10.0.9.2 sport=50000 dport=22 src=10.0.9.2 dst=10.0.9.3 sport=22 dport=50000 [ASSURED] mark=0 use=1",
    "tcp      6 431999 ESTABLISHED src=10.0.2.2 dst=10.0.2.10 sport=50001 dport=6653 src=10.0.2.10 dst=10.0.2.2 sport=6653 dport=50001 [ASSURED] mark=0 use=1",
  ].join("\n");
  expect([...countSessions(exampleCluster("campus-routed"), table)]).toEqual([["openflow", 2]]);
});

describe("/proc", () => {
  const stat = (letter: string, flags: number) =>
    `15 (keepalived (x) y) ${letter} 13 13 0 0 -1 ${flags} 1 0 0 0 0 0 0 0 20 0 1 0 2931 8 9 0`;

  test("tells a running process from a stopped one, whatever its name", () => {
    expect(parseStat(stat("S", 0x400100))).toEqual({ state: "running", startTime: "2931" });
    expect(parseStat(stat("T", 0x400100))?.state).toBe("frozen");
  });

  test("counts a zombie, and one that is about to end, as dead", () => {
    expect(parseStat(stat("Z", 0x400100))?.state).toBe("dead");
    expect(parseStat(stat("R", 0x400104))?.state).toBe("dead");
    expect(parseStat("")).toBeNull();
  });

  test("tells which signals a process takes: others would kill it", () => {
    const status =
      "Name:\tkeepalived\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001000\nSigCgt:\t0000000800000000\n";
    expect(handlesSignal(status, 36)).toBe(true);
    expect(handlesSignal(status, 35)).toBe(false);
    expect(handlesSignal("", 36)).toBe(false);
  });

  test("PID files and lists of children hold numbers, or nothing", () => {
    expect(parsePids("13\n")).toEqual([13]);
    expect(parsePids("15 70 ")).toEqual([15, 70]);
    expect(parsePids(null)).toEqual([]);
    expect(parsePids("-1 x 0 1")).toEqual([]);
  });
});
