// Scores rows by a frozen scaler: go run . churn.json < rows.jsonl
//
// A row is an object of numbers by feature, null where one is missing; a line of output has the results, and the scaler's id.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"math"
	"os"
	"slices"

	"example.com/service/normfreeze"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run . churn.json < rows.jsonl")
	}
	text, err := os.ReadFile(os.Args[1])
	check(err)
	scaler, err := normfreeze.Load(text) // runs the probes: nothing is scored by a file that does not agree
	check(err)
	if slices.Contains(scaler.Names, "") {
		log.Fatal("the scaler has no names of features, by which a row has them")
	}
	rows, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var row map[string]json.RawMessage
		if err := rows.Decode(&row); errors.Is(err, io.EOF) {
			return
		} else {
			check(err)
		}
		values := make([]normfreeze.Number, len(scaler.Names))
		for i, name := range scaler.Names {
			value, found := row[name]
			if !found {
				log.Fatalf("the row has no %q, which is a feature", name)
			}
			if err := values[i].UnmarshalJSON(value); err != nil {
				log.Fatalf("%q: %v", name, err)
			}
		}
		values, err := scaler.Normalize(values)
		check(err)
		results := map[string]any{}
		for i, name := range scaler.Names {
			switch v := float64(values[i]); {
			case math.IsNaN(v):
				results[name] = nil
			case math.IsInf(v, 0): // which JSON has no number for
				results[name] = map[bool]string{true: "Infinity", false: "-Infinity"}[v > 0]
			default:
				results[name] = v
			}
		}
		check(out.Encode(map[string]any{"scaler_id": scaler.ID, "values": results}))
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
