import { expect, test } from "vitest";
import { takenBinds } from "../../src/deploy/taken-binds.js";

const cfg = `frontend openflow
    bind 10.0.1.100:6700
    bind [fd00:1::100]:6700
`;
const line = (local: string, program: string) =>
  `LISTEN 0 5 ${local} 0.0.0.0:* users:(("${program}",pid=512,fd=3))\n`;

test("a port that another program has is named with that program, wherever on the node it listens", () => {
  expect(takenBinds(cfg, line("10.0.1.100:6700", "python3"))).toEqual([
    "10.0.1.100:6700 is already in use by python3 (process 512)",
  ]);
  expect(takenBinds(cfg, line("*:6700", "sshd"))).toHaveLength(2);
  expect(takenBinds(cfg, line("[fd00:1::100]%eth1:6700", "sshd"))).toHaveLength(1);
  expect(takenBinds(cfg, "LISTEN 0 5 0.0.0.0:6700 0.0.0.0:*\n")[0]).toMatch(/by another program$/);
});

test("neither HAProxy's own listeners nor other ports and addresses are in its way", () => {
  const rest =
    line("10.0.1.100:6700", "haproxy") + line("10.0.1.100:22", "sshd") + line("127.0.0.1:6700", "a");
  expect(takenBinds(cfg, rest)).toEqual([]);
  expect(takenBinds(cfg, "")).toEqual([]);
});
