// Scores rows by a frozen scaler: node score.mjs churn.json < rows.jsonl
//
// A row is an object of numbers by feature, null where one is missing; a line of output has the results, and the scaler's id.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Scaler } from "./normfreeze.mjs";

// 1e400 is JSON, and no double
const finite = (key, value) => {
  if (Math.abs(value) === Infinity && typeof value === "number") throw new Error(`"${key}" is a number beyond double precision`);
  return value;
};

try {
  const scaler = new Scaler(readFileSync(process.argv[2], "utf8")); // runs the probes: nothing is scored by a file that does not agree
  for await (const line of createInterface({ input: process.stdin }))
    // JSON has no NaN and no infinity: JSON.stringify would write null for both
    console.log(JSON.stringify({ scaler_id: scaler.id, values: scaler.normalize(JSON.parse(line, finite)) }, (_, v) => (Math.abs(v) === Infinity ? String(v) : v)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
