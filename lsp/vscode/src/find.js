"use strict";
// Where pvc is: the setting, the workspace's virtual environment, the interpreter that the Python extension uses, PATH.

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const ENVIRONMENTS = [".venv", "venv", "env"];

function isFile(name) {
  try {
    return fs.statSync(name).isFile();
  } catch {
    return false;
  }
}

/** The names that a command may have in a folder of programs. */
function spellings(name, platform) {
  return platform === "win32" ? [`${name}.exe`, `${name}.cmd`, `${name}.bat`, name] : [name];
}

function bin(environment, platform) {
  return path.join(environment, platform === "win32" ? "Scripts" : "bin");
}

function inFolder(folder, platform) {
  return spellings("pvc", platform)
    .map((name) => path.join(folder, name))
    .find(isFile);
}

/** `~` and `${workspaceFolder}` in a path that a person wrote. */
function expanded(text, folders) {
  return text
    .replace(/^~(?=$|[\\/])/, os.homedir())
    .replace(/\$\{workspaceFolder\}/g, folders[0] || "")
    .replace(/\$\{env:(\w+)\}/g, (_, name) => process.env[name] || "");
}

/**
 * Finds the command. `given`: { setting, folders, trusted, python, environment, platform }.
 * Gives { command, origin } or { problem, looked }: a sentence for the user and where it was looked for.
 */
function find(given) {
  const { setting = "", folders = [], trusted = true, python, environment = process.env, platform = process.platform } = given;
  const looked = [];
  if (setting.trim()) {
    const wanted = expanded(setting.trim(), folders);
    const bare = !/[\\/]/.test(wanted);
    const command = bare ? onPath(wanted, environment, platform) : [wanted, path.resolve(folders[0] || ".", wanted)].find(isFile);
    if (command) {
      return { command, origin: "the setting pvc.path" };
    }
    return { problem: `The setting pvc.path names ${wanted}, where there is no such command.`, looked: [wanted] };
  }
  if (trusted) {
    for (const folder of folders) {
      for (const name of ENVIRONMENTS) {
        const place = bin(path.join(folder, name), platform);
        const command = inFolder(place, platform);
        if (command) {
          return { command, origin: `the virtual environment ${path.join(folder, name)}` };
        }
        looked.push(place);
      }
    }
    if (python && path.isAbsolute(python)) {
      const command = inFolder(path.dirname(python), platform);
      if (command) {
        return { command, origin: "the interpreter of the Python extension" };
      }
      looked.push(path.dirname(python));
    }
  }
  const command = onPath("pvc", environment, platform);
  if (command) {
    return { command, origin: "PATH" };
  }
  looked.push("PATH");
  return { problem: "pvc is not installed where VS Code looks for it.", looked };
}

function onPath(name, environment, platform) {
  const folders = (environment.PATH || environment.Path || "").split(platform === "win32" ? ";" : ":");
  for (const folder of folders.filter(Boolean)) {
    const found = spellings(name, platform)
      .map((each) => path.join(folder, each))
      .find(isFile);
    if (found) {
      return found;
    }
  }
  return undefined;
}

module.exports = { find, expanded };
