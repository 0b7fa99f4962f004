import { expect, test } from "vitest";
import { findings, remarking } from "../../src/import/finding.js";

test("of more than 500 of a kind the rest is counted, each once, and nothing of another kind is kept from the list", () => {
  const { tell, inOrder } = findings();
  for (let line = 1; line <= 612; line++)
    for (let twice = 0; twice < 2; twice++) tell({ file: "h.cfg", line }, "lost", `x ${line}`, "no place");
  tell({ file: "h.cfg", line: 9 }, "look", "y", "see");
  const lost = inOrder().filter(({ kind }) => kind === "lost");
  expect(lost).toHaveLength(501);
  expect(lost.at(-1)).toMatchObject({ file: "h.cfg", line: 501, what: "and 112 more" });
  expect(inOrder().filter(({ kind }) => kind === "look")).toHaveLength(1);
});

test("exactly 500 are listed without a word about more", () => {
  const { tell, inOrder } = findings();
  for (let line = 1; line <= 500; line++) tell({ file: "h.cfg", line }, "lost", "x", "no place");
  expect(inOrder()).toHaveLength(500);
});

test.each([
  "auth_pass hunter2",
  "http-check send meth GET hdr Authorization Basic hunter2",
  "tcp-check send AUTH hunter2\\r\\n",
  "HTTP/1.1rnauthorization: hunter2",
  "password\n hunter2",
])("what follows the word for a secret is not repeated: %s", (line) => {
  const { tell, inOrder } = findings();
  const { tell: telling, remarks } = remarking(tell);
  telling({ file: "f", line: 1 }, "look", line, "import does not know it");
  expect(inOrder()).toHaveLength(1);
  expect(JSON.stringify([inOrder(), remarks])).not.toContain("hunter2");
});
