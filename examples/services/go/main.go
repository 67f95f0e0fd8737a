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

	"example.com/service/normfreeze"
)

func main() {
	log.SetFlags(0)
	text, err := os.ReadFile(os.Args[1])
	check(err)
	scaler, err := normfreeze.Load(text) // runs the probes: nothing is scored by a file that does not agree
	check(err)
	rows, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var row map[string]normfreeze.Number
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
			values[i] = value
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
