import { expect, test } from "vitest";
import { changesIn } from "../../machines/operator.js";

test("what each host changed is read from the recap alone", () => {
  const said = `ok: [lb-a] => changed=7
PLAY RECAP *********************************************************************
lb-a                       : ok=31   changed=2    unreachable=0    failed=0    skipped=5
localhost                  : ok=1    changed=0    unreachable=0    failed=0    skipped=0
`;
  expect(changesIn(said)).toEqual({ "lb-a": 2, localhost: 0 });
});

test("a run that came to no recap changed nothing that is known", () => {
  expect(changesIn("ERROR! there is no playbook")).toEqual({});
});
