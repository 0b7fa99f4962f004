import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { page, style } from "../../src/drill/html/page.js";
import { randomSection } from "../../src/drill/html/random-section.js";
import { section } from "../../src/drill/html/section.js";
import { templates as clusterTemplates } from "../../src/render/render.js";
import { defineTemplate, templateTree } from "../../src/render/template.js";
import { vpnTemplates } from "../../src/render/vpn/render-vpn.js";
import { pathsIn, pathsInPage, viewPaths } from "./template-paths.js";

const templates = [...clusterTemplates, ...vpnTemplates];
const pages = [page, randomSection, section, style];
const root = new URL("../../templates/", import.meta.url).pathname;

describe("templates", () => {
  test.each(templates.map((template) => [template.name, template] as const))(
    "%s prints every key of its view, and no other",
    (name, template) => {
      expect(pathsIn(templateTree(name), template.sample)).toEqual(viewPaths(template.sample));
    },
  );

  test.each(pages.map((template) => [template.name, template] as const))(
    "%s, for people, prints every key of its view, and no other",
    (name, template) => {
      expect(pathsInPage(templateTree(name), template.sample)).toEqual(viewPaths(template.sample));
    },
  );

  test("a page that prints what is not escaped is found", () => {
    const tree = (source: string) => templateTree("bare", source);
    expect(pathsInPage(tree("{{name}}"), { name: "c1" })).toEqual(["name"]);
    for (const source of ["{{{name}}}", "{{&name}}"])
      expect(() => pathsInPage(tree(source), { name: "c1" })).toThrow("name is not escaped");
  });

  test("every template file belongs to a view", () => {
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".hbs"),
    );
    expect(files.sort()).toEqual([...templates, ...pages].map(({ name }) => `${name}.hbs`).sort());
  });

  test("a misspelt each or if is found, which Handlebars passes over in silence", () => {
    const view = { servers: [{ name: "c1" }], tls: true };
    const tree = (source: string) => templateTree("misspelt", source);
    expect(() => pathsIn(tree("{{#each sevrers}}{{word name}}{{/each}}"), view)).toThrow("sevrers");
    expect(() => pathsIn(tree("{{#if tsl}}x{{/if}}"), view)).toThrow("tsl");
    expect(() => pathsIn(tree("{{#each servers}}{{word nmae}}{{/each}}"), view)).toThrow("nmae");
    expect(pathsIn(tree("{{#if tls}}x{{/if}}"), view)).not.toContain("servers[].name");
  });

  test("a template that prints without a helper is found", () => {
    expect(() => pathsIn(templateTree("bare", "{{name}}"), { name: "c1" })).toThrow("name");
  });

  test.each([
    "c1\n    lua-load /tmp/x",
    "c 1",
    "c1#",
    'c"1',
    "c'1",
    "$(id)",
    "$HOME",
    "c1\u2028",
    "",
    "{{x}}",
    "c!",
  ])("the word %j throws instead of being printed", (hostile) => {
    const view = { links: [{ device: hostile, mtu: 1500 }], routes: [], protocol: 72 };
    const template = defineTemplate("routes/routes", view, () => view);
    expect(() => template.render()).toThrow("cannot stand in an engine's configuration");
  });
});
