"use strict";
// Runs pvc to its end: what it said, line by line, and how it ended. Never throws.

const { spawn } = require("node:child_process");

/**
 * `told`: called with each line on stderr. `stop`: called once with a function that ends the run.
 * Resolves to { code, out, err }; `code` is null where pvc could not be started or was stopped.
 */
function run(command, args, { cwd, told = () => {}, stop = () => {} } = {}) {
  return new Promise((resolve) => {
    let out = "";
    let err = "";
    let rest = "";
    let child;
    try {
      child = spawn(command, args, { cwd, windowsHide: true, stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      resolve({ code: null, out, err: String(error.message) });
      return;
    }
    let stopped = false;
    stop(() => {
      stopped = true;
      child.kill("SIGINT");
    });
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => {
      err += text;
      rest += text;
      const lines = rest.split("\n");
      rest = lines.pop();
      lines.filter((line) => line.trim()).forEach(told);
    });
    child.on("error", (error) => resolve({ code: null, out, err: error.message }));
    child.on("close", (code) => resolve({ code: stopped ? null : code, out, err }));
  });
}

/** What went wrong, from pvc's JSON where there is some, else from its last line. */
function reason({ code, out, err }) {
  try {
    const said = JSON.parse(out);
    const first = (said.diagnostics || []).find((each) => each.severity === "error") || (said.diagnostics || [])[0];
    if (first) {
      return `${first.message} (${first.code})`;
    }
    if (said.error) {
      return said.error.message || String(said.error);
    }
  } catch {
    // no JSON: the lines on stderr say it
  }
  const lines = err.trim().split("\n").filter(Boolean);
  return lines.find((line) => /^(error|\w*Error)/.test(line)) || lines.pop() || `pvc ended with ${code}`;
}

module.exports = { run, reason };
