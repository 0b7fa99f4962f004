import type { LivePicture } from "../../api/live.js";
import type { Vpn } from "../../topology/cluster.js";

/** Clients that have a dot each; of more there is the number alone. */
const mostDots = 60;

/** VPN servers beside each other on their backbone, with whoever is connected to each. */
export function VpnSite({ vpn, picture }: { readonly vpn: Vpn; readonly picture: LivePicture | null }) {
  const pool = vpn.pool.map(({ address, prefix }) => `${address}/${prefix}`).join(" ");
  return (
    <>
      <p class="backbone">
        <b>{vpn.name}</b> <span class="muted">{pool}</span>
      </p>
      <ul class="vpn" aria-label={`VPN servers of ${vpn.name}`}>
        {vpn.servers.map(({ name, addresses }) => {
          const seen = picture?.vpn_servers.find((each) => each.name === name);
          const clients = seen?.clients ?? null;
          return (
            <li key={name} class={`card ${seen === undefined ? "unknown" : seen.healthy ? "good" : "bad"}`}>
              <b>{name}</b> <small>{seen?.role ?? ""}</small>
              <br />
              <span class="muted">{addresses.map(({ address }) => address).join(" ")}</span>
              <br />
              {clients === null ? "nobody counts its clients" : `${clients} clients`}
              <span class="dots" aria-hidden="true">
                {"\u25cf".repeat(Math.min(clients ?? 0, mostDots))}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
