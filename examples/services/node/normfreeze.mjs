// Applies frozen scalers of plain arithmetic, bit for bit as the database does: a hundred lines of code. Copy this file.
//
// It reads the JSON of a scaler (SELECT scaler::text), refuses by name what it does not know, and runs the scaler's probes.

// What a formula does to x, in the order of the database; each operation is rounded by itself.
const FORMULAS = {
  identity: "", subtract_divide: "- center / scale", subtract_divide_cast: "- center / scale", divide: "/ scale", divide_cast: "/ scale",
  multiply: "* factor", multiply_add: "* scale + offset", multiply_offset: "* factor + offset",
  scale_shift: "- center / scale * multiplier + intercept", subtract_multiply: "- center * factor",
  subtract_multiply_add: "- center * factor + offset", batch_norm: "- center * factor * weight + offset",
  subtract_multiply_single: "- center * factor", sqrt: "", square: "", reciprocal: "",
  rescale_subtract_divide: "* factor - center / scale",
};

// Those without parameters: for which x they are not defined, and what they give.
const FUNCTIONS = { sqrt: [(x) => x < 0, Math.sqrt], square: [() => false, (x) => x * x], reciprocal: [(x) => x === 0, (x) => 1 / x] };

// All keys of a format that this reader knows. Those that it does not use say how the scaler was fitted.
const SCALER_KEYS = "format scaler_id fingerprint named distribution weighted features profile_digest profile probes";
const STEP_KEYS = "method options formula parameters constant imported domain domain_range";
const KEYS = `${STEP_KEYS} name before range target missing imputed outside if_constant quantiles intercept global unfit range_rule statistics clip`;

const OPERATIONS = { "-": (x, p) => x - p, "/": (x, p) => x / p, "*": (x, p) => x * p, "+": (x, p) => x + p };

const fail = (message) => { throw new Error(message); };

const same = (x, y) => x === y || (Number.isNaN(x) && Number.isNaN(y));

// NaN stays, and so does the sign of a zero.
const clip = (x, low, high) => (x < low ? low : x > high ? high : x);

function onlyKeys(object, keys) {
  for (const key of Object.keys(object)) if (!keys.split(" ").includes(key)) fail(`the scaler has "${key}", which this reader does not know`);
}

// A number, or null and "NaN", "Infinity", "-Infinity", which JSON has no numbers for; a string of digits is no number.
function number(value, what) {
  if (value === null) return NaN;
  if (typeof value === "number" || typeof value === "boolean" || ["NaN", "Infinity", "-Infinity"].includes(value)) return Number(value);
  return fail(`${what} is ${JSON.stringify(value)}, and must be a number or null`);
}

// Two numbers in order.
function ends(values, what) {
  const [low, high] = Array.isArray(values) && values.length === 2 ? values.map((end) => number(end, `an end of ${what}`)) : [];
  return low <= high ? [low, high] : fail(`${what} is ${JSON.stringify(values)}, and must be two numbers in order`);
}

// What one step does to a value, as functions of it.
function functionsOf(step) {
  if (!Object.hasOwn(FORMULAS, step.formula)) fail(`formula "${step.formula}" is not one of this reader`);
  const words = FORMULAS[step.formula].split(" ").filter((word) => word);
  const functions = [];
  for (let i = 0; i < words.length; i += 2) {
    const operation = OPERATIONS[words[i]];
    const parameter = number(step.parameters[words[i + 1]], `parameter ${words[i + 1]}`);
    functions.push((x) => operation(x, parameter));
  }
  if (step.formula === "subtract_multiply_single") functions.push(Math.fround);
  if (Object.hasOwn(FUNCTIONS, step.formula)) {
    const [undefinedFor, f] = FUNCTIONS[step.formula];
    const [low] = step.domain === "clip" ? ends(step.domain_range, "domain_range") : [];
    const policies = { keep: (x) => x, null: () => NaN, clip: () => low, error: (x) => fail(`a formula is not defined for ${x}`) };
    const instead = policies[step.domain ?? "keep"] ?? fail(`domain "${step.domain}" is not known`);
    functions.push((x) => f(undefinedFor(x) ? instead(x) : x));
  }
  if (step.clip || step.options.clip) {
    const [low, high] = ends(step.clip ?? step.options.feature_range ?? [-1, 1], "clip");
    functions.push((x) => clip(x, low, high));
  }
  return functions;
}

class Feature {
  constructor(json) {
    onlyKeys(json, KEYS);
    (json.before ?? []).forEach((step) => onlyKeys(step, STEP_KEYS));
    Object.assign(this, json);
    if (!("imputed" in json || ["keep", "nan", "error"].includes(json.missing)) || !["keep", "clip", "null", "error"].includes(json.outside))
      fail(`feature "${json.name}" has an unknown policy: missing "${json.missing}", outside "${json.outside}"`);
    if (json.outside !== "keep") this.range = ends(json.range, "range");
    this.functions = [...(json.before ?? []), json].flatMap(functionsOf);
  }

  apply(x) {
    const outside = this.outside !== "keep" && (x < this.range[0] || x > this.range[1]);
    if (Number.isNaN(x) && "imputed" in this) x = this.imputed;
    else if (Number.isNaN(x) ? this.missing === "error" : outside && this.outside === "error")
      fail(`feature "${this.name}" is missing, or outside of its range: ${x}`);
    else if (outside) x = this.outside === "clip" ? clip(x, ...this.range) : NaN;
    for (const f of this.functions) x = f(x);
    return this.constant && this.if_constant === "null" ? NaN : x;
  }
}

export class Scaler {
  // Fails unless it knows all that the JSON says, and computes the outputs of the scaler's own probes.
  constructor(text) {
    const json = JSON.parse(text);
    if (json?.format !== 1) fail(`format ${json?.format} is not that of one scaler with its id, fingerprint and probes, which is 1`);
    onlyKeys(json, SCALER_KEYS);
    if (!json.scaler_id || !json.fingerprint || !json.probes?.inputs.length) fail("the scaler lacks its id, fingerprint or probes");
    this.id = json.scaler_id;             // a string: it has more digits than a number of JavaScript
    this.fingerprint = json.fingerprint;
    this.features = json.features.map((feature) => new Feature(feature)).filter((feature) => !feature.target);
    this.names = this.features.map((feature) => feature.name);
    json.probes.inputs.forEach((inputs, row) => {
      const got = this.values(inputs);
      const outputs = json.probes.outputs[row].map((y) => number(y, "a probe"));
      if (!got.every((y, i) => same(y, outputs[i]))) fail(`scaler ${this.id}: probe ${row + 1} gives ${got} and must give ${outputs}`);
    });
  }

  // The results for the values of one row, in the order of names; NaN and null are missing values.
  values(row) {
    if (row.length !== this.features.length) fail(`${row.length} values, and scaler ${this.id} has ${this.features.length} features`);
    return this.features.map((feature, i) => feature.apply(number(row[i], `feature "${feature.name}"`)));
  }

  // The same for an object with a number for each feature.
  normalize(object) {
    if (this.names.includes(null)) fail(`scaler ${this.id} has no names of features: give values() its rows`);
    if (object === null || typeof object !== "object" || Array.isArray(object)) fail(`a row is an object, not ${JSON.stringify(object)}`);
    const lost = this.names.find((name) => !Object.hasOwn(object, name));
    if (lost !== undefined) fail(`the row has no "${lost}", which is a feature`);
    const values = this.values(this.names.map((name) => object[name]));
    return Object.fromEntries(this.names.map((name, i) => [name, values[i]]));
  }
}
