"use strict";
// The .vsix holds what it must and nothing else; package.json names only what there is.

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const zlib = require("node:zlib");

const ROOT = path.join(__dirname, "..");
const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));

/** The files of a zip archive, by its central directory. */
function unzip(data) {
  const end = data.lastIndexOf(Buffer.from("PK\x05\x06"));
  const found = new Map();
  let at = data.readUInt32LE(end + 16);
  for (let left = data.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size, nameLength, extra, comment, local] = [
      data.readUInt16LE(at + 10),
      data.readUInt32LE(at + 20),
      data.readUInt16LE(at + 28),
      data.readUInt16LE(at + 30),
      data.readUInt16LE(at + 32),
      data.readUInt32LE(at + 42),
    ];
    const name = data.toString("utf8", at + 46, at + 46 + nameLength);
    const begin = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28);
    const raw = data.subarray(begin, begin + size);
    found.set(name, method === 8 ? zlib.inflateRawSync(raw) : raw);
    at += 46 + nameLength + extra + comment;
  }
  return found;
}

const files = unzip(fs.readFileSync(path.join(ROOT, "dist", "vid.vsix")));
const inside = (name) => files.get(`extension/${name.replace(/^\.\//, "")}`);

test("every file that package.json names is in the package", () => {
  const { languages, grammars, snippets, yamlValidation } = manifest.contributes;
  const named = [
    manifest.main,
    manifest.icon,
    ...languages.map((each) => each.configuration),
    ...languages.flatMap((each) => Object.values(each.icon || {})),
    ...[...grammars, ...snippets].map((each) => each.path),
    ...yamlValidation.map((each) => each.url),
  ].filter(Boolean);
  for (const name of named) {
    assert.ok(inside(name)?.length > 50, name);
  }
  for (const each of [...grammars, ...snippets, ...yamlValidation]) {
    JSON.parse(inside(each.path || each.url));
  }
});

test("what it shows and what it may be used for are in it, sources and tests are not", () => {
  assert.match(inside("readme.md").toString(), /paper-video-compiler/);
  assert.match(inside("LICENSE.txt").toString(), /Apache License/);
  assert.deepEqual(
    [...files.keys()].filter((name) => /test|node_modules|src\/|generate/.test(name)),
    [],
  );
  assert.ok(files.size < 25, [...files.keys()].join("\n"));
});

test("the bundle stands alone: only Node and vscode are asked for", () => {
  const asked = [...inside("dist/extension.js").toString().matchAll(/\brequire\("([^"]+)"\)/g)].map((each) => each[1]);
  const { builtinModules } = require("node:module");
  assert.deepEqual(
    [...new Set(asked)].filter((name) => name !== "vscode" && !builtinModules.includes(name.replace(/^node:/, ""))),
    [],
  );
});

test("every command in a menu or on a key is there and has a title", () => {
  const titles = new Map(manifest.contributes.commands.map((each) => [each.command, each.title]));
  const used = [...Object.values(manifest.contributes.menus).flat(), ...manifest.contributes.keybindings];
  for (const each of used) {
    assert.ok(titles.get(each.command), each.command);
  }
  const code = fs.readFileSync(path.join(ROOT, "src", "extension.js"), "utf8");
  for (const command of titles.keys()) {
    assert.ok(code.includes(`"${command}"`), command);
  }
});

test("words end where names end: VS Code completes by itself only what it takes for a word", () => {
  const said = JSON.parse(inside("language-configuration.json"));
  const read = (value) => (typeof value === "string" ? new RegExp(value, "g") : new RegExp(value.pattern, `${value.flags || ""}g`));
  const line = 'show charts.bar(größe_2) tex`h_\\infty` #1e90ff';
  assert.deepEqual(line.match(read(said.wordPattern)), ["show", "charts", "bar", "größe_2", "tex", "h_", "\\infty", "#1e90ff"]);
  const { increaseIndentPattern, decreaseIndentPattern } = said.indentationRules;
  assert.match('  say "Hi." {', read(increaseIndentPattern));
  assert.doesNotMatch('  // say "Hi." {', read(increaseIndentPattern));
  assert.match("  }", read(decreaseIndentPattern));
  assert.match("/// What it is", read(said.onEnterRules[0].beforeText));
});
