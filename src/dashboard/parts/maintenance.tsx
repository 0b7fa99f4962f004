import type { MaintenanceCheck } from "../../api/check-routes.js";
import { ask } from "../link/ask.js";
import { useAnswer } from "../link/use-answer.js";
import { checkOf } from "../model/check.js";
import { costOfDrain, costOfReturn } from "../model/drain-words.js";
import { moveKey } from "../model/refresh.js";
import type { State } from "../model/state.js";
import { ownersOf } from "../model/verdict.js";
import { DeedForm } from "./deed-form.js";
import { Opener } from "./opener.js";

interface Maintained {
  readonly node: string;
  readonly on: boolean;
  readonly already: boolean;
  readonly silent: readonly string[];
}

/** Milliseconds: every node is asked and told. */
const toldWithin = 20_000;

/** Each node, out of service or back into it. */
export function Maintenance({ state, barred }: { readonly state: State; readonly barred: string | null }) {
  return (
    <div class="deed">
      <h3>Maintenance</h3>
      <ul class="nodes">
        {(state.picture?.nodes ?? []).map(({ name, maintenance }) => (
          <li key={name}>
            <span>
              <b>{name}</b> {maintenance !== null && <small class="clause warning">out {maintenance}</small>}
            </span>
            <Opener
              words={`Take ${name} out…`}
              title={`Take ${name} out of service`}
              barred={barred}
              over={maintenance !== null}
            >
              {() => <DrainForm state={state} node={name} />}
            </Opener>
            <Opener
              words={`Put ${name} back…`}
              title={`Put ${name} back into service`}
              barred={barred}
              over={maintenance === null}
            >
              {() => <ReturnForm state={state} node={name} />}
            </Opener>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FormProps {
  readonly state: State;
  readonly node: string;
}

function DrainForm({ state, node }: FormProps) {
  const answered = useAnswer<MaintenanceCheck>("/v1/maintenance", moveKey(state));
  const check = answered.answer?.nodes.find((each) => each.node === node) ?? null;
  return (
    <DeedForm
      words={`Take ${node} out of service`}
      costs={check === null ? [] : costOfDrain(check, state.picture)}
      check={checkOf(answered, () => ({
        ...{ obstacle: check?.obstacle ?? null, forceable: true, warnings: [] },
      }))}
      act={(force) => maintain(node, true, force)}
    />
  );
}

const ReturnForm = ({ state, node }: FormProps) => (
  <DeedForm
    words={`Put ${node} back into service`}
    costs={state.cluster === null ? [] : costOfReturn(node, state.cluster, ownersOf(state))}
    act={() => maintain(node, false, false)}
  />
);

async function maintain(node: string, on: boolean, force: boolean): Promise<string[]> {
  const { already, silent } = await ask<Maintained>(
    "POST",
    "/v1/maintenance",
    { node, on, force },
    toldWithin,
  );
  return [
    `${node} is ${on ? "out of service" : "in service"}${already ? " already" : ""}.`,
    ...silent.map((name) => `${name} does not answer: it learns of this from the others.`),
  ];
}
