import type { DrillReport } from "./report.js";

/** Control characters that no XML document may have, not even as references (XML 1.0, 2.2). */
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Cannot end the attribute, or the element, that it stands in. */
const attribute = (text: string): string =>
  text.replace(forbidden, "?").replace(/[&<>"]/g, (character) => references[character] ?? "");

/** JUnit's XML, as CI servers read it: a test case for each run, and one for what ended it all early. */
export function junit({ cluster, results, random, unready }: DrillReport): string {
  const runs = [...results, ...(random?.rounds ?? [])].map(({ drill, injected, at, verdict }) => ({
    name: `${drill} (${injected}), ${at}`,
    reasons: verdict.reasons,
  }));
  const all = unready === null ? runs : [...runs, { name: "nothing ended it early", reasons: [unready] }];
  const counts = `tests="${all.length}" failures="${all.filter(({ reasons }) => reasons.length > 0).length}"`;
  const cases = all.map(({ name, reasons }) => {
    const own = `classname="${attribute(cluster)}" name="${attribute(name)}"`;
    const [first] = reasons;
    if (first === undefined) return `    <testcase ${own}/>`;
    const why = attribute(reasons.join("\n"));
    return `    <testcase ${own}>\n      <failure message="${attribute(first)}">${why}</failure>\n    </testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="holdfast drills of ${attribute(cluster)}" ${counts}>
${cases.join("\n")}
  </testsuite>
</testsuites>
`;
}
