// Package normfreeze applies frozen scalers of plain arithmetic, bit for bit as the database does. Copy this file.
//
// It reads the JSON of a scaler (SELECT scaler::text), refuses by name what it does not know, and runs the scaler's probes.
package normfreeze

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// What a formula does to x, in the order of the database; each operation is rounded by itself.
var formulas = map[string]string{
	"identity": "", "subtract_divide": "- center / scale", "subtract_divide_cast": "- center / scale", "divide": "/ scale",
	"divide_cast": "/ scale", "multiply": "* factor", "multiply_add": "* scale + offset", "multiply_offset": "* factor + offset",
	"scale_shift": "- center / scale * multiplier + intercept", "subtract_multiply": "- center * factor",
	"subtract_multiply_add": "- center * factor + offset", "batch_norm": "- center * factor * weight + offset",
	"subtract_multiply_single": "- center * factor", "sqrt": "", "square": "", "reciprocal": "",
	"rescale_subtract_divide": "* factor - center / scale",
}

// All keys of a format that this reader knows. Those that it does not use say how the scaler was fitted.
const (
	scalerKeys = "format scaler_id fingerprint named distribution weighted features profile_digest profile probes"
	stepKeys   = "method options formula parameters constant imported domain domain_range"
	keys       = stepKeys + " name before range target missing imputed outside if_constant quantiles intercept global unfit range_rule statistics clip"
)

// Number is a number, "Infinity" or "-Infinity"; "NaN" and null are NaN, true and false 1 and 0.
type Number float64

func (n *Number) UnmarshalJSON(text []byte) error {
	words := map[string]float64{"null": math.NaN(), `"NaN"`: math.NaN(), `"Infinity"`: math.Inf(1), `"-Infinity"`: math.Inf(-1), "true": 1, "false": 0}
	if value, found := words[string(text)]; found {
		*n = Number(value)
		return nil
	}
	if json.Unmarshal(text, (*float64)(n)) != nil {
		return fmt.Errorf("%s is no number of double precision, and not null", text)
	}
	return nil
}

type operation struct {
	// - / * + of formulas; f: round to float32; c: clip to [p, q]; s, 2, r: square root, square, reciprocal;
	// d, e: p in place of a value for which s (q = 0) or r (q = 1) is not defined, or an error
	kind byte
	p, q Number
}

type feature struct {
	Name, Missing, Outside, If_constant string
	Target, Constant                    bool
	Imputed                             *Number
	Range                               []Number
	Before                              []json.RawMessage
	operations                          []operation
}

// Scaler is what Load has read: the values of a row are those of Names, in that order.
type Scaler struct {
	ID, Fingerprint string
	Names           []string
	features        []*feature
}

// Load fails unless it knows all that the JSON says, and computes the outputs of the scaler's own probes.
func Load(text []byte) (*Scaler, error) {
	var scaler struct {
		Format                 int
		Scaler_id, Fingerprint string
		Features               []json.RawMessage
		Probes                 struct{ Inputs, Outputs [][]Number }
	}
	if err := json.Unmarshal(text, &struct{ Format *int }{&scaler.Format}); err != nil {
		return nil, err
	} else if scaler.Format != 1 {
		return nil, fmt.Errorf("format %d is not that of one scaler with its id, fingerprint and probes, which is 1", scaler.Format)
	}
	if err := read(text, &scaler, scalerKeys); err != nil {
		return nil, err
	}
	if scaler.Scaler_id == "" || scaler.Fingerprint == "" || len(scaler.Probes.Inputs) == 0 {
		return nil, fmt.Errorf("the scaler lacks its id, fingerprint or probes")
	}
	s := &Scaler{ID: scaler.Scaler_id, Fingerprint: scaler.Fingerprint}
	for _, text := range scaler.Features {
		f := &feature{}
		if err := read(text, f, keys); err != nil {
			return nil, err
		}
		known := f.Imputed != nil || slices.Contains([]string{"keep", "nan", "error"}, f.Missing)
		if !known || !slices.Contains([]string{"keep", "clip", "null", "error"}, f.Outside) {
			return nil, fmt.Errorf("feature %q has an unknown policy: missing %q, outside %q", f.Name, f.Missing, f.Outside)
		}
		if f.Outside != "keep" && !isRange(f.Range) {
			return nil, fmt.Errorf("range is %v, and must be two numbers in order", f.Range)
		}
		for i, step := range append(f.Before, text) {
			if err := f.add(step, i < len(f.Before)); err != nil {
				return nil, fmt.Errorf("feature %q: %w", f.Name, err)
			}
		}
		if !f.Target {
			s.Names, s.features = append(s.Names, f.Name), append(s.features, f)
		}
	}
	for i, inputs := range scaler.Probes.Inputs {
		got, err := s.Normalize(inputs)
		same := func(a, b Number) bool { return a == b || a != a && b != b }
		if err != nil || !slices.EqualFunc(got, scaler.Probes.Outputs[i], same) {
			return nil, fmt.Errorf("scaler %s: probe %d gives %v and must give %v: %v", s.ID, i+1, got, scaler.Probes.Outputs[i], err)
		}
	}
	return s, nil
}

