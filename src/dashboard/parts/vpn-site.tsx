import type { LivePicture } from "../../api/live.js";
import type { Vpn } from "../../topology/cluster.js";

/** VPN servers beside each other, with whoever is connected to each. */
export function VpnSite({ vpn, picture }: { readonly vpn: Vpn; readonly picture: LivePicture | null }) {
  return (
    <ul class="vpn" aria-label={`VPN servers of ${vpn.name}`}>
      {vpn.servers.map(({ name, addresses }) => {
        const seen = picture?.vpn_servers.find((each) => each.name === name);
        return (
          <li key={name} class={`card ${seen === undefined ? "unknown" : seen.healthy ? "good" : "bad"}`}>
            <b>{name}</b> <small>{seen?.role ?? ""}</small>
            <br />
            <span class="muted">{addresses.map(({ address }) => address).join(" ")}</span>
            <br />
            {seen?.clients ?? "?"} clients
          </li>
        );
      })}
    </ul>
  );
}
