import { describe, expect, test } from "vitest";
import { edit } from "../../../src/drill/fault/edit.js";
import type { Stage } from "../../../src/drill/fault/fault.js";
import { deletedRule, foreignRule } from "../../../src/drill/fault/rule.js";
import { campus } from "../campus.js";

const situation = {
  ...{ active: "lb-a", standby: "lb-b", network: "switches" },
  busiestServer: { machine: "c1", sessions: 3 },
};

/** A machine that has one file, and iptables that knows one rule more or less. */
function rig(rules: string[]) {
  const ran: string[] = [];
  const files = new Map([["/etc/x", "as rendered\n"]]);
  const staged = new Map<string, string>();
  const machine = {
    async exec([, , , , ...argv]: readonly string[]) {
      const [what, , ...rest] = argv;
      const rule = rest.join(" ");
      if (what !== "-S" && what !== "-C") ran.push(argv.join(" "));
      const known = rules.indexOf(rule);
      if (what === "-A") rules.push(rule);
      if (what === "-I") rules.unshift(rest.slice(1).join(" "));
      if (what === "-D") rules.splice(rest[0] === "1" ? 0 : known, 1);
      const missing = what === "-C" && known < 0;
      return { exitCode: missing ? 1 : 0, stdout: `-A OURS ${rules[0]}\n`, stderr: "" };
    },
    host: {
      read: async (path: string) => files.get(path) ?? null,
      status: async () => ({ mode: 0o600, user: "root", group: "root", size: 12 }),
      async stage(path: string, body: string) {
        staged.set(path, body);
        return path;
      },
      swap: async (from: string, path: string) => void files.set(path, staged.get(from) ?? ""),
    },
  };
  const stage = { lab: { cluster: campus, machine: () => machine } } as unknown as Stage;
  return { stage, files, rules, ran };
}

const chain = { table: "filter", chain: "OURS" } as const;

describe("what a fault on a machine did is undone", () => {
  test("a file has its content again", async () => {
    const { stage, files } = rig([]);
    const fault = edit("active", "/etc/x", { words: "edited", content: (body) => `${body}# x\n` });
    const injection = fault.on(situation);
    await injection.undo(stage);
    expect(files.get("/etc/x")).toBe("as rendered\n");
    await injection.inject(stage);
    expect(files.get("/etc/x")).toBe("as rendered\n# x\n");
    await injection.undo(stage);
    expect(files.get("/etc/x")).toBe("as rendered\n");
  });

  test("a foreign rule is gone", async () => {
    const { stage, rules } = rig(["-j ACCEPT"]);
    const injection = foreignRule("active", chain, ["-s", "192.0.2.1/32", "-j", "DROP"]).on(situation);
    await injection.inject(stage);
    expect(rules).toEqual(["-j ACCEPT", "-s 192.0.2.1/32 -j DROP"]);
    await injection.undo(stage);
    expect(rules).toEqual(["-j ACCEPT"]);
  });

  test("a deleted rule is first again, and not there twice where somebody was quicker", async () => {
    const { stage, rules, ran } = rig(["-p vrrp -j ACCEPT", "-j DROP"]);
    const injection = deletedRule("active", chain).on(situation);
    await injection.inject(stage);
    expect(rules).toEqual(["-j DROP"]);
    await injection.undo(stage);
    await injection.undo(stage);
    expect(rules).toEqual(["-p vrrp -j ACCEPT", "-j DROP"]);
    expect(ran).toEqual(["-D OURS 1", "-I OURS 1 -p vrrp -j ACCEPT"]);
  });
});
