// Command schema writes schemas/argo.schema.json: the fields of Argo's objects as JSON Schema.
//
//	schema > argo.schema.json
//	schema fields               the names of the fields of each type, as JSON
//
// Names and types of the fields come from Argo's Go types; what is required, the values that are
// allowed and the limits come from its full custom resource definitions, where both agree.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
)

// object is a JSON object; encoding/json sorts its keys.
type object = map[string]any

// kinds are the objects that the schema starts from.
var kinds = []any{
	wfv1.Workflow{}, wfv1.WorkflowTemplate{}, wfv1.ClusterWorkflowTemplate{},
	wfv1.CronWorkflow{}, wfv1.WorkflowEventBinding{},
}

func main() {
	command := run
	if slices.Equal(os.Args[1:], []string{"fields"}) {
		command = writeFields
	}
	if err := command(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

// run writes the schema; its error means that Argo's types and definitions do not fit each other.
func run(out io.Writer) error {
	folder, version, err := module()
	if err != nil {
		return err
	}
	types := newTypes()
	for _, kind := range kinds {
		kind := reflect.TypeOf(kind)
		crd, err := definition(folder, kind.Name())
		if err != nil {
			return err
		}
		if _, err := types.of(kind, crd); err != nil {
			return fmt.Errorf("%s: %w", kind.Name(), err)
		}
	}
	if err := types.addLater(); err != nil {
		return err
	}
	types.addPartial()
	return write(out, version, types)
}

// write prints a definition a line, so that a difference between two versions can be read. The properties of each
// stand in the order in which Argo's and Kubernetes' types declare them, which is the order of the fields in a Workflow.
func write(out io.Writer, version string, types *types) error {
	defs := types.defs
	buffer := bufio.NewWriter(out)
	defer buffer.Flush()
	fmt.Fprintf(buffer, "{\n%q: %q,\n", "$schema", "https://json-schema.org/draft/2020-12/schema")
	comment := "Argo Workflows " + later + " (Apache-2.0): " + version + " and the fields added since. Made by `make argo-schema`."
	fmt.Fprintf(buffer, "%q: %q,\n%q: {\n", "$comment", comment, "$defs")
	names := make([]string, 0, len(defs))
	for name := range defs {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		definition := maps.Clone(defs[name])
		if properties, ok := definition["properties"].(object); ok {
			definition["properties"] = ordered{properties, types.orders[name]}
		}
		line, err := text(definition)
		if err != nil {
			return err
		}
		fmt.Fprintf(buffer, "%q: %s%s\n", name, line, strings.Repeat(",", min(1, len(names)-1-i)))
	}
	_, err := fmt.Fprint(buffer, "}\n}\n")
	return err
}

// ordered is an object whose keys are written in an order, those that it lacks behind them.
type ordered struct {
	object object
	order  []string
}

func (o ordered) MarshalJSON() ([]byte, error) {
	names := slices.Sorted(maps.Keys(o.object))
	slices.SortStableFunc(names, func(one, other string) int { return o.rank(one) - o.rank(other) })
	var line strings.Builder
	for i, name := range names {
		value, err := text(o.object[name])
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&line, "%s%q:%s", strings.Repeat(",", min(1, i)), name, value)
	}
	return []byte("{" + line.String() + "}"), nil
}

func (o ordered) rank(name string) int {
	if place := slices.Index(o.order, name); place >= 0 {
		return place
	}
	return len(o.order)
}

// text is JSON on one line, with `<` and `>` as they are.
func text(value any) (string, error) {
	var line strings.Builder
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSpace(line.String()), err
}
