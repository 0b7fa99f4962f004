import { defineConfig } from "vite";

/** The page that every agent serves: everything it needs is in it, and no other host is ever asked. */
export default defineConfig({
  root: "src/dashboard",
  build: {
    outDir: "../../dist/dashboard",
    emptyOutDir: true,
    target: "es2022",
    // An inline script or a data: address would need a hole in the page's policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