func read(text []byte, into any, keys string) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return err
	}
	for key := range object {
		if !slices.Contains(strings.Fields(keys), key) {
			return fmt.Errorf("the scaler has %q, which this reader does not know", key)
		}
	}
	return json.Unmarshal(text, into)
}

// Append what a step does; the text of a last step is that of its feature.
func (f *feature) add(text []byte, before bool) error {
	var step struct {
		Formula            string
		Domain             string
		Domain_range, Clip []Number
		Parameters         map[string]Number
		Options            struct {
			Clip          bool
			Feature_range []Number
		}
	}
	if err := read(text, &step, map[bool]string{true: stepKeys, false: keys}[before]); err != nil {
		return err
	}
	formula, known := formulas[step.Formula]
	if !known {
		return fmt.Errorf("formula %q is not one of this reader", step.Formula)
	}
	words := strings.Fields(formula)
	for i := 0; i < len(words); i += 2 {
		p, found := step.Parameters[words[i+1]]
		if !found {
			return fmt.Errorf("formula %q lacks its parameter %q", step.Formula, words[i+1])
		}
		f.operations = append(f.operations, operation{words[i][0], p, 0})
	}
	if step.Formula == "subtract_multiply_single" {
		f.operations = append(f.operations, operation{kind: 'f'})
	}
	if kind := map[string]byte{"sqrt": 's', "square": '2', "reciprocal": 'r'}[step.Formula]; kind != 0 {
		where := map[byte]Number{'r': 1, '2': 2}[kind]
		switch step.Domain {
		case "", "keep":
		case "error":
			f.operations = append(f.operations, operation{'e', 0, where})
		case "null":
			f.operations = append(f.operations, operation{'d', Number(math.NaN()), where})
		case "clip":
			if !isRange(step.Domain_range) {
				return fmt.Errorf("domain_range is %v, and must be two numbers in order", step.Domain_range)
			}
			f.operations = append(f.operations, operation{'d', step.Domain_range[0], where})
		default:
			return fmt.Errorf("domain %q is not known", step.Domain)
		}
		f.operations = append(f.operations, operation{kind: kind})
	}
	ends := []Number{-1, 1}
	for _, said := range [][]Number{step.Options.Feature_range, step.Clip} {
		if said != nil && !isRange(said) {
			return fmt.Errorf("clip is %v, and must be two numbers in order", said)
		} else if said != nil {
			ends = said
		}
	}
	if step.Clip != nil || step.Options.Clip {
		f.operations = append(f.operations, operation{'c', ends[0], ends[1]})
	}
	return nil
}

// Normalize gives the results for the values of one row. NaN is a missing value, in both.
func (s *Scaler) Normalize(row []Number) ([]Number, error) {
	if len(row) != len(s.features) {
		return nil, fmt.Errorf("%d values, and scaler %s has %d features", len(row), s.ID, len(s.features))
	}
	results := slices.Clone(row)
	for i, f := range s.features {
		switch x := row[i]; {
		case x != x && f.Imputed != nil:
			results[i] = *f.Imputed
		case x != x && f.Missing == "error" || f.Outside == "error" && (x < f.Range[0] || x > f.Range[1]):
			return nil, fmt.Errorf("feature %q is missing, or outside of its range: %v", f.Name, x)
		case f.Outside == "null" && (x < f.Range[0] || x > f.Range[1]):
			results[i] = Number(math.NaN())
		case f.Outside == "clip":
			results[i] = clip(x, f.Range[0], f.Range[1])
		}
		for _, o := range f.operations {
			if o.kind == 'e' && o.undefined(results[i]) {
				return nil, fmt.Errorf("feature %q: a formula is not defined for %v", f.Name, results[i])
			}
			results[i] = o.apply(results[i])
		}
		if f.Constant && f.If_constant == "null" {
			results[i] = Number(math.NaN())
		}
	}
	return results, nil
}

// The conversions keep compilers from fusing * and +, which would round once instead of twice.
func (o operation) apply(x Number) Number {
	switch o.kind {
	case '-':
		return Number(x - o.p)
	case '/':
		return Number(x / o.p)
	case '*':
		return Number(x * o.p)
	case '+':
		return Number(x + o.p)
	case 'f':
		return Number(float32(x))
	case 's':
		return Number(math.Sqrt(float64(x)))
	case '2':
		return Number(x * x)
	case 'r':
		return Number(1 / x)
	case 'd', 'e':
		if o.undefined(x) {
			return o.p
		}
		return x
	}
	return clip(x, o.p, o.q)
}

func (o operation) undefined(x Number) bool {
	return o.q == 0 && x < 0 || o.q == 1 && x == 0
}

func isRange(ends []Number) bool {
	return len(ends) == 2 && ends[0] <= ends[1]
}

// NaN stays, and so does the sign of a zero.
func clip(x, low, high Number) Number {
	if x < low {
		return low
	}
	if x > high {
		return high
	}
	return x
}
