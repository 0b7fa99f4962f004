import { useEffect, useRef, useState } from "preact/hooks";
import { drawingOf } from "../model/drawing.js";
import type { State } from "../model/state.js";
import { ownersOf } from "../model/verdict.js";
import { Picture } from "./picture.js";
import { VpnSite } from "./vpn-site.js";

/** The cluster drawn as it is; a virtual IP is seen moving to its new owner. */
export function Site({ state }: { readonly state: State }) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (frame.current === null) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  const { cluster } = state;
  const holders = ownersOf(state).join(" and ") || "nobody";
  return (
    <div ref={frame} class="site">
      {cluster === null && <p class="muted">no topology yet: 'holdfast apply' brings one</p>}
      {cluster !== null && cluster.nodes.length > 0 && width > 0 && (
        <Picture
          drawing={drawingOf(cluster, state, width)}
          words={`${cluster.name}: ${cluster.nodes.length} nodes; ${holders} holds the virtual IPs`}
        />
      )}
      {cluster?.vpn && <VpnSite vpn={cluster.vpn} picture={state.picture} />}
    </div>
  );
}
