// Command syntax says what Argo makes of the small languages inside its fields, at run time: no linter looks.
//
//	syntax    stdin: {"kind", "text"} objects; stdout: an error for each, "" where Argo can read the text
//
// Kinds: expression (`{{=...}}`, `expression`), when, depends, duration (with a unit, or whole seconds), location
// (where an artifact is, as JSON: what Argo keeps of it).
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"strings"

	"github.com/Knetic/govaluate"
	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/util/expr/argoexpr"
	"github.com/expr-lang/expr/parser"
)

func main() {
	requests, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var asked struct{ Kind, Text string }
		if err := requests.Decode(&asked); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "syntax:", err)
			os.Exit(1)
		}
		said := ""
		if err := read(asked.Kind, asked.Text); err != nil {
			said = err.Error()
		}
		if err := answers.Encode(said); err != nil {
			os.Exit(1)
		}
	}
}

func read(kind, text string) error {
	switch kind {
	case "expression":
		_, err := parser.Parse(text)
		return err
	case "when":
		return when(text)
	case "depends":
		return depends(text)
	case "duration":
		_, err := wfv1.ParseStringToDuration(text)
		return err
	case "location":
		return location(text)
	}
	return fmt.Errorf("there is no kind %s", kind)
}

// location is what becomes of a place where the default store is another one; see newDriverArt of workflow/executor.
func location(text string) error {
	var given wfv1.ArtifactLocation
	if err := json.Unmarshal([]byte(text), &given); err != nil {
		return err
	}
	moved := given.DeepCopy()
	other := wfv1.ArtifactLocation{S3: &wfv1.S3Artifact{S3Bucket: wfv1.S3Bucket{Endpoint: "other", Bucket: "other"}}}
	if err := moved.Relocate(&other); err != nil {
		return err
	}
	if !reflect.DeepEqual(moved, &given) {
		key, _ := moved.GetKey()
		return fmt.Errorf("only %s", key)
	}
	return nil
}

// when is shouldExecute of workflow/controller/steps.go, up to the value.
func when(text string) error {
	expression, err := govaluate.NewEvaluableExpression(text)
	if err != nil {
		return err
	}
	tokens := expression.Tokens()
	for i := range tokens {
		if tokens[i].Kind == govaluate.VARIABLE {
			tokens[i].Kind = govaluate.STRING
		}
	}
	expression, err = govaluate.NewEvaluableExpressionFromTokens(tokens)
	if err != nil {
		return err
	}
	result, err := expression.Evaluate(nil)
	if _, ok := result.(bool); err == nil && !ok {
		err = fmt.Errorf("%v is not true or false", result)
	}
	return err
}

var (
	bare   = regexp.MustCompile(`([a-zA-Z0-9][-a-zA-Z0-9]*?\.[A-Z][a-zA-Z]+)|([a-zA-Z0-9][-a-zA-Z0-9]*)`)
	result = map[string]bool{"Succeeded": true, "Failed": true, "Errored": true, "Skipped": true, "Omitted": true, "Daemoned": true, "AnySucceeded": true, "AllFailed": true}
)

// depends is evaluateDependsLogic of workflow/controller/dag.go, for tasks that exist.
func depends(text string) error {
	env := map[string]map[string]bool{}
	logic := bare.ReplaceAllStringFunc(text, func(name string) string {
		task, _, withResult := strings.Cut(name, ".")
		env[strings.ReplaceAll(task, "-", "_")] = result
		if withResult {
			return name
		}
		return "(" + name + ".Succeeded || " + name + ".Skipped)"
	})
	_, err := argoexpr.EvalBool(strings.ReplaceAll(logic, "-", "_"), env)
	return err
}
