"use strict";
// Puts the schema of the YAML twin into the extension: its one source is schemas/ of the repository.
const fs = require("node:fs");
const path = require("node:path");

const target = path.join(__dirname, "schemas");
fs.mkdirSync(target, { recursive: true });
fs.copyFileSync(path.join(__dirname, "..", "..", "schemas", "vid.schema.json"), path.join(target, "vid.schema.json"));
