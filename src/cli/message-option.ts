import { UserError } from "./context.js";

/** Characters that an agent takes. */
const longest = 400;

/** The text of `--message`, as history will show it. */
export function message(text = ""): string {
  if (text.length > longest)
    throw new UserError(`--message: at most ${longest} characters are kept, this has ${text.length}`);
  if (/\p{C}/u.test(text)) throw new UserError("--message: write one line without control characters");
  return text;
}
