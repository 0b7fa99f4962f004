import type { Subject } from "../drill/run.js";
import type { Lab } from "../lab/lab.js";
import { agentsOfLab, askFirst } from "./agents.js";
import { sightingIn } from "./lab-sighting.js";

/** Milliseconds: the move is probed for seconds, and a slow pair takes some more. */
const movedWithin = 30_000;

/** Milliseconds: an agent that does not answer at once misses a note. */
const notedWithin = 1_000;

/** A lab as drills see it. */
export const subjectOf = (lab: Lab): Subject => ({
  lab,
  states: () => Promise.all(lab.cluster.nodes.map(async ({ name }) => (await sightingIn(lab, name)).state)),
  async move(_from, to) {
    await askFirst(await agentsOfLab(lab), "switchover", { body: { to, force: false } }, movedWithin);
  },
  async note(body) {
    const told = (await agentsOfLab(lab)).map(async ({ client }) => {
      await client.call("drill", { body }, { timeout: notedWithin }).catch(() => undefined);
      client.close();
    });
    await Promise.all(told);
  },
});
