import { expect, test } from "vitest";
import { historyText } from "../../src/cli/history.js";
import { planText } from "../../src/cli/plan-text.js";
import { progressLine } from "../../src/cli/progress-text.js";
import { statusText } from "../../src/cli/status-text.js";
import { nodeDown } from "../../src/observe/node.js";

const evil = "\u001b[2J\u001b]0;x\u0007\u009b\u202e";
const plain = (_style: string, text: string) => text;
const generation = { number: 3, digest: "abcdef012345" };

/** One line after the other, and nothing that steers. */
const lines = (text: string): string[] => {
  expect(text).not.toMatch(/[^\P{C}\n]/u);
  return text.split("\n").filter((line) => line !== "");
};

test("history prints one line a generation and a damage, whatever its author and reason are", () => {
  const entry = { ...generation, at: "2026-01-01T00:00:00.000Z", program: "0.1.0", current: true };
  const told = { ...entry, confirm_by: null, author: `anna${evil}`, message: `${evil}\n*  4 b` };
  const text = historyText([told], [`generation 2 is damaged: ${evil}\n`]);
  expect(lines(text)).toHaveLength(3);
  expect(text).toContain("anna?[2J");
  expect(lines(text).at(-1)).toBe("* runs, ? runs on trial");
});

test("an apply's steps, a plan and the status show an agent's words without obeying them", () => {
  lines(progressLine({ kind: "failed", stage: "commit", node: `lb-a${evil}`, why: evil }));
  lines(
    progressLine({ kind: "refused", node: "lb-a", refusals: [{ path: evil, engine: evil, words: evil }] }),
  );
  const change = { path: `/etc/${evil}`, kind: "update" as const, diff: `+${evil}\n-${evil}` };
  const node = {
    ...{ name: "lb-a", from: null, to: generation, changes: [change], steps: [], isEmpty: false },
    ...{ drift: [evil], details: [evil], impact: [evil] },
  };
  lines(
    planText(
      { nodes: [node], without: [], isEmpty: false } as unknown as Parameters<typeof planText>[0],
      plain,
    ),
  );
  lines(
    statusText(
      {
        ...{
          cluster: "campus",
          healthy: false,
          redundant: true,
          unreachable: false,
          virtual_ips: [],
          services: [],
        },
        nodes: [
          {
            ...nodeDown("lb-a"),
            role: "standby",
            drift: true,
            drifts: [`${evil}\nlb-b`],
            report: null,
            maintenance: null,
          },
        ],
        trial: { confirm_by: "2026-01-01T00:00:00.000Z", author: evil, message: evil },
      },
      plain,
    ),
  );
});
