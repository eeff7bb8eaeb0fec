"use strict";
// One frame of a talk beside its text: `pvc frame` of the scene or the time at the cursor.

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const vscode = require("vscode");
const { run, reason } = require("./run");

class Preview {
  /** `pvc(args)` gives { command, args } or undefined; `log(text)` writes a line. */
  constructor(pvc, log) {
    this.pvc = pvc;
    this.log = log;
    this.panel = undefined;
    this.folder = undefined;
    this.running = undefined;
    this.number = 0;
  }

  /** Paints `file@at` and shows it; the last call wins. */
  async show(file, at, title) {
    const settings = vscode.workspace.getConfiguration("pvc");
    this.folder ??= fs.mkdtempSync(path.join(os.tmpdir(), "pvc-preview-"));
    const target = path.join(this.folder, `${++this.number}.png`);
    const mine = this.number;
    const call = this.pvc(["frame", `${file}@${at}`, "-o", target, "--preset", settings.get("preview.preset", "hd"), "--json"]);
    if (!call) {
      return false;
    }
    this.running?.();
    this.open();
    this.tell({ waiting: title });
    const ended = await run(call.command, call.args, { cwd: path.dirname(file), stop: (stop) => (this.running = stop) });
    if (mine !== this.number || !this.panel) {
      return false;
    }
    this.running = undefined;
    if (ended.code !== 0 || !fs.existsSync(target)) {
      this.log(ended.err || ended.out);
      this.tell({ failed: reason(ended), title });
      return false;
    }
    const said = JSON.parse(ended.out);
    const place = `${path.basename(file)}, scene ${said.scene}, frame ${said.frame} of ${said.frames}`;
    const note = said.estimated ? "times are estimates until the talk is built" : "";
    this.tell({ picture: `data:image/png;base64,${fs.readFileSync(target).toString("base64")}`, place, note });
    fs.rmSync(target, { force: true });
    return true;
  }

  open() {
    if (this.panel) {
      this.panel.reveal(undefined, true);
      return;
    }
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.panel = vscode.window.createWebviewPanel("pvc.preview", "pvc: preview", where, { enableScripts: true });
    this.panel.webview.html = page();
    this.panel.onDidDispose(() => {
      this.panel = undefined;
      this.running?.();
    });
  }

  tell(message) {
    this.panel?.webview.postMessage(message);
  }

  dispose() {
    this.running?.();
    this.panel?.dispose();
    if (this.folder) {
      fs.rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

/** The page of the preview. It gets messages: { waiting }, { picture, place, note } or { failed, title }. */
function page() {
  const nonce = require("node:crypto").randomBytes(16).toString("hex");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>pvc: preview</title>
<style nonce="${nonce}">
  body { margin: 0; padding: 12px; font-family: var(--vscode-font-family); color: var(--vscode-foreground); }
  img { display: block; max-width: 100%; max-height: calc(100vh - 72px); margin: 0 auto; box-shadow: 0 2px 12px rgba(0, 0, 0, 0.4); }
  img.old { opacity: 0.6; }
  p { margin: 10px 2px 0; }
  .failed { color: var(--vscode-errorForeground); white-space: pre-wrap; }
  .note { color: var(--vscode-descriptionForeground); }
</style>
</head>
<body>
<img id="picture" alt="" hidden>
<p id="place" role="status"></p>
<p id="note" class="note"></p>
<script nonce="${nonce}">
  const [picture, place, note] = ["picture", "place", "note"].map((id) => document.getElementById(id));
  window.addEventListener("message", ({ data }) => {
    place.className = data.failed ? "failed" : "";
    if (data.waiting) {
      picture.className = "old";
      place.textContent = "painting " + data.waiting + " ...";
      note.textContent = "";
    } else if (data.failed) {
      place.textContent = data.failed;
      note.textContent = data.title + " cannot be shown";
    } else {
      picture.hidden = false;
      picture.className = "";
      picture.src = data.picture;
      picture.alt = data.place;
      place.textContent = data.place;
      note.textContent = data.note;
    }
  });
</script>
</body>
</html>`;
}

module.exports = { Preview, page };
