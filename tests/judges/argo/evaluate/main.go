// Command evaluate says what Argo makes of one expression, one text with tags, or one condition.
//
//	evaluate    stdin: request objects; stdout: {"value", "error"} for each, at once
//
// Kinds: expression (with the functions of Argo, and values as Argo's controller expands them), replace (tags in the
// JSON text of an object), resolve (one tag as a value), when.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"sort"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/Knetic/govaluate"
	"github.com/argoproj/argo-workflows/v4/util/expr/env"
	"github.com/argoproj/argo-workflows/v4/util/logging"
	"github.com/argoproj/argo-workflows/v4/util/template"
	"github.com/expr-lang/expr"
)

// request is what is asked. Strict asks for ReplaceStrictAny with these prefixes, else Allow says what Replace allows.
type request struct {
	Kind, Text string
	Values     map[string]any
	Allow      bool
	Strict     *[]string
}

type answer struct {
	Value any    `json:"value"`
	Error string `json:"error"`
}

func main() {
	ctx := logging.WithLogger(context.Background(), logging.NewSlogLogger(logging.Error, logging.Text))
	out := bufio.NewWriter(os.Stdout)
	requests, answers := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(out)
	for {
		var asked request
		if err := requests.Decode(&asked); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "evaluate:", err)
			os.Exit(1)
		}
		if answers.Encode(asked.answer(ctx)) != nil || out.Flush() != nil {
			os.Exit(1)
		}
	}
}

// answer is what Argo says; a panic of its code is an error too.
func (r request) answer(ctx context.Context) (said answer) {
	defer func() {
		if reason := recover(); reason != nil {
			said = answer{Error: fmt.Sprint("panic: ", reason)}
		}
	}()
	value, err := r.value(ctx)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Value: described(reflect.ValueOf(value))}
}

func (r request) value(ctx context.Context) (any, error) {
	if r.Values == nil {
		r.Values = map[string]any{}
	}
	switch r.Kind {
	case "expression":
		known := env.GetFuncMap(r.Values)
		program, err := expr.Compile(r.Text, expr.Env(known))
		if err != nil {
			return nil, err
		}
		return expr.Run(program, known)
	case "replace":
		if r.Strict != nil {
			return template.ReplaceStrictAny(ctx, r.Text, r.Values, *r.Strict)
		}
		return template.Replace(ctx, r.Text, r.Values, r.Allow)
	case "resolve":
		return template.ResolveVar(r.Text, r.Values)
	case "when":
		return shouldExecute(r.Text)
	}
	return nil, fmt.Errorf("there is no kind %s", r.Kind)
}

// described is a value with its type in Go: JSON alone has one kind of number.
func described(value reflect.Value) any {
	for value.IsValid() && value.Kind() == reflect.Interface {
		value = value.Elem()
	}
	if !value.IsValid() {
		return nil
	}
	switch each := value.Interface().(type) {
	case time.Time:
		return []any{"time.Time", each.Format(time.RFC3339Nano)}
	case time.Duration:
		return []any{"time.Duration", each.String()}
	case error:
		return []any{"error", each.Error()}
	}
	name := value.Type().String()
	switch value.Kind() {
	case reflect.Bool:
		return []any{name, value.Bool()}
	case reflect.String:
		if !utf8.ValidString(value.String()) {
			return []any{"bytes", base64.StdEncoding.EncodeToString([]byte(value.String()))}
		}
		return []any{name, value.String()}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return []any{name, strconv.FormatInt(value.Int(), 10)}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return []any{name, strconv.FormatUint(value.Uint(), 10)}
	case reflect.Float32, reflect.Float64:
		return []any{name, strconv.FormatFloat(value.Float(), 'g', -1, 64)}
	case reflect.Slice, reflect.Array:
		return []any{name, items(value)}
	case reflect.Map:
		return []any{name, pairs(value)}
	}
	return []any{name}
}

func items(value reflect.Value) []any {
	found := []any{}
	for i := range value.Len() {
		found = append(found, described(value.Index(i)))
	}
	return found
}

// pairs are the keys and values of a map, in the order of how they are written.
func pairs(value reflect.Value) [][]any {
	found := [][]any{}
	for _, key := range value.MapKeys() {
		found = append(found, []any{described(key), described(value.MapIndex(key))})
	}
	sort.Slice(found, func(i, j int) bool { return fmt.Sprint(found[i]) < fmt.Sprint(found[j]) })
	return found
}

// shouldExecute is the function of that name in workflow/controller/steps.go.
func shouldExecute(when string) (bool, error) {
	if when == "" {
		return true, nil
	}
	parsed, err := govaluate.NewEvaluableExpression(when)
	if err != nil {
		return false, fmt.Errorf("Invalid 'when' expression '%s': %v", when, err)
	}
	tokens := parsed.Tokens()
	for i := range tokens {
		if tokens[i].Kind == govaluate.VARIABLE {
			tokens[i].Kind = govaluate.STRING
		}
	}
	parsed, err = govaluate.NewEvaluableExpressionFromTokens(tokens)
	if err != nil {
		return false, fmt.Errorf("failed to parse 'when' expression '%s': %v", when, err)
	}
	result, err := parsed.Evaluate(nil)
	if err != nil {
		return false, fmt.Errorf("failed to evaluate 'when' expresion '%s': %v", when, err)
	}
	holds, ok := result.(bool)
	if !ok {
		return false, fmt.Errorf("expected boolean evaluation for '%s'. Got %v", when, result)
	}
	return holds, nil
}
