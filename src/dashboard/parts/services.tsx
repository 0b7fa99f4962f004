import type { LiveService } from "../../api/live.js";
import type { State } from "../model/state.js";
import { SessionsOverTime } from "./sessions-over-time.js";

/** Services with their servers: what is up, and how many sessions and new ones a second each has. */
export function Services({ state }: { readonly state: State }) {
  const services = state.picture?.services ?? [];
  if (services.length === 0) return <p class="muted">no services</p>;
  return (
    <>
      {services.map((service) => (
        <ServiceTable key={service.name} service={service} state={state} />
      ))}
    </>
  );
}

function ServiceTable({ service, state }: { readonly service: LiveService; readonly state: State }) {
  const { name, mode, port, sessions, rate, servers, mirror } = service;
  const down = servers.filter(({ up, draining }) => !up && !draining).length;
  return (
    <details class="service" open={servers.length <= 12 || down > 0}>
      <summary>
        <b>{name}</b> :{port} {mode}, {sessions} sessions
        {rate === null ? "" : `, ${rate} new a second`}, {servers.length - down} of {servers.length} servers
        up
      </summary>
      <SessionsOverTime state={state} service={name} />
      {mirror && (
        <p class={mirror.why === null ? "" : "trouble"}>
          mirror ({mirror.via}) to {mirror.to}: {mirror.connected} of {mirror.switches} switches,{" "}
          {mirror.messages} messages
          {mirror.queued > 0 && `, ${mirror.queued} waiting`}
          {mirror.dropped > 0 && `, ${mirror.dropped} dropped`}
          {mirror.why && `; ${mirror.why}`}
        </p>
      )}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">server</th>
              <th scope="col">state</th>
              <th scope="col" class="number">
                sessions
              </th>
              <th scope="col" class="number">
                new a second
              </th>
            </tr>
          </thead>
          <tbody>
            {servers.map((server) => (
              <tr key={server.name} class={server.draining ? "warning" : server.up ? "" : "bad"}>
                <th scope="row">{server.name}</th>
                <td>{server.draining ? "drains" : server.up ? "up" : "down"}</td>
                <td class="number">{server.sessions ?? "–"}</td>
                <td class="number">{server.rate ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
