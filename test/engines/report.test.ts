import { afterAll, describe, expect, it } from "vitest";
import { page } from "../../src/drill/html/page.js";
import { campus } from "../drill/campus.js";
import { failedFor, passed, randomReport, reportOf, vpnPassed } from "../drill/specimen.js";
import { openBrowser } from "./browser.js";

const browser = openBrowser();
afterAll(() => browser.remove());

const long = `a-name-without-an-end-${"x".repeat(400)}</script><script>alert(1)</script>`;
const hostile = { ...failedFor(long, "a session never came back"), drill: long, injected: long };
const report = { ...reportOf(passed, hostile, vpnPassed), random: randomReport };
const html = page.render(report, campus);

describe("the paper on drills in Chromium", () => {
  it("has nothing to complain of, where a script would have been refused", async () => {
    expect(await browser.console(html)).toEqual([]);
    const scripted = html.replace("</body>", "<script>document.title = 'x'</script></body>");
    expect(await browser.console(scripted)).not.toEqual([]);
  });

  it.each([1280, 800, 520])("is nowhere wider than a window of %i pixels", async (width) => {
    expect(await browser.overflow(html, width)).toBe(0);
  });

  it("is found to be wider where it is", async () => {
    const wide = html.replace("</body>", '<div style="width: 3000px">x</div></body>');
    expect(await browser.overflow(wide, 1280)).toBeGreaterThan(1_000);
  });

  it("can be seen", async () => {
    const empty = await browser.screenshot("<!doctype html>", 1280);
    const image = await browser.screenshot(html, 1280);
    expect(image.subarray(1, 4).toString()).toBe("PNG");
    expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([1280, 1600]);
    expect(image.length).toBeGreaterThan(5 * empty.length);
  });

  it("is printed with a page for each drill and one for random faults, beside head and results", async () => {
    const paper = (await browser.pdf(html)).toString("latin1");
    expect(paper.startsWith("%PDF-")).toBe(true);
    const pages = paper.match(/\/Type \/Page\b(?!s)/g) ?? [];
    expect(pages.length).toBeGreaterThanOrEqual(6);
    expect(pages.length).toBeLessThanOrEqual(9);
  });
});
