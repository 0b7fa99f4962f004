import { expect, test } from "vitest";
import type { Notice } from "../../src/notify/notice.js";
import { slackMessage } from "../../src/notify/slack.js";

const notice: Notice = {
  ...{ key: "campus/lb-b/7", phase: "begun", weight: "critical", cluster: "campus", node: "lb-b" },
  ...{
    at: "2026-11-24T03:00:00.000Z",
    lasted: null,
    text: "lb-b is active",
    also: ["lb-a is silent"],
    drill: null,
  },
  events: [],
};

test("a message says what happened, what came of it, who says so, and when", () => {
  expect(slackMessage(notice).text.split("\n")).toEqual([
    "🔴 *campus*: lb-b is active",
    "• lb-a is silent",
    "_lb-b, 2026-11-24T03:00:00.000Z_",
  ]);
  expect(slackMessage({ ...notice, phase: "over", drill: "power-loss" }).text).toMatch(
    /^✅ [\s\S]*, during the drill power-loss_$/,
  );
});

test("nobody who chose a name speaks to people with it", () => {
  const text = "<!channel> <https://evil.example|look> @here *now* & #here `x` \u202e";
  const [head = ""] = slackMessage({ ...notice, text }).text.split("\n");
  expect(head.slice("🔴 *campus*: ".length)).toBe(
    "&lt;!channel&gt; &lt;https:\u2060//evil.example|look&gt; @\u2060here *\u2060now*\u2060 &amp; #\u2060here `\u2060x`\u2060 ?",
  );
});

test("a message is never longer than is read, and says who told it all the same", () => {
  const long = { ...notice, also: Array.from({ length: 500 }, () => "&".repeat(100)) };
  const { text } = slackMessage(long, 7);
  expect(text.length).toBeLessThanOrEqual(3_000);
  expect(text.split("\n").slice(-3)).toEqual([
    expect.stringMatching(/^• and 49\d more$/),
    "• 7 notices before this one were left out: see 'holdfast events'",
    "_lb-b, 2026-11-24T03:00:00.000Z_",
  ]);
  expect(slackMessage({ ...notice, text: "x".repeat(9_000) }).text.length).toBeLessThanOrEqual(3_000);
});
