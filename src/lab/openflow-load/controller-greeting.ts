import { helloOffering, negotiated } from "../../mirror/openflow/hello.js";
import { answered } from "../../mirror/openflow/version.js";

/** What a controller of 1.0, 1.3, 1.4 and 1.5 greets with. */
export const controllerHello = helloOffering([1, 4, 5, 6], 1);

/** The version that this switch's HELLO leads to; null where it is none of those. */
export function agreedWith(hello: Buffer): number | null {
  const version = negotiated(controllerHello, hello);
  return version !== null && answered(version) ? version : null;
}
