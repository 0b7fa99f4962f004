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

/** JUnit's XML, as CI servers read it: a test case for each run. */
export function junit({ cluster, results, random }: DrillReport): string {
  const all = [...results, ...(random?.rounds ?? [])];
  const failed = all.filter(({ verdict }) => !verdict.pass).length;
  const suite = `name="holdfast drills of ${attribute(cluster)}" tests="${all.length}" failures="${failed}"`;
  const cases = all.map(({ drill, injected, at, verdict }) => {
    const own = `classname="${attribute(cluster)}" name="${attribute(`${drill} (${injected}), ${at}`)}"`;
    const [first] = verdict.reasons;
    if (verdict.pass) return `    <testcase ${own}/>`;
    const why = attribute(verdict.reasons.join("\n"));
    return `    <testcase ${own}>\n      <failure message="${attribute(first ?? "")}">${why}</failure>\n    </testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="${all.length}" failures="${failed}">
  <testsuite ${suite}>
${cases.join("\n")}
  </testsuite>
</testsuites>
`;
}
