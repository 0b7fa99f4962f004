import { quote } from "./quote.js";

/** The way from the top of the document to a value: keys and indexes. */
export type Path = readonly (string | number)[];

/** `nodes[1].interfaces.switches.address`; a key that is no plain word is quoted. */
export const formatPath = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[A-Za-z0-9_-]{1,48}$/.test(step)) return `${text}[${quote(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
