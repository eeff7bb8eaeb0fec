"use strict";
// The extension as it is shipped (the bundle), with the real server, in an editor that is faked.

const assert = require("node:assert/strict");
const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { after, before, beforeEach, afterEach, test } = require("node:test");
const { make } = require("./vscode");
const { environment, python } = require("./where");

const BUNDLE = path.join(__dirname, "..", "dist", "extension.js");
const TALK = `talk "T" { format = 1080p30 }

scene one "One" {
  say "Hello there, {here} everybody." {
    show title("Hello") as words
    at here: highlight words
  }
}
`;

let folder;
let editor;
let extension;
let subscriptions;
let api;

const load = Module._load;
before(() => {
  process.env.PYTHONPATH = environment.PYTHONPATH;
  process.env.PVC_CACHE_DIR = fs.mkdtempSync(path.join(os.tmpdir(), "pvc-cache-"));
});
after(() => fs.rmSync(process.env.PVC_CACHE_DIR, { recursive: true, force: true }));

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "pvc-vscode-"));
  subscriptions = [];
});

afterEach(async () => {
  await extension?.deactivate();
  subscriptions.forEach((each) => each.dispose());
  Module._load = load;
  extension = undefined;
  fs.rmSync(folder, { recursive: true, force: true });
});

async function begin(settings) {
  editor = make(folder, settings);
  Module._load = (name, ...rest) => (name === "vscode" ? editor.vscode : load(name, ...rest));
  delete require.cache[require.resolve(BUNDLE)];
  extension = require(BUNDLE);
  api = await extension.activate({ subscriptions });
}

const checkout = { "pvc.path": python, "pvc.arguments": ["-m", "pvc.cli.main"] };
const uriOf = (document) => document.uri.toString();
const published = (document) => editor.seen.published.get(uriOf(document));
const codes = (document) => (published(document) || []).map((each) => each.code?.value ?? each.code);

test("findings arrive, change with the text, and its features are offered", async () => {
  await begin(checkout);
  fs.writeFileSync(path.join(folder, "talk.vid"), TALK);
  const document = editor.open("talk.vid", "vid", TALK.replace("at here:", "at her:"));
  await editor.until(() => codes(document).includes("PVC0401"));
  editor.edit(document, TALK);
  await editor.until(() => published(document) && !codes(document).includes("PVC0401"));
  for (const name of ["Hover", "CompletionItem", "Rename", "DocumentSymbol", "InlayHints", "CodeLens", "FoldingRange", "Color"]) {
    assert.ok([...editor.seen.providers].some((each) => each === `register${name}Provider`), `${name}: ${[...editor.seen.providers]}`);
  }
  assert.match(editor.seen.status.text, /^pvc \d/);
  assert.equal(editor.seen.context["pvc.talk"], true);
  assert.deepEqual(editor.seen.messages, []);
});

test("files that nobody has opened are checked as well", async () => {
  fs.writeFileSync(path.join(folder, "other.vid"), TALK.replace("at here:", "at her:"));
  await begin(checkout);
  const document = editor.open("talk.vid", "vid", TALK);
  const other = [...document.uri.toString().split("/").slice(0, -1), "other.vid"].join("/");
  await editor.until(() => (editor.seen.published.get(other) || []).length > 0);
  assert.deepEqual(codes(document), []);
});

test("the YAML twin is checked too, other YAML is left alone", async () => {
  await begin(checkout);
  const twin = 'vid: 1\nitems:\n  - kind: scene\n    name: one\n    body:\n      - kind: say\n        text: "Hi."\n        body:\n          - kind: action\n            verb: shwo\n            operands: [nothing]\n';
  const document = editor.open("talk.vid.yaml", "yaml", twin);
  const other = editor.open("other.yaml", "yaml", "a: [1");
  await editor.until(() => codes(document).length > 0);
  assert.equal(published(other), undefined);
});

test("the server is started again when it dies", async () => {
  await begin(checkout);
  const document = editor.open("talk.vid", "vid", TALK.replace("at here:", "at her:"));
  await editor.until(() => codes(document).includes("PVC0401"));
  editor.seen.published.clear();
  api.client()._serverProcess.kill("SIGKILL");
  await editor.until(() => editor.seen.lines.some((line) => line.includes("started again")));
  await editor.until(() => codes(document).includes("PVC0401"));
});

