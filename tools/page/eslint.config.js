import js from "@eslint/js";
import globals from "globals";

/** The rooms of the script, from the bottom up: a module imports from its own room and from those below. */
const ROOMS = ["rules", "model", "draw", "tools", "panel", "served"];

const strict = {
  ...js.configs.recommended.rules,
  eqeqeq: "error",
  "no-implicit-globals": "error",
  "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
  "no-useless-assignment": "error",
  "no-var": "error",
  "prefer-const": "error",
};

const above = (room) => ROOMS.slice(ROOMS.indexOf(room) + 1).map((one) => `../${one}/*`);

export default [
  {
    files: ["**/*.js"],
    languageOptions: { sourceType: "module", globals: globals.browser },
    rules: strict,
  },
  ...ROOMS.map((room) => ({
    files: [`**/page/${room}/*.js`],
    rules: { "no-restricted-imports": ["error", { patterns: [...above(room), "../main.js", "../served.js"] }] },
  })),
  {
    // rules are plain: they run without a page
    files: ["**/page/rules/*.js"],
    languageOptions: { globals: Object.fromEntries(Object.keys(globals.browser).map((name) => [name, "off"])) },
  },
];
