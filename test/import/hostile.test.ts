import fc from "fast-check";
import { expect, test } from "vitest";
import { importText } from "../../src/cli/import-text.js";
import { type Import, importPair, type WrittenPair } from "../../src/import/import.js";
import { fillIn } from "../../src/import/topology/imported.js";
import { pairs, writtenPair } from "./pairs.js";

const runs = 300;

/** Nothing but what the program writes may break a line or steer a terminal; the topology is valid or says what is not. */
function expectSane(result: Import): void {
  const { topology, refused, findings, problems } = result;
  expect(topology === null).toBe(refused !== null);
  expect(importText(result, null)).not.toMatch(/[^\P{C}\n]/u);
  for (const { what, why, cure } of findings) expect(`${what}${why}${cure}`).not.toMatch(/\p{C}/u);
  if (topology === null) return;
  expect(topology).not.toMatch(/[^\P{C}\n]/u);
  expect(topology.split("\n").filter((line) => !ours.test(line))).toEqual([]);
  // Of what is not valid it is always known where: the printed text is a topology in shape, never broken YAML.
  expect(problems.filter(({ rule }) => rule === "yaml")).toEqual([]);
  // A value of the wrong shape is one that has to be filled in, and no other.
  expect(problems.filter(({ rule, message }) => rule === "schema" && !message.includes(fillIn))).toEqual([]);
}

/** A line that the program writes: a comment, a key of the topology, or an entry of a list. */
const ours =
  /^( *# .*|(cluster|networks|nodes|routes|failover|virtual_ips|services|nat|agent):.*| +(- )?(name|interfaces|listen|mode|balance|transparent|health_check|servers|profile|advert_interval|down_adverts|preempt|preempt_delay|destination|source|port):.*| +- \{ .* \}| +("[a-z0-9-]+"|[a-z0-9-]+): \{ .* \}|)$/;

const nasty = fc.constantFrom(
  ...[
    "\n",
    "\r",
    "\u2028",
    "\u0085",
    "\u001b[2J",
    "\0",
    '"',
    "'",
    "{",
    "}",
    "#",
    "!",
    "\\",
    "$A",
    "$" + "{A}",
    "$A=$A$A",
  ],
  ...[
    "# LOOK",
    ": ",
    "- name: x",
    "vrrp_instance x {",
    "listen x",
    "*nat",
    "010.0.0.1",
    "::",
    "1e999",
    "__proto__",
  ],
  ...["constructor", "FILL-IN", "true", "null", "999999999999", "10.0.1.100/0", "fe80::1", "\ud800"],
);

/** A file with some of its characters replaced, removed or doubled. */
const bent = (text: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(fc.nat(text.length), fc.nat(40), fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 8 }))),
      {
        maxLength: 6,
      },
    )
    .map((cuts) =>
      cuts.reduce(
        (bending, [at, length, put]) => bending.slice(0, at) + put + bending.slice(at + length),
        text,
      ),
    );

const bentPair: fc.Arbitrary<WrittenPair> = fc.constantFrom(...pairs).chain((name) => {
  const { keepalived, addresses, iptables, haproxy } = writtenPair(name);
  const all = (files: typeof keepalived) =>
    fc.tuple(...files.map(({ file, text }) => bent(text).map((bending) => ({ file, text: bending }))));
  return fc.record({
    keepalived: all(keepalived),
    addresses: all(addresses),
    iptables: all(iptables),
    haproxy:
      haproxy === null ? fc.constant(null) : bent(haproxy.text).map((text) => ({ file: haproxy.file, text })),
  });
});

test("a damaged file never throws, never writes a line of its own, and the result is valid or says why", () => {
  fc.assert(
    fc.property(bentPair, (pair) => expectSane(importPair(pair))),
    { numRuns: runs },
  );
});

test("whatever the words are, they become words", () => {
  const anything = fc.array(fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 12 })), { maxLength: 12 });
  fc.assert(
    fc.property(anything, anything, anything, anything, (...texts) => {
      const [name, device, server, path] = texts.map((parts) => parts.join(" ").replace(/[\r\n]/g, " "));
      expectSane(
        importPair({
          keepalived: [
            {
              file: "k\u001b.conf",
              text: `global_defs {\nrouter_id ${name}\n}\nvrrp_instance ${name} {\ninterface ${device}\nvirtual_ipaddress {\n10.0.1.100/24 dev ${device}\n}\n}\n`,
            },
          ],
          addresses: [{ file: "a", text: `2: ${device} inet 10.0.1.2/24 scope global` }],
          haproxy: {
            file: "h",
            text: `listen ${name}\nbind :80\noption httpchk GET ${path}\nserver ${server} 10.0.1.9:1 check\nserver b 10.0.1.8:1\n`,
          },
          iptables: [
            {
              file: "i",
              text: `*nat\n-A PREROUTING ${name} -j ${path}\n-A POSTROUTING -o ${device} -j SNAT --to-source 10.0.1.100\n`,
            },
          ],
        }),
      );
    }),
    { numRuns: runs },
  );
});

test("definitions that double each other, and chains that jump in circles, end", () => {
  const doubling = Array.from({ length: 60 }, (_, index) => `$V${index + 1}=$V${index}$V${index}`).join("\n");
  const keepalived = {
    file: "k",
    text: `$V0=x\n${doubling}\nvrrp_instance a {\ninterface eth1\nvirtual_ipaddress {\n10.0.1.1/24\n}\nnotify $V60\n}\n`,
  };
  const chains = Array.from({ length: 20 }, (_, index) => `-A C${index % 4} -j C${(index + 1) % 4}`).join(
    "\n",
  );
  const result = importPair({
    keepalived: [keepalived],
    iptables: [{ file: "i", text: `*nat\n-A PREROUTING -j C0\n${chains}\nCOMMIT\n` }],
    ...{ addresses: [], haproxy: null },
  });
  expectSane(result);
  expect(result.findings.map(({ why }) => why)).toContain("it grows beyond all measure");
});
