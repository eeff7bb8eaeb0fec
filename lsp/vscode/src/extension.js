"use strict";
// Starts the language server and gives its commands a face. Everything that is known of talks comes from `pvc`.

const path = require("node:path");
const vscode = require("vscode");
const { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, Trace } = require("vscode-languageclient/node");
const { build } = require("./build");
const { find } = require("./find");
const { Preview } = require("./preview");
const { run, reason } = require("./run");

const INSTALL = "pip install 'paper-video-compiler[lsp]'";
const MOST_CRASHES = 4;
const MINUTES = 3;
const SCENE = 5; // the protocol's kind of symbol (a class) that the server gives scenes

let client;
let output;
let preview;
let status;
let crashes = [];
let missing = "";
let failed = false;

async function activate(context) {
  output = vscode.window.createOutputChannel("pvc");
  status = vscode.languages.createLanguageStatusItem?.("pvc.server", documents());
  preview = new Preview(pvc, log);
  context.subscriptions.push(output, preview, ...(status ? [status] : []));
  const command = (name, run) => context.subscriptions.push(vscode.commands.registerCommand(name, run));
  command("pvc.preview", showPreview);
  command("pvc.build", (uri) => withTalk(uri, (file) => build(pvc, log, file, false)));
  command("pvc.buildDraft", (uri) => withTalk(uri, (file) => build(pvc, log, file, true)));
  command("pvc.check", (uri) => withTalk(uri, check));
  command("pvc.restart", restart);
  command("pvc.log", () => output.show());
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((changed) => {
      if (["pvc.path", "pvc.arguments"].some((name) => changed.affectsConfiguration(name))) {
        restart();
      } else if (changed.affectsConfiguration("pvc")) {
        client?.sendNotification("workspace/didChangeConfiguration", { settings: { pvc: forServer() } });
      }
    }),
    vscode.window.onDidChangeActiveTextEditor(context_),
    vscode.workspace.onDidGrantWorkspaceTrust?.(restart) ?? { dispose() {} },
  );
  context_(vscode.window.activeTextEditor);
  await start();
  return { client: () => client, preview };
}

async function deactivate() {
  await stop();
}

function documents() {
  return [
    { language: "vid", scheme: "file" },
    { language: "vid", scheme: "untitled" },
    { language: "yaml", scheme: "file", pattern: "**/*.vid.yaml" },
  ];
}

function isTalk(document) {
  return Boolean(document) && (document.languageId === "vid" || document.fileName.endsWith(".vid.yaml"));
}

/** Whether the commands are offered. */
function context_(editor) {
  vscode.commands.executeCommand("setContext", "pvc.talk", isTalk(editor?.document));
}

function log(text) {
  for (const line of String(text).trimEnd().split("\n")) {
    output.appendLine(line);
  }
}

/** What the server is told of the settings. */
function forServer() {
  const settings = vscode.workspace.getConfiguration("pvc");
  return { thumbnail: settings.get("hover.thumbnail", true), lens: settings.get("lens", true), layout: settings.get("layout", true) };
}

// ------------------------------------------------------------------------------------------------ pvc itself

/** How to call pvc with these arguments; undefined where it is missing, which the user is told of. */
function pvc(args) {
  const settings = vscode.workspace.getConfiguration("pvc");
  const trusted = vscode.workspace.isTrusted !== false;
  const found = find({
    setting: settings.get("path", ""),
    folders: (vscode.workspace.workspaceFolders || []).filter((each) => each.uri.scheme === "file").map((each) => each.uri.fsPath),
    trusted,
    python: vscode.workspace.getConfiguration("python").get("defaultInterpreterPath"),
  });
  if (!found.command) {
    tellMissing(found);
    return undefined;
  }
  missing = "";
  return { command: found.command, args: [...settings.get("arguments", []), ...args], origin: found.origin };
}

/** Says once for each cause what to do. */
function tellMissing({ problem, looked }) {
  log(`${problem} Looked in: ${looked.join(", ")}`);
  if (status) {
    status.text = "pvc is missing";
    status.severity = vscode.LanguageStatusSeverity?.Error;
  }
  if (missing === problem) {
    return;
  }
  missing = problem;
  const buttons = ["Copy the Command", "Set pvc.path", "Try Again"];
  const advice = `${problem} Install it into the workspace's virtual environment (${INSTALL}), or set pvc.path.`;
  vscode.window.showErrorMessage(advice, ...buttons).then((chosen) => {
    if (chosen === buttons[0]) {
      vscode.env.clipboard.writeText(INSTALL);
    } else if (chosen === buttons[1]) {
      vscode.commands.executeCommand("workbench.action.openSettings", "pvc.path");
    } else if (chosen === buttons[2]) {
      missing = "";
      restart();
    }
  });
}

// ------------------------------------------------------------------------------------------------ the server

