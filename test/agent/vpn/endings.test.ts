import { expect, test } from "vitest";
import { Endings } from "../../../src/agent/vpn/endings.js";
import type { Reply } from "../../../src/vpn/management.js";

/** An OpenVPN that may be out of reach. */
function openvpn() {
  const seen = { asked: [] as string[], told: [] as string[], late: [] as number[] };
  const answers: { next: Reply | null } = { next: { lines: ["SUCCESS: client-kill command succeeded"] } };
  const endings = new Endings({
    async ask(command) {
      seen.asked.push(command);
      return answers.next;
    },
    tell: (text) => void seen.told.push(text),
    late: (cid) => void seen.late.push(cid),
  });
  return { endings, seen, answers, settled: () => new Promise(setImmediate) };
}

test("a session is told of once, and asked for until OpenVPN has heard it", async () => {
  const { endings, seen, answers, settled } = openvpn();
  answers.next = null;
  endings.end(3, "host1", "is on another server now");
  endings.end(3, "host1", "is on another server now");
  await settled();
  answers.next = { lines: [] };
  endings.again(new Map([[3, "host1"]]));
  await settled();
  endings.again(new Map([[3, "host1"]]));
  await settled();
  expect(seen.asked).toEqual(["client-kill 3", "client-kill 3"]);
  expect(seen.told).toEqual(["client host1 is on another server now: its session here is ended"]);
});

test("the session of somebody else that has its number since is none of its business", async () => {
  const { endings, seen, answers, settled } = openvpn();
  answers.next = null;
  endings.end(0, "host1", "is on another server now");
  await settled();
  endings.again(new Map([[0, "host2"]]));
  expect(endings.any).toBe(false);
  expect(seen.asked).toHaveLength(1);
});

test("one that had ended before is no trouble", async () => {
  const { endings, seen, answers, settled } = openvpn();
  answers.next = { error: "client-kill command failed" };
  endings.end(7, "host1", "is on another server now");
  await settled();
  expect(seen.late).toEqual([7]);
});
