"use strict";
// `pvc build` with its progress in a notification.

const path = require("node:path");
const vscode = require("vscode");
const { run, reason } = require("./run");

/** Builds a talk; true where a film came out. */
async function build(pvc, log, file, draft) {
  const call = pvc(["build", file, "--no-progress", "-v", ...(draft ? ["--draft"] : [])]);
  if (!call) {
    return false;
  }
  const name = path.basename(file);
  const options = { location: vscode.ProgressLocation.Notification, title: `pvc: ${name}`, cancellable: true };
  const ended = await vscode.window.withProgress(options, (progress, token) =>
    run(call.command, call.args, {
      cwd: path.dirname(file),
      told: (line) => {
        log(line);
        progress.report({ message: line.trim() });
      },
      stop: (stop) => token.onCancellationRequested(stop),
    }),
  );
  log(ended.out);
  if (ended.code === null) {
    vscode.window.setStatusBarMessage(`pvc: the build of ${name} was stopped`, 5000);
    return false;
  }
  if (ended.code !== 0) {
    const chosen = await vscode.window.showErrorMessage(`pvc: ${name} was not built: ${reason(ended)}`, "Show the Log");
    if (chosen) {
      vscode.commands.executeCommand("pvc.log");
    }
    return false;
  }
  const film = (/^(.*\.mp4)\b/m.exec(ended.out) || [])[1];
  const shown = vscode.window.showInformationMessage(`pvc: ${ended.out.trim().split("\n")[0]}`, ...(film ? ["Open"] : []));
  shown.then((chosen) => {
    if (chosen && film) {
      vscode.env.openExternal(vscode.Uri.file(path.resolve(path.dirname(file), film)));
    }
  });
  return true;
}

module.exports = { build };
