import type { State } from "./model/state.js";
import { Actions } from "./parts/actions.js";
import { Drift } from "./parts/drift.js";
import { Failovers } from "./parts/failovers.js";
import { Generations } from "./parts/generations.js";
import { Headline } from "./parts/headline.js";
import { Nodes } from "./parts/nodes.js";
import { Section } from "./parts/section.js";
import { Services } from "./parts/services.js";
import { Site } from "./parts/site.js";
import { Timeline } from "./parts/timeline.js";

/** Everything on one page: how it stands, what to do, what happened, and what it is made of. */
export function Page({ state, leave }: { readonly state: State; readonly leave: () => void }) {
  return (
    <>
      <Headline state={state} leave={leave} />
      <main>
        <Section name="Topology">
          <Site state={state} />
        </Section>
        <Section name="Do">
          <Actions state={state} />
        </Section>
        <Section name="What happened">
          <Timeline state={state} />
          <Failovers state={state} />
        </Section>
        <Section name="Services">
          <Services state={state} />
        </Section>
        <Section name="Nodes">
          <Nodes state={state} />
        </Section>
        <Section name="Drift">
          <Drift state={state} />
        </Section>
        <Section name="Generations">
          <Generations state={state} />
        </Section>
      </main>
    </>
  );
}
