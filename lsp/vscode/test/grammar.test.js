"use strict";
// The examples in colour: as they were when somebody looked (test/golden holds their text of then; `UPDATE=1 npm test` takes
// it anew), and each token of our own lexer with a scope of its kind.

const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { before, test } = require("node:test");
const { registry, tokens } = require("./tokens");
const { environment, python } = require("./where");

const REPOSITORY = path.join(__dirname, "..", "..", "..");
const EXAMPLES = ["hello", "euler", "attention"].map((name) => path.join("examples", name, "talk.vid"));

let vid;
let all;
before(async () => {
  all = await registry();
  vid = await all.loadGrammar("source.vid");
});

const read = (name) => fs.readFileSync(path.join(REPOSITORY, name), "utf8");
const short = (scopes) => scopes.slice(1).map((scope) => scope.replace(/\.vid$/, "")).join(" > ") || "-";

/** One line for each token but white space, after a line with the text. */
function drawn(text) {
  const lines = [];
  const found = tokens(vid, text);
  text.split("\n").forEach((line, number) => {
    if (line.trim()) {
      lines.push(`| ${line}`);
      for (const token of found.filter((each) => each.line === number && each.text.trim())) {
        lines.push(`${token.text.trim()}\t${short(token.scopes)}`);
      }
    }
  });
  return `${lines.join("\n")}\n`;
}

/** The text that a golden drawing was made of. */
const textOf = (golden) =>
  golden
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(2))
    .join("\n");

for (const example of [...EXAMPLES, path.join("lsp", "vscode", "test", "words.vid")]) {
  test(`the colours of ${example}, as they were looked at`, () => {
    const file = path.join(__dirname, "golden", `${example.split(path.sep).slice(-2).join("-")}.txt`);
    if (process.env.UPDATE) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, drawn(read(example)));
    }
    const golden = fs.readFileSync(file, "utf8");
    assert.ok(golden.split("\n").length > 50);
    assert.equal(drawn(textOf(golden)), golden, "other colours: look at them, then `UPDATE=1 npm test`");
  });
}

test("every token of the lexer has a scope of its kind, in every text of the repository", () => {
  const asked = spawnSync(python, [path.join(__dirname, "expected.py")], { env: environment, encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(asked.status, 0, asked.stderr);
  let checked = 0;
  for (const { name, text, expected } of JSON.parse(asked.stdout)) {
    const found = new Map();
    for (const token of tokens(vid, text)) {
      found.set(`${token.line}:${token.start}`, token.scopes);
    }
    for (const { line, column, scopes, token } of expected) {
      const has = found.get(`${line}:${column}`);
      assert.ok(has, `${name}:${line + 1}: no token begins at ${token}`);
      assert.ok(
        has.some((scope) => scopes.includes(scope)),
        `${name}:${line + 1}: ${token} is ${has.join(" ")}, not one of ${scopes.join(", ")}`,
      );
      checked += 1;
    }
  }
  assert.ok(checked > 3000, `only ${checked} tokens were looked at`);
});

test("programs in raw texts go to the grammar of their language", () => {
  const found = tokens(vid, "let a = python`\ndef f():\n  return 1\n`\nlet b = ada`x`\nlet c = bash```echo `date` ```\n");
  const scopes = (text) => found.find((each) => each.text === text).scopes;
  assert.ok(scopes("def").includes("keyword.control.python"));
  assert.ok(scopes("def").includes("meta.embedded.block.python"));
  assert.ok(scopes("echo").includes("support.function.shell"));
  assert.ok(scopes("x").includes("string.other.raw.vid"));
  assert.ok(scopes("c").includes("entity.name.type.vid"));
});

test("formulas are TeX", () => {
  const found = tokens(vid, "let a = equation(tex`\\frac{a_1}{2} % why`)");
  const scopes = (text) => found.find((each) => each.text === text).scopes;
  assert.ok(scopes("\\frac").includes("support.function.tex"));
  assert.ok(scopes("_").includes("keyword.operator.tex"));
  assert.ok(scopes("\\frac").includes("meta.embedded.block.tex.vid"));
});

test("an unclosed quote ends with its line", () => {
  const found = tokens(vid, 'say "open\nscene a { }');
  assert.ok(found.find((each) => each.text === "scene").scopes.includes("storage.type.vid"));
});

test("blocks of vid in Markdown, and formulas in YAML", async () => {
  const markdown = await all.loadGrammar("text.html.markdown");
  const page = tokens(markdown, "# Page\n\n```vid\nscene a { wait 1s }\n```\n\n# After\n");
  assert.ok(page.find((each) => each.text === "scene").scopes.includes("storage.type.vid"));
  assert.ok(page.find((each) => each.text === "# After").scopes.includes("markup.heading.markdown"));
  const yaml = await all.loadGrammar("source.yaml");
  const twin = tokens(yaml, "value: !tex '\\frac{a}{b}'\nnext: 1\n");
  assert.ok(twin.find((each) => each.text === "\\frac").scopes.includes("support.function.tex"));
  assert.ok(twin.find((each) => each.text === "next").scopes.includes("entity.name.tag.yaml"));
});
