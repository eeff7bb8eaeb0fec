"use strict";
// As much of the `vscode` module as the extension and its client library touch when no editor runs. What is registered,
// shown and published is kept, so that a test can look at it. Types that nobody looks into are made as they are asked for.

const { EventEmitter } = require("node:events");
const { fileURLToPath, pathToFileURL } = require("node:url");

class Emitter {
  constructor() {
    this.inner = new EventEmitter().setMaxListeners(0);
    this.event = (listener, self) => {
      const bound = self ? listener.bind(self) : listener;
      this.inner.on("fired", bound);
      return new Disposable(() => this.inner.off("fired", bound));
    };
  }
  fire(value) {
    this.inner.emit("fired", value);
  }
  dispose() {
    this.inner.removeAllListeners();
  }
}

class Disposable {
  constructor(end = () => {}) {
    this.end = end;
  }
  static from(...all) {
    return new Disposable(() => all.forEach((each) => each.dispose()));
  }
  dispose() {
    this.end();
  }
}

class Uri {
  constructor(text) {
    this.text = text;
    this.scheme = text.slice(0, text.indexOf(":"));
    this.path = this.scheme === "file" ? decodeURIComponent(new URL(text).pathname) : text.slice(text.indexOf(":") + 1);
  }
  static file(name) {
    return new Uri(pathToFileURL(name).href);
  }
  static parse(text) {
    return new Uri(text);
  }
  get fsPath() {
    return this.scheme === "file" ? fileURLToPath(this.text) : this.path;
  }
  toString() {
    return this.text;
  }
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(start, end, endLine, endCharacter) {
    const four = endLine !== undefined;
    this.start = four ? new Position(start, end) : start;
    this.end = four ? new Position(endLine, endCharacter) : end;
  }
}

class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}

class CancellationTokenSource {
  constructor() {
    this.emitter = new Emitter();
    this.token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  }
  cancel() {
    this.token.isCancellationRequested = true;
    this.emitter.fire();
  }
  dispose() {}
}

class CodeActionKind {
  constructor(value) {
    this.value = value;
  }
  append(part) {
    return new CodeActionKind(this.value ? `${this.value}.${part}` : part);
  }
}
CodeActionKind.Empty = new CodeActionKind("");
CodeActionKind.QuickFix = new CodeActionKind("quickfix");
CodeActionKind.Source = new CodeActionKind("source");

class TabInputText {
  constructor(uri) {
    this.uri = uri;
  }
}

class Document {
  constructor(uri, languageId, text) {
    Object.assign(this, { uri, languageId, text, version: 1, isDirty: false, isUntitled: uri.scheme === "untitled", isClosed: false, eol: 1 });
  }
  get fileName() {
    return this.uri.fsPath;
  }
  get lineCount() {
    return this.text.split("\n").length;
  }
  getText() {
    return this.text;
  }
  async save() {
    require("node:fs").writeFileSync(this.fileName, this.text);
    this.isDirty = false;
    return true;
  }
}

