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
  const { text } = slackMessage({
    ...notice,
    text: "<!channel> <https://evil.example|look> @here *now* & #here `x`",
  });
  expect(text).not.toMatch(/<|[*`@#](?!\u2060|campus|\*|:)/);
  expect(text).toContain("&lt;!channel&gt;");
});

test("a message is never longer than is read", () => {
  expect(
    slackMessage({ ...notice, also: Array.from({ length: 500 }, () => "x".repeat(100)) }).text,
  ).toHaveLength(3_000);
});