test("a missing pvc is told of once, with what to do; setting the path mends it", async () => {
  const PATH = process.env.PATH;
  process.env.PATH = folder;
  try {
    await begin({});
  } finally {
    process.env.PATH = PATH;
  }
  const [message, ...more] = editor.seen.messages;
  assert.match(message.text, /pip install 'paper-video-compiler\[lsp\]'/);
  assert.ok(message.buttons.includes("Set pvc.path"));
  assert.deepEqual(more, []);
  assert.equal(api.client(), undefined);
  Object.assign(editor.settings, checkout);
  editor.configure("pvc.path", python);
  const document = editor.open("talk.vid", "vid", TALK.replace("at here:", "at her:"));
  await editor.until(() => codes(document).includes("PVC0401"));
});

test("a pvc that cannot serve says why", async () => {
  const fake = path.join(folder, "pvc");
  fs.writeFileSync(fake, '#!/bin/sh\necho "error[PVC0903]: the language server needs pygls" >&2\nexit 3\n', { mode: 0o755 });
  await begin({ "pvc.path": fake });
  await editor.until(() => editor.seen.messages.some((each) => /needs pygls/.test(each.text)));
});

test("the virtual environment of the workspace is found", async () => {
  const { find } = require("../src/find");
  const bin = path.join(folder, ".venv", "bin");
  fs.mkdirSync(bin, { recursive: true });
  fs.writeFileSync(path.join(bin, "pvc"), "#!/bin/sh\n", { mode: 0o755 });
  const given = { folders: [folder], environment: { PATH: "" }, platform: "linux" };
  assert.equal(find(given).command, path.join(bin, "pvc"));
  assert.equal(find({ ...given, trusted: false }).command, undefined);
  assert.equal(find({ ...given, setting: "${workspaceFolder}/.venv/bin/pvc" }).command, path.join(bin, "pvc"));
  assert.match(find({ ...given, setting: "/nowhere/pvc" }).problem, /\/nowhere\/pvc/);
  assert.equal(find({ ...given, folders: [], environment: { PATH: `/nowhere:${bin}` } }).origin, "PATH");
  assert.equal(find({ ...given, folders: [], python: path.join(bin, "python") }).command, path.join(bin, "pvc"));
});

test("preview paints the scene at the cursor, and says why where it cannot", async () => {
  await begin({ ...checkout, "pvc.preview.preset": "draft" });
  const document = editor.open("talk.vid", "vid", TALK);
  document.isDirty = true;
  await editor.until(() => published(document));
  editor.cursor(3, 8);
  assert.equal(await editor.seen.commands.get("pvc.preview")(), true, editor.seen.lines.join("\n"));
  const [panel] = editor.seen.panels;
  const shown = panel.posted.at(-1);
  assert.match(shown.place, /^talk\.vid, scene one, frame \d+ of \d+$/);
  const png = Buffer.from(shown.picture.split(",")[1], "base64");
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.ok(png.readUInt32BE(16) >= 640);
  assert.match(panel.webview.html, /Content-Security-Policy/);
  for (const outside of [0, TALK.split("\n").length - 1]) {
    editor.cursor(outside, 0); // above the first scene, and in the empty line below the last
    assert.equal(await editor.seen.commands.get("pvc.preview")(), true, editor.seen.lines.join("\n"));
    assert.match(panel.posted.at(-1).place, /scene one/);
  }
  assert.equal(await editor.seen.commands.get("pvc.preview")(uriOf(document), "scene:one"), true);
  assert.equal(await editor.seen.commands.get("pvc.preview")(uriOf(document), "scene:none"), false);
  assert.ok(panel.posted.at(-1).failed);
});

test("build makes the film and shows its progress", async () => {
  await begin(checkout);
  const document = editor.open("talk.vid", "vid", TALK);
  document.isDirty = true;
  assert.equal(await editor.seen.commands.get("pvc.buildDraft")(uriOf(document)), true, editor.seen.lines.join("\n"));
  assert.ok(fs.statSync(path.join(folder, "talk.mp4")).size > 1000);
  assert.ok(editor.seen.progress.some((line) => /painting|speaking/.test(line)), String(editor.seen.progress));
  editor.edit(document, TALK.replace("show title", "show titel"));
  document.isDirty = true;
  assert.equal(await editor.seen.commands.get("pvc.build")(), false);
  assert.match(editor.seen.messages.at(-1).text, /talk\.vid was not built: .*titel/);
});
