import { CommanderError } from "commander";
import { expect, test, vi } from "vitest";
import { UserError } from "../../src/cli/context.js";
import { complaintsOf, progressLine } from "../../src/cli/progress-text.js";
import { reportFailure } from "../../src/cli/report.js";
import { RefusedCall } from "../../src/fleet/client-errors.js";

/** What a failed command writes, and what it returns to the shell. */
function reported(error: unknown, ...argv: string[]) {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((chunk) => {
      written[stream] += String(chunk);
      return true;
    }),
  );
  const exitCode = reportFailure(error, argv);
  for (const spy of spies) spy.mockRestore();
  return { ...written, exitCode };
}

test("a command that fails under --json says why in a document, and to people as ever", () => {
  const { stdout, stderr, exitCode } = reported(new UserError("no agent answers", 1), "status", "--json");
  expect(JSON.parse(stdout)).toEqual({ schema: "holdfast/error/v1", message: "no agent answers" });
  expect([stderr, exitCode]).toEqual(["holdfast: no agent answers\n", 1]);
  expect(reported(new Error("lost"), "status").stdout).toBe("");
  expect(reported(new Error("lost"), "lab", "exec", "lb-a", "--", "ip", "--json").stdout).toBe("");
});

test("so does one that was called wrongly; asking for help is no failure", () => {
  const wrong = new CommanderError(1, "commander.unknownOption", "error: unknown option '--whatever'");
  expect(JSON.parse(reported(wrong, "plan", "--json", "--whatever").stdout).message).toMatch(/--whatever/);
  expect(reported(new CommanderError(0, "commander.help", "(help)"), "--json").stdout).toBe("");
});

test("an apply that was refused says in its document which node did, and why, once", () => {
  const refusals = [{ path: "/etc/haproxy/haproxy.cfg", engine: "haproxy", words: "unknown keyword\n" }];
  expect(complaintsOf({ kind: "refused", node: "lb-a", refusals })).toEqual([
    "lb-a: haproxy refuses /etc/haproxy/haproxy.cfg: unknown keyword",
  ]);
  const failed = { kind: "failed", stage: "commit", node: "lb-b" } as const;
  expect(complaintsOf({ ...failed, why: "lb-b: HAProxy is gone" })).toEqual(["lb-b: HAProxy is gone"]);
  expect(complaintsOf({ ...failed, why: "HAProxy is gone" })).toEqual(["lb-b: HAProxy is gone"]);
  expect(complaintsOf({ kind: "restored", node: "lb-b" })).toEqual([]);
});

test("what failed on a node is told once, further lines below the first", () => {
  const why = "lb-b: HAProxy refused to reload\nlb-b is as it was before";
  expect(progressLine({ kind: "failed", stage: "commit", node: "lb-b", why })).toBe(
    "  commit    lb-b  failed   HAProxy refused to reload\n      lb-b is as it was before\n",
  );
  expect(new RefusedCall("lb-b", 500, why).message).toBe(why);
});
