import { describe, expect, test } from "vitest";
import { importPair } from "../../src/import/import.js";

const keepalived = {
  file: "k.conf",
  text: "vrrp_instance a {\ninterface eth1\nvirtual_ipaddress {\n10.0.1.100/24\n}\n}\n",
};

/** What becomes of a haproxy.cfg. */
function imported(text: string) {
  const { topology, findings } = importPair({
    keepalived: [keepalived],
    haproxy: { file: "h.cfg", text },
    ...{ addresses: [], iptables: [] },
  });
  const told = findings.filter(({ file }) => file === "h.cfg");
  return { topology: topology ?? "", told, at: (line: number) => told.filter((each) => each.line === line) };
}

const listen = (...lines: string[]): string =>
  `listen a\n${lines.map((line) => `  ${line}\n`).join("")}  bind 10.0.1.100:6653\n  server c1 10.0.2.11:6653 check\n`;

describe("what was switched off stays off", () => {
  test("a listener that is disabled is not carried over, and told", () => {
    const { topology, at } = imported(listen("disabled"));
    expect(topology).not.toContain("services:");
    expect(at(1)).toMatchObject([{ kind: "lost", what: "listen a" }]);
  });

  test("what its defaults switch off is off, unless it says that it is enabled", () => {
    expect(imported(`defaults\n  disabled\n${listen()}`).topology).not.toContain("services:");
    expect(imported(`defaults\n  disabled\n${listen("enabled")}`).topology).toContain("- name: a\n");
  });

  test("a frontend whose backend is disabled is not carried over", () => {
    const { topology, told } = imported(
      "frontend f\n bind 10.0.1.100:80\n default_backend b\nbackend b\n disabled\n server c1 10.0.2.11:80 check\n",
    );
    expect(topology).not.toContain("services:");
    expect(told.map(({ kind, what }) => `${kind} ${what}`)).toEqual(
      expect.arrayContaining(["lost frontend f", "lost backend b"]),
    );
  });

  test("a server that is disabled, or whose default-server is, is not carried over, and told", () => {
    const one = imported(listen("server c2 10.0.2.12:6653 check disabled"));
    expect(one.topology).toContain("10.0.2.11");
    expect(one.topology).not.toContain("10.0.2.12");
    expect(one.at(2)).toMatchObject([{ kind: "lost", what: "server c2 10.0.2.12:6653" }]);
    const all = imported(listen("default-server disabled", "server c2 10.0.2.12:6653 check enabled"));
    expect(all.topology).toContain("10.0.2.12");
    expect(all.topology).not.toContain("10.0.2.11");
  });

  test("an option that 'no option' takes back is told to nobody, and where it stays in force it is", () => {
    const lines = "defaults\n  option allbackups\n";
    expect(imported(lines + listen("no option allbackups")).told).toEqual([]);
    expect(imported(lines + listen()).told).toMatchObject([{ kind: "lost", what: "option allbackups" }]);
  });

  test("a listener's own servers, which a default_backend keeps from serving, are not made to serve", () => {
    const { topology, told } = imported(
      `${listen("default_backend b")}backend b\n server c2 10.0.2.12:6653 check\n`,
    );
    expect(topology).toContain("10.0.2.12");
    expect(topology).not.toContain("10.0.2.11");
    expect(told).toMatchObject([{ kind: "lost", line: 1, what: "servers of listen a" }]);
  });
});

