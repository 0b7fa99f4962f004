/** Control characters that no document may have, and a lone half of a pair, which has no bytes in UTF-8. */
const forbidden =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Cannot end the text, or the quoted attribute, that it stands in. */
const escaped = (text: string): string =>
  text.replace(forbidden, "\ufffd").replace(/[&<>"']/g, (character) => references[character] ?? "");

/** HTML or SVG that was made here, all of whose texts are escaped. Templates print it as it stands. */
export class Markup {
  readonly #html: string;

  private constructor(html: string) {
    this.#html = html;
  }

  /** Asked for by Handlebars, which escapes whatever does not have it. */
  toHTML(): string {
    return this.#html;
  }

  /** What a template of ours printed. */
  static printed(html: string): Markup {
    return new Markup(html);
  }

  /** @param name of the element, and those of its attributes, are words of this program */
  static element(
    name: string,
    attributes: Readonly<Record<string, string | number>>,
    content: readonly (Markup | string)[],
  ): Markup {
    const own = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
    const inside = content.map((each) => (typeof each === "string" ? escaped(each) : each.toHTML()));
    return new Markup(`<${name}${own.join("")}>${inside.join("")}</${name}>`);
  }
}

const attribute = (value: string | number): string =>
  typeof value === "number" ? String(Math.round(value * 10) / 10) : escaped(value);

export const element = (
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...content: (Markup | string)[]
): Markup => Markup.element(name, attributes, content);

/** Nothing to see. */
export const nothing: Markup = Markup.printed("");