async function start() {
  const call = pvc(["lsp"]);
  if (!call) {
    return;
  }
  log(`pvc: ${call.command} (from ${call.origin})`);
  // Without input the server ends at once: one that cannot run (its package is missing, say) tells why here.
  const tried = await run(call.command, call.args);
  if (tried.code !== 0) {
    serverFailed(reason(tried));
    return;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  client = new LanguageClient(
    "pvc",
    "pvc",
    { command: call.command, args: call.args, options: folder ? { cwd: folder } : {} },
    {
      documentSelector: documents(),
      outputChannel: output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: forServer(),
      errorHandler: { error: () => ({ action: ErrorAction.Continue, handled: true }), closed },
      initializationFailedHandler: () => false, // `start` rejects as well, and says why
    },
  );
  try {
    await client.start();
    client.setTrace?.(Trace.fromString(vscode.workspace.getConfiguration("pvc").get("trace.server", "off")));
    if (status) {
      status.text = `pvc ${client.initializeResult?.serverInfo?.version || ""}`.trim();
      status.severity = vscode.LanguageStatusSeverity?.Information;
    }
  } catch (error) {
    serverFailed(error?.message || String(error));
  }
}

/** The server ended by itself: it is started again, unless it does so again and again. */
function closed() {
  if (!client?.initializeResult) {
    serverFailed("it ended before it was ready");
    return { action: CloseAction.DoNotRestart, handled: true };
  }
  const now = Date.now();
  crashes = [...crashes.filter((time) => now - time < MINUTES * 60_000), now];
  if (crashes.length <= MOST_CRASHES) {
    log("The language server ended; it is started again.");
    return { action: CloseAction.Restart, handled: true };
  }
  serverFailed(`it ended ${crashes.length} times in ${MINUTES} minutes`);
  return { action: CloseAction.DoNotRestart, handled: true };
}

/** Says once why the server does not run. */
async function serverFailed(why) {
  if (failed) {
    return;
  }
  failed = true;
  log(`The language server does not run: ${why}`);
  if (status) {
    status.text = "pvc does not run";
    status.severity = vscode.LanguageStatusSeverity?.Error;
  }
  const chosen = await vscode.window.showErrorMessage(
    `pvc's language server does not run: ${why}. Perhaps it is not installed: ${INSTALL}`,
    "Show the Log",
    "Restart",
  );
  if (chosen === "Show the Log") {
    output.show();
  } else if (chosen === "Restart") {
    restart();
  }
}

async function stop() {
  const old = client;
  client = undefined;
  try {
    await old?.stop();
    await old?.dispose?.();
  } catch {
    // it never ran, or is gone already
  }
}

async function restart() {
  crashes = [];
  missing = "";
  failed = false;
  await stop();
  await start();
}

// ------------------------------------------------------------------------------------------------ commands

/** Runs `act` with the saved file of a talk: the one named, else that of the active editor. */
async function withTalk(uri, act) {
  const wanted = typeof uri === "string" ? vscode.Uri.parse(uri) : uri;
  const editor = vscode.window.activeTextEditor;
  const document = wanted ? await vscode.workspace.openTextDocument(wanted) : editor?.document;
  if (!isTalk(document)) {
    vscode.window.showWarningMessage("pvc: open a .vid file first.");
    return false;
  }
  if (document.isUntitled || document.uri.scheme !== "file") {
    vscode.window.showWarningMessage("pvc: save the talk as a file first.");
    return false;
  }
  if (document.isDirty && !(await document.save())) {
    return false;
  }
  return act(document.uri.fsPath, document);
}

/** The frame at `at` (as `pvc frame` takes it), else that of the line at the cursor. */
function showPreview(uri, at) {
  return withTalk(uri, async (file, document) => {
    const editor = vscode.window.activeTextEditor;
    const own = editor && editor.document.uri.toString() === document.uri.toString() ? editor.selection.active.line : 0;
    const place = typeof at === "string" ? at : `line:${(await lineOfScene(document, own)) + 1}`;
    return preview.show(file, place, place.replace(/^scene:/, "the scene ").replace(/^line:/, "what is in line "));
  });
}

/** The line itself inside a scene; else the first one of the scene that follows, or of the last scene: the cursor stands
 * above the first scene when a talk is opened, and below the last one when it was just written. */
async function lineOfScene(document, line) {
  let symbols = [];
  try {
    symbols = (await client?.sendRequest("textDocument/documentSymbol", { textDocument: { uri: document.uri.toString() } })) || [];
  } catch {
    // pvc frame says what is wrong with the line
  }
  const scenes = symbols.filter((each) => each.kind === SCENE).map((each) => each.range);
  const next = scenes.find((each) => each.end.line >= line) || scenes.at(-1);
  return next ? Math.min(Math.max(line, next.start.line), next.end.line) : line;
}

/** The full check, layouts too: its findings go to the log, those that the server has stay where they are. */
async function check(file) {
  const call = pvc(["check", file]);
  if (!call) {
    return false;
  }
  const ended = await run(call.command, call.args, { cwd: path.dirname(file) });
  log(ended.err || ended.out || `${file}: nothing to say`);
  if (ended.code === 0 && !ended.err.trim()) {
    vscode.window.setStatusBarMessage("pvc: nothing to say about this talk", 5000);
  } else {
    output.show(true);
  }
  return ended.code === 0;
}

module.exports = { activate, deactivate };