describe("no line of a proxy vanishes", () => {
  test.each([
    ...["maxconn 10", "fullconn 10", "rate-limit sessions 5", "hash-balance-factor 120", "backlog 10"],
    ...["option allbackups", "option abortonclose", "option nolinger", "option splice-auto", "option xyz"],
    ...["option tcplog", "option httplog", "option redispatch", "no option redispatch", "retries 3"],
    ...["option http-server-close", "option forwardfor", "option persist", "log 127.0.0.1 local0"],
    ...["timeout client 30m", "timeout server 50000", "timeout tunnel 1h", "timeout connect 5s"],
    ...["timeout queue 1m", "timeout client-fin 30s", "timeout xyz 1s", "hash-type map-based"],
    ...[
      "description old",
      "id 7",
      "grace 5s",
      "bind-process 2",
      "clitcpka-idle 5s",
      "external-check path /bin",
    ],
    ...["unique-id-format %x", "load-server-state-from-file global", "max-session-srv-conns 5"],
    ...["tcp-request connection reject if { src 127.0.0.0/8 10.66.0.0/16 }", "frobnicate 1"],
  ])("%s", (line) => {
    expect(imported(listen(line)).at(2)).toMatchObject([{ what: line }]);
  });

  test.each([
    "maxconn 9",
    "minconn 1",
    "maxqueue 5",
    "pool-max-conn 1",
    "tcp-ut 5s",
    "init-addr none",
    "id 4",
  ])("server ... %s", (word) => {
    const { at } = imported(listen(`server c2 10.0.2.12:6653 check ${word}`));
    expect(at(2)).toMatchObject([{ what: word }]);
  });

  test.each(["maxconn 9", "mss 1400", "backlog 5", "transparent", "nice 5", "name x"])(
    "bind ... %s",
    (word) => {
      expect(imported(listen(`bind 10.0.1.100:6633 ${word}`)).at(2)).toMatchObject([{ what: word }]);
    },
  );

  test.each(["maxconn 4096", "maxconnrate 10", "ulimit-n 1000"])("global %s is a limit, and lost", (line) => {
    expect(imported(`global\n ${line}\n${listen()}`).at(2)).toMatchObject([{ kind: "lost", what: line }]);
  });

  test("what holdfast sets to the same value is told to nobody", () => {
    const same = ["timeout client 24h", "timeout server 1d", "timeout connect 2000", "retries 2"];
    const options = ["option redispatch 1", "option clitcpka", "option dontlognull", "hash-type consistent"];
    expect(imported(listen(...same, ...options)).told).toEqual([]);
  });

  test("a check's limits that the topology does not have, its headers and its own port are told", () => {
    const { told } = imported(
      listen(
        "option httpchk GET / HTTP/1.1",
        "http-check send hdr Host x",
        "timeout check 9s",
        "http-check connect port 81",
      ),
    );
    expect(told.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        "http-check send hdr Host x",
        "timeout check in ms 9000",
        "http-check connect port 81",
      ]),
    );
  });
});

test("a mode that is neither TCP nor HTTP is no service", () => {
  const { topology, at } = imported(listen("mode log"));
  expect(topology).not.toContain("services:");
  expect(at(1)).toMatchObject([{ kind: "lost", what: "listen a" }]);
});

describe("escapes mean what HAProxy reads them as", () => {
  test("a check's headers behind \\r\\n are lost, and its path is not", () => {
    const { topology, at } = imported(listen("option httpchk GET /a HTTP/1.0\\r\\nHost:\\ x"));
    expect(topology).toContain(`path: "/a"`);
    expect(at(2)).toContainEqual(
      expect.objectContaining({ kind: "lost", what: expect.stringMatching(/^HTTP\/1\.0\W+Host: x$/) }),
    );
  });

  test("a word may be spelt by codes, and keeps a backslash that escapes nothing", () => {
    expect(
      imported("listen a\n bind 10.0.1.100:6653\n server c\\x31 10.0.2.11:6653 check\n").topology,
    ).toContain("{ name: c1, ");
    expect(imported(listen("acl a path_reg \\.html\\$")).at(2)).toMatchObject([
      { what: "acl a path_reg \\.html\\$" },
    ]);
  });
});

describe("a backend by way of the multiplexer", () => {
  const shared = (condition: string): string => `frontend a
  bind 10.0.1.100:6653
  use_backend a.multiplexer if { ${condition} }
  default_backend a
backend a
  server c1 10.0.2.11:6653 check
backend a.multiplexer
  server c1 unix@/multiplexer/a/c1.sock check send-proxy-v2
`;

  test("is left out, and the service stays, with one word on its mirror", () => {
    const { topology, told } = imported(shared("nbsrv(a.multiplexer) gt 0"));
    expect(topology).toContain("- name: a\n");
    expect(told.filter(({ kind }) => kind === "lost")).toMatchObject([
      { line: 3, cure: "write the service's mirror by hand" },
    ]);
  });

  test("that is chosen in any other way makes it no service", () => {
    expect(imported(shared("src 10.0.1.7")).topology).not.toContain("services:");
  });
});
