import { useEffect, useState } from "preact/hooks";
import { AskError, ask } from "../link/ask.js";

/** A code stands behind the address's #, which no browser sends to anybody. */
const codeInAddress = (): string => new URLSearchParams(location.hash.slice(1)).get("code") ?? "";

/** Where somebody has no certificate that the agent knows: he comes in with a code from somebody who has. */
export function SignIn({ entered }: { readonly entered: () => void }) {
  const [trouble, setTrouble] = useState("");
  // A link of somebody else's may bring a code of somebody else's: that one signs in is for him to say.
  const [code, setCode] = useState(codeInAddress);

  const enter = async (given: string) => {
    try {
      await ask("POST", "/v1/session", { code: given.trim() });
      entered();
    } catch (error) {
      setTrouble(error instanceof AskError ? error.message : "the code could not be sent");
    }
  };
  // Nobody is to copy it from there.
  useEffect(() => history.replaceState(null, "", location.pathname), []);

  return (
    <main class="door">
      <h1>holdfast</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter(code);
        }}
      >
        <label for="code">Code to sign in</label>
        <input
          id="code"
          autocomplete="one-time-code"
          spellcheck={false}
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
        <button type="submit" disabled={code.trim() === ""}>
          Sign in
        </button>
      </form>
      <p role="alert" class="trouble">
        {trouble}
      </p>
      <p>
        <code>holdfast dashboard</code> prints a code, for whoever has a certificate of this cluster, or is
        root on a node. A browser that has such a certificate itself needs none.
      </p>
    </main>
  );
}