/** A fresh editor in a folder. `settings` are those of the user, with their full names. */
function make(folder, settings = {}) {
  const events = new Map();
  const event = (name) => {
    if (!events.has(name)) {
      events.set(name, new Emitter());
    }
    return events.get(name);
  };
  const seen = { commands: new Map(), messages: [], published: new Map(), providers: new Set(), lines: [], panels: [], progress: [], opened: [], context: {} };
  const documents = [];
  const root = { uri: Uri.file(folder), name: "talks", index: 0 };

  const configuration = (section = "") => ({
    get: (name, otherwise) => {
      const value = settings[section ? `${section}.${name}` : name];
      return value === undefined ? otherwise : value;
    },
    has: () => true,
    inspect: () => undefined,
  });

  const channel = {
    name: "pvc",
    append: (text) => seen.lines.push(text),
    appendLine: (text) => seen.lines.push(text),
    show: () => seen.opened.push("log"),
    clear: () => {},
    dispose: () => {},
    replace: () => {},
    hide: () => {},
  };

  const said = (level) => async (text, ...rest) => {
    seen.messages.push({ level, text, buttons: rest.filter((each) => typeof each === "string") });
    return undefined;
  };

  const listening = (known) =>
    new Proxy(known, {
      get: (target, name) => {
        if (name in target) {
          return target[name];
        }
        if (typeof name === "string" && /^on(Did|Will)/.test(name)) {
          return (target[name] = event(name).event);
        }
        return undefined;
      },
    });

  const workspace = listening({
    workspaceFolders: [root],
    textDocuments: documents,
    notebookDocuments: [],
    isTrusted: true,
    name: "talks",
    getConfiguration: configuration,
    getWorkspaceFolder: () => root,
    createFileSystemWatcher: () => ({ onDidCreate: event("created").event, onDidChange: event("changed").event, onDidDelete: event("deleted").event, dispose() {} }),
    openTextDocument: async (uri) => documents.find((each) => each.uri.toString() === uri.toString()),
    applyEdit: async () => true,
    asRelativePath: (each) => each,
    registerTextDocumentContentProvider: () => new Disposable(),
  });

  const window = listening({
    activeTextEditor: undefined,
    visibleTextEditors: [],
    tabGroups: listening({
      get all() {
        return [{ tabs: documents.map((each) => ({ input: new TabInputText(each.uri) })) }];
      },
    }),
    createOutputChannel: () => channel,
    showErrorMessage: said("error"),
    showWarningMessage: said("warning"),
    showInformationMessage: said("information"),
    setStatusBarMessage: (text) => seen.messages.push({ level: "status", text, buttons: [] }),
    withProgress: async (options, task) =>
      task({ report: (step) => seen.progress.push(step.message) }, new CancellationTokenSource().token),
    createWebviewPanel: (kind, title, where, options) => {
      const posted = [];
      const panel = {
        title,
        options,
        posted,
        webview: { html: "", postMessage: async (message) => posted.push(message), onDidReceiveMessage: event("received").event },
        reveal() {},
        onDidDispose: (listener) => (panel.disposed = listener),
        dispose: () => panel.disposed?.(),
      };
      seen.panels.push(panel);
      return panel;
    },
  });

  const collection = (name) => ({
    name,
    set: (uri, found) => {
      seen.published.set(uri.toString(), found || []);
      event("published").fire(uri.toString());
    },
    delete: (uri) => seen.published.delete(uri.toString()),
    clear: () => seen.published.clear(),
    forEach: () => {},
    get: () => [],
    has: () => false,
    dispose: () => {},
  });

  const languages = new Proxy(
    {
      createDiagnosticCollection: collection,
      createLanguageStatusItem: () => (seen.status = { text: "", severity: 0, dispose() {} }),
      match: (selector, document) =>
        []
          .concat(selector)
          .some(
            (each) =>
              (!each.language || each.language === document.languageId) &&
              (!each.scheme || each.scheme === document.uri.scheme) &&
              (!each.pattern || document.fileName.endsWith(".vid.yaml")),
          )
          ? 10
          : 0,
    },
    {
      get: (target, name) =>
        target[name] ??
        ((...given) => {
          seen.providers.add(String(name));
          seen[name] = given[1];
          return new Disposable(() => seen.providers.delete(String(name)));
        }),
    },
  );

  const commands = {
    registerCommand: (name, act) => {
      if (seen.commands.has(name)) {
        throw new Error(`command '${name}' already exists`);
      }
      seen.commands.set(name, act);
      return new Disposable(() => seen.commands.delete(name));
    },
    executeCommand: async (name, ...given) => {
      if (name === "setContext") {
        seen.context[given[0]] = given[1];
        return undefined;
      }
      seen.opened.push(name);
      return seen.commands.get(name)?.(...given);
    },
    getCommands: async () => [...seen.commands.keys()],
  };

  const named = {
    Uri,
    Position,
    Range,
    Diagnostic,
    Disposable,
    EventEmitter: Emitter,
    CancellationTokenSource,
    CodeActionKind,
    TabInputText,
    version: "1.91.0",
    workspace,
    window,
    languages,
    commands,
    env: { language: "en", appName: "test", machineId: "test", openExternal: async (uri) => seen.opened.push(String(uri)), clipboard: { writeText: async (text) => seen.opened.push(text) }, createTelemetryLogger: () => ({ dispose() {} }), isTelemetryEnabled: false },
    extensions: { getExtension: () => undefined, all: [] },
    l10n: { t: (text) => text },
  };
  const made = new Map();
  const vscode = new Proxy(named, {
    get: (target, name) => {
      if (name in target || typeof name !== "string" || !/^[A-Z]/.test(name)) {
        return target[name];
      }
      if (!made.has(name)) {
        // A type (it can be extended and made) that is an enumeration too (its members are numbers).
        const members = new Map();
        made.set(
          name,
          new Proxy(class {}, {
            get: (type, member) => {
              if (member in type || typeof member !== "string") {
                return type[member];
              }
              if (!members.has(member)) {
                members.set(member, members.size + 1);
              }
              return members.get(member);
            },
          }),
        );
      }
      return made.get(name);
    },
  });

  return {
    vscode,
    seen,
    settings,
    open(name, languageId, text) {
      const document = new Document(Uri.file(require("node:path").join(folder, name)), languageId, text);
      documents.push(document);
      window.activeTextEditor = { document, selection: { active: new Position(0, 0) } };
      event("onDidOpenTextDocument").fire(document);
      event("onDidChangeTabs").fire({ opened: [{ input: new TabInputText(document.uri) }], closed: [], changed: [] });
      event("onDidChangeActiveTextEditor").fire(window.activeTextEditor);
      return document;
    },
    edit(document, text) {
      const lines = document.text.split("\n");
      const range = new Range(0, 0, lines.length - 1, lines[lines.length - 1].length);
      const change = { range, rangeOffset: 0, rangeLength: document.text.length, text };
      document.text = text;
      document.version += 1;
      event("onDidChangeTextDocument").fire({ document, contentChanges: [change], reason: undefined });
    },
    cursor(line, character) {
      window.activeTextEditor.selection.active = new Position(line, character);
    },
    configure(name, value) {
      settings[name] = value;
      event("onDidChangeConfiguration").fire({ affectsConfiguration: (asked) => name === asked || name.startsWith(`${asked}.`) });
    },
    async until(what, seconds = 30) {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const found = what();
        if (found) {
          return found;
        }
        if (Date.now() > end) {
          throw new Error(`not within ${seconds} s: ${what}\n${seen.lines.join("\n")}\n${JSON.stringify(seen.messages)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
  };
}

module.exports = { make };
