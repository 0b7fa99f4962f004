import type { Notice } from "./notice.js";

/** Characters of a message: Slack cuts longer ones off, at 40,000. */
const longest = 3_000;

const marks = { info: "ℹ️", warning: "⚠️", critical: "🔴" } as const;

/**
 * What a Slack-compatible incoming webhook takes (Slack: "Sending messages using incoming webhooks").
 *
 * @param leftOut notices since the last one that were too many to be told
 */
export function slackMessage(notice: Notice, leftOut = 0): { readonly text: string } {
  const { phase, weight, cluster, node, also, drill, at } = notice;
  const mark = phase === "over" ? "✅" : marks[weight];
  const lines = [
    `${mark} *${plain(cluster)}*: ${plain(notice.text)}`,
    ...also.map((each) => `• ${plain(each)}`),
    ...(leftOut === 0 ? [] : [`• ${leftOut} notices before this one were left out: see 'holdfast events'`]),
    `_${plain(node)}, ${at}${drill === null ? "" : `, during the drill ${plain(drill)}`}_`,
  ];
  const text = lines.join("\n");
  return { text: text.length <= longest ? text : `${text.slice(0, longest - 1)}…` };
}

/** Nobody who chose a name may address people, link, or set type: Slack's own escapes, and its signs made harmless. */
const plain = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    // A word joiner after a sign that sets type, and after @ and #: it is read as it stands.
    .replace(/[*_~`@#]/g, "$&\u2060");
