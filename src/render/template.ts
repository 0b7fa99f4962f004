import { readFileSync } from "node:fs";
import Handlebars from "handlebars";
import { quotedWord, unitArgument, word, words } from "./words.js";

/** One rendered file: its template, a view that has everything the template may print, and the view's builder. */
export interface Template<View, Input extends readonly unknown[]> {
  /** Below templates/, without `.hbs`. */
  readonly name: string;
  /** Every key a view can have, every list with at least one element; a test holds it against the template. */
  readonly sample: View;
  build(...input: Input): View;
  render(...input: Input): string;
}

/** The only helpers a template knows: one a context, each throws rather than print what could end a word. */
const helpers = { word, words, quotedWord, unitArgument };

const known = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));

/**
 * A template is compiled when it is first used. It prints values through a helper only, so that a string which
 * slipped past the topology's rules throws here instead of becoming a line of an engine's configuration.
 */
export function defineTemplate<View, Input extends readonly unknown[]>(
  name: string,
  sample: View,
  build: (...input: Input) => View,
): Template<View, Input> {
  let print: ((view: View) => string) | undefined;
  return {
    name,
    sample,
    build,
    render: (...input) => {
      print ??= compile<View>(name);
      return print(build(...input));
    },
  };
}

/**
 * A page for people. Whatever its template prints is escaped for HTML, as text and within a quoted attribute; only what has a
 * `toHTML` of its own, which no string has, stands as it is.
 */
export function definePage<View, Input extends readonly unknown[]>(
  name: string,
  sample: View,
  build: (...input: Input) => View,
): Template<View, Input> {
  let print: ((view: View) => string) | undefined;
  return {
    name,
    sample,
    build,
    render: (...input) => {
      print ??= Handlebars.create().compile<View>(templateSource(name), {
        strict: true,
        knownHelpersOnly: true,
      });
      return print(build(...input));
    },
  };
}

/** The template's text. */
const templateSource = (name: string): string =>
  readFileSync(new URL(`../../templates/${name}.hbs`, import.meta.url), "utf8");

/** The syntax tree of a template, or of a text. */
export const templateTree = (name: string, source = templateSource(name)): hbs.AST.Program =>
  Handlebars.parse(source);

function compile<View>(name: string): (view: View) => string {
  const print = Handlebars.create().compile<View>(templateSource(name), {
    strict: true,
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: known,
  });
  return (view) => print(view, { helpers });
}
