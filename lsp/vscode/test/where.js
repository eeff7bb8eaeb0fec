"use strict";
// How the tests call pvc: the Python of $PVC_PYTHON (else python3) with this checkout.

const path = require("node:path");

const REPOSITORY = path.join(__dirname, "..", "..", "..");
const parts = ["compiler", "runtime", "lsp", "cli", "tests"].map((part) => path.join(REPOSITORY, part));

module.exports = {
  python: process.env.PVC_PYTHON || "python3",
  environment: { ...process.env, PYTHONPATH: parts.join(path.delimiter) },
};
