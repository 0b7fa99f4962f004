import { printableLine } from "../api/printable.js";
import type { Notice } from "./notice.js";

/** Characters of a message's text: Slack cuts longer ones off, at 40,000. */
const longest = 3_000;

const marks = { info: "ℹ️", warning: "⚠️", critical: "🔴" } as const;

/**
 * What a Slack-compatible incoming webhook takes (Slack: "Sending messages using incoming webhooks").
 *
 * @param leftOut notices since the last one that were too many to be told
 */
export function slackMessage(notice: Notice, leftOut = 0) {
  const { phase, weight, cluster, node, also, drill, at } = notice;
  const mark = phase === "over" ? "✅" : marks[weight];
  const head = `${mark} *${plain(cluster)}*: ${plain(notice.text)}`;
  const foot = [
    ...(leftOut === 0 ? [] : [`• ${leftOut} notices before this one were left out: see 'holdfast events'`]),
    `_${plain(node)}, ${at}${drill === null ? "" : `, during the drill ${plain(drill)}`}_`,
  ];
  const room = longest - [head, ...foot].join("\n").length;
  const lines = fitting(
    also.map((each) => `• ${plain(each)}`),
    room,
  );
  return { text: [head, ...lines, ...foot].join("\n"), unfurl_links: false, unfurl_media: false };
}

/** As many whole lines as there is room for, and how many there were beside. */
function fitting(lines: readonly string[], room: number): string[] {
  const andMore = "• and 999 more".length + 1;
  const taken: string[] = [];
  let left = room - andMore;
  for (const line of lines) {
    if (line.length + 1 > left) return [...taken, `• and ${lines.length - taken.length} more`];
    taken.push(line);
    left -= line.length + 1;
  }
  return taken;
}

/** Of one sentence; what somebody chose may be longer than anybody reads. */
const longestSentence = 500;

/** Nobody who chose a name may address people, link, or set type: Slack's own escapes, and its signs made harmless. */
const plain = (text: string): string =>
  printableLine(text.slice(0, longestSentence))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    // A word joiner after what would set type, address somebody or link: it is read as it stands.
    .replace(/[*_~`@#]|:(?=\/\/)/g, "$&\u2060");
