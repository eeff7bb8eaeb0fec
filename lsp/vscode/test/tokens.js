"use strict";
// The extension's grammars in the engine that VS Code uses, and what stands under each character.

const fs = require("node:fs");
const path = require("node:path");
const oniguruma = require("vscode-oniguruma");
const { INITIAL, Registry, parseRawGrammar } = require("vscode-textmate");

const ROOT = path.join(__dirname, "..");
const GRAMMARS = {
  "source.vid": "vid.tmLanguage.json",
  "markdown.vid.codeblock": "vid.markdown.tmLanguage.json",
  "yaml.vid.tex": "vid.yaml.tmLanguage.json",
};
// Languages of VS Code itself, in as much as is needed to see that they are asked.
const OTHERS = {
  "source.python": { patterns: [{ match: "\\b(def|return|for|in|import)\\b", name: "keyword.control.python" }] },
  "source.shell": { patterns: [{ match: "\\becho\\b", name: "support.function.shell" }] },
  "text.html.markdown": { patterns: [{ match: "^#.*$", name: "markup.heading.markdown" }] },
  "source.yaml": { patterns: [{ match: "^\\s*\\w+(?=:)", name: "entity.name.tag.yaml" }] },
};

async function registry() {
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  return new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      if (GRAMMARS[scope]) {
        const file = path.join(ROOT, "syntaxes", GRAMMARS[scope]);
        return parseRawGrammar(fs.readFileSync(file, "utf8"), file);
      }
      return OTHERS[scope] ? { scopeName: scope, repository: {}, ...OTHERS[scope] } : null;
    },
    getInjections: (scope) =>
      ({ "text.html.markdown": ["markdown.vid.codeblock"], "source.yaml": ["yaml.vid.tex"] })[scope],
  });
}

/** The tokens of a text: { line, start, end, text, scopes } with lines and columns from 0. */
function tokens(grammar, text) {
  const found = [];
  let stack = INITIAL;
  text.split("\n").forEach((line, number) => {
    const done = grammar.tokenizeLine(line, stack);
    if (done.stoppedEarly) {
      throw new Error(`line ${number + 1} takes too long`);
    }
    stack = done.ruleStack;
    for (const { startIndex, endIndex, scopes } of done.tokens) {
      const end = Math.min(endIndex, line.length);
      if (end > startIndex) {
        found.push({ line: number, start: startIndex, end, text: line.slice(startIndex, end), scopes });
      }
    }
  });
  return found;
}

module.exports = { registry, tokens };
