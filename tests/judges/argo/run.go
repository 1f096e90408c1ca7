package main

// What the workflow controller makes of the tasks of a DAG, once it is known how the tasks before them ended. The
// controller is too large to be part of this program and keeps these steps to itself, so they are repeated here from
// workflow/controller (dag.go, operator.go, scope.go, steps.go), without nodes and pods. All that replaces and
// evaluates is Argo's own: common.ProcessArgs, template.ReplaceStrictAny, the expression engine and govaluate.

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"

	"github.com/Knetic/govaluate"
	"github.com/expr-lang/expr"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/util/expr/env"
	"github.com/argoproj/argo-workflows/v4/util/template"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
)

// dagRun is one request of `judge run`: a DAG template, what it is given, and how its tasks ended.
type dagRun struct {
	Templates []wfv1.Template
	Template  string
	Arguments map[string]string
	Globals   common.Parameters
	Outcomes  map[string]outcome
}

// outcome is how a task ended. A loop has one for each item; no item at all is a loop over an empty list.
type outcome struct {
	Phase   wfv1.NodePhase
	Facts   map[string]string
	Outputs map[string]string
	Result  *string
	Items   *[]outcome
}

// dagAnswer is what becomes of each task, and what the DAG yields.
type dagAnswer struct {
	Tasks   map[string]taskAnswer `json:"tasks"`
	Outputs map[string]value      `json:"outputs"`
	Error   string                `json:"error"`
}

// taskAnswer has a run for each item of a loop, and one for any other task. A task that waits has a reference that
// nothing will ever give a value to: the controller asks again and again. Hooks are there when the task has ended.
type taskAnswer struct {
	Runs  []taskRun          `json:"runs"`
	Hooks map[string]taskRun `json:"hooks"`
	Error string             `json:"error"`
	Waits bool               `json:"waits"`
}

type taskRun struct {
	When    string            `json:"when"`
	Skipped bool              `json:"skipped"`
	Inputs  map[string]string `json:"inputs"`
	Error   string            `json:"error"`
}

type value struct {
	Text  string `json:"text"`
	Error string `json:"error"`
}

// controller knows the templates, the outcomes, and the DAG template with its inputs filled in.
type controller struct {
	dagRun
	dag       *wfv1.Template
	templates map[string]*wfv1.Template
}

// runs answers each request on stdin with what becomes of the tasks of a DAG, before it reads the next.
func runs(ctx context.Context, requests *json.Decoder, answers *json.Encoder, flush func() error) error {
	for {
		var request dagRun
		if err := requests.Decode(&request); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := answers.Encode(request.answer(ctx)); err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
	}
}

func (request dagRun) answer(ctx context.Context) dagAnswer {
	c := controller{dagRun: request, templates: map[string]*wfv1.Template{}}
	for i := range request.Templates {
		c.templates[request.Templates[i].Name] = &request.Templates[i]
	}
	c.dag = c.templates[request.Template]
	dag, err := c.received(ctx, request.Template, arguments(request.Arguments))
	if err != nil {
		return dagAnswer{Error: err.Error()}
	}
	c.dag = dag
	answer := dagAnswer{Tasks: map[string]taskAnswer{}, Outputs: map[string]value{}}
	for _, task := range dag.DAG.Tasks {
		answer.Tasks[task.Name] = c.task(ctx, &task)
	}
	for _, output := range dag.Outputs.Parameters {
		answer.Outputs[output.Name] = c.output(ctx, output)
	}
	return answer
}

func arguments(values map[string]string) wfv1.Arguments {
	given := wfv1.Arguments{}
	for name, text := range values {
		given.Parameters = append(given.Parameters, wfv1.Parameter{Name: name, Value: wfv1.AnyStringPtr(text)})
	}
	return given
}

// received is a template as it is run (executeTemplate): with its arguments in place.
func (c controller) received(ctx context.Context, name string, given wfv1.Arguments) (*wfv1.Template, error) {
	found := c.templates[name]
	if found == nil {
		return nil, fmt.Errorf("there is no template %q", name)
	}
	return common.ProcessArgs(ctx, found, &given, c.Globals, common.Parameters{}, false, "", nil)
}

// task is executeDAGTask from where all dependencies are fulfilled.
func (c controller) task(ctx context.Context, task *wfv1.DAGTask) taskAnswer {
	scope := c.scope(ctx, common.GetTaskAncestry(ctx, c, task.Name))
	resolved, err := c.resolved(ctx, *task, scope)
	var expanded []wfv1.DAGTask
	if err == nil {
		expanded, err = expandTask(ctx, *resolved, scope.parameters(c.Globals))
	}
	if err != nil {
		return taskAnswer{Error: err.Error(), Waits: template.IsMissingVariableErr(err)}
	}
	answer := taskAnswer{Runs: []taskRun{}, Hooks: map[string]taskRun{}}
	for _, each := range expanded {
		proceed, err := shouldExecute(each.When)
		answer.Runs = append(answer.Runs, c.run(ctx, each.Template, each.Arguments, each.When, err == nil && !proceed, err))
	}
	if ended, known := c.Outcomes[task.Name]; known {
		for name, hook := range task.Hooks {
			given, err := c.hook(ctx, task, name, hook.Arguments, ended)
			answer.Hooks[string(name)] = c.run(ctx, hook.Template, given, "", false, err)
		}
	}
	return answer
}

// run is what a template receives, unless it is skipped, or something is wrong already.
func (c controller) run(ctx context.Context, name string, given wfv1.Arguments, when string, skipped bool, err error) taskRun {
	answer := taskRun{When: when, Skipped: skipped, Inputs: map[string]string{}}
	if err == nil && !skipped {
		var received *wfv1.Template
		received, err = c.received(ctx, name, given)
		if err == nil {
			for _, each := range received.Inputs.Parameters {
				answer.Inputs[each.Name] = each.Value.String()
			}
			for _, each := range received.Inputs.Artifacts {
				if each.Raw != nil {
					answer.Inputs[each.Name] = each.Raw.Data
				}
			}
		}
	}
	if err != nil {
		answer.Error = err.Error()
	}
	return answer
}

// hook is resolveExitTmplArgument: of its task a hook at the end knows the status and the outputs. Any other hook runs
// while there are no outputs yet, and then its arguments stay as they are (executeTmplLifeCycleHook).
func (c controller) hook(ctx context.Context, task *wfv1.DAGTask, name wfv1.LifecycleEvent, given wfv1.Arguments, ended outcome) (wfv1.Arguments, error) {
	if name != wfv1.ExitLifecycleEvent {
		return given, nil
	}
	scope := c.scope(ctx, common.GetTaskAncestry(ctx, c, task.Name))
	scope.add("tasks."+task.Name, outcome{Phase: ended.Phase, Outputs: ended.Outputs})
	scope.markAbsent(&given)
	text, err := json.Marshal(given)
	if err != nil {
		return given, err
	}
	replaced, err := template.ReplaceStrictAny(ctx, string(text), scope.parameters(c.Globals), nil)
	if err != nil {
		return given, err
	}
	var resolved wfv1.Arguments
	return resolved, json.Unmarshal([]byte(replaced), &resolved)
}

// resolved is resolveDependencyReferences: `when` first, and the rest only if that holds.
func (c controller) resolved(ctx context.Context, task wfv1.DAGTask, scope scope) (*wfv1.DAGTask, error) {
	hooks := task.Hooks
	task.Hooks = nil
	parameters := scope.parameters(c.Globals)
	if task.When != "" {
		var when string
		if err := replaceStrict(ctx, task.When, &when, parameters); err != nil {
			return nil, err
		}
		proceed, err := shouldExecute(when)
		if err != nil && !task.ShouldExpand() {
			return nil, err
		}
		if err == nil && !proceed {
			task.When, task.Hooks = when, hooks
			return &task, nil
		}
	}
	scope.markAbsent(&task.Arguments)
	var resolved wfv1.DAGTask
	err := replaceStrict(ctx, task, &resolved, parameters)
	resolved.Hooks = hooks
	return &resolved, err
}

func replaceStrict(ctx context.Context, from any, into any, parameters map[string]any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	replaced, err := template.ReplaceStrictAny(ctx, string(text), parameters, []string{"tasks", "steps"})
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(replaced), into)
}

// output is getTemplateOutputsFromScope, for one parameter.
func (c controller) output(ctx context.Context, output wfv1.Parameter) value {
	names := []string{}
	for _, task := range c.dag.DAG.Tasks {
		names = append(names, task.Name)
	}
	found, err := c.scope(ctx, names).resolve(output.ValueFrom)
	if found == nil && err == nil {
		err = fmt.Errorf("the output is an absent optional")
	}
	if err != nil {
		return value{Error: err.Error()}
	}
	return value{Text: wfv1.AnyStringPtr(found).String()}
}

// scope is what a task can refer to: a text for each name, nil for what is absent.
type scope map[string]any

// scope is createScope and buildLocalScopeFromTask.
func (c controller) scope(ctx context.Context, tasks []string) scope {
	scope := scope{}
	for _, each := range c.dag.Inputs.Parameters {
		scope["inputs.parameters."+each.Name] = each.Value.String()
	}
	for _, name := range tasks {
		prefix := "tasks." + name
		ended, known := c.Outcomes[name]
		if !known {
			continue
		}
		isGroup := ended.Items != nil && len(*ended.Items) > 0
		if ended.Items != nil && !isGroup {
			ended.Phase = wfv1.NodeSkipped
		}
		if isGroup {
			scope.addAggregated(prefix, *ended.Items)
		}
		scope.add(prefix, ended)
		isAbsent := ended.Phase == wfv1.NodeSkipped || ended.Phase == wfv1.NodeOmitted
		if isAbsent && !isGroup && ended.Outputs == nil && ended.Result == nil {
			scope.addAbsent(prefix, c.templates[c.GetTask(ctx, name).Template])
		}
	}
	return scope
}

// add is buildLocalScope.
func (s scope) add(prefix string, ended outcome) {
	for name, text := range ended.Facts {
		s[prefix+"."+name] = text
	}
	s[prefix+".status"] = string(ended.Phase)
	if ended.Result != nil {
		s[prefix+".outputs.result"] = *ended.Result
	}
	for name, text := range ended.Outputs {
		s[prefix+".outputs.parameters."+name] = text
	}
}

// addAbsent is addSkippedNodeOutputsToScope.
func (s scope) addAbsent(prefix string, producer *wfv1.Template) {
	if producer == nil {
		return
	}
	for _, each := range producer.Outputs.Parameters {
		key := prefix + ".outputs.parameters." + each.Name
		s[key] = nil
		if each.ValueFrom != nil && each.ValueFrom.Default != nil {
			s[key] = each.ValueFrom.Default.String()
		}
	}
}

// addAggregated is processAggregateNodeOutputs, for items in order.
func (s scope) addAggregated(prefix string, items []outcome) {
	parameters, results := []map[string]string{}, []wfv1.Item{}
	lists := map[string][]string{}
	for _, item := range items {
		if item.Phase != wfv1.NodeSucceeded {
			continue
		}
		if len(item.Outputs) > 0 {
			parameters = append(parameters, item.Outputs)
			for name, text := range item.Outputs {
				lists[name] = append(lists[name], text)
			}
		}
		if item.Result != nil {
			var result wfv1.Item
			if json.Unmarshal([]byte(*item.Result), &result) == nil {
				results = append(results, result)
			}
		}
	}
	s[prefix+".outputs.result"] = asJSON(results)
	s[prefix+".outputs.parameters"] = asJSON(parameters)
	for name, list := range lists {
		s[prefix+".outputs.parameters."+name] = aggregated(list)
	}
}

// aggregated is aggregatedJSONValueList: texts, unless all of them are lists or objects.
func aggregated(texts []string) string {
	list := []any{}
	for _, text := range texts {
		var item any
		if json.Unmarshal([]byte(text), &item) != nil {
			return asJSON(texts)
		}
		switch item.(type) {
		case []any, map[string]any:
			list = append(list, item)
		default:
			return asJSON(texts)
		}
	}
	return asJSON(list)
}

func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// parameters is getParametersAny.
func (s scope) parameters(globals common.Parameters) map[string]any {
	merged := template.ToAnyMap(globals)
	maps.Copy(merged, s)
	return merged
}

// markAbsent is markAbsentOptionalArgs: an argument that is nothing but a reference to what is absent counts as not
// given.
func (s scope) markAbsent(given *wfv1.Arguments) {
	marked := append([]wfv1.Parameter{}, given.Parameters...)
	for i, each := range marked {
		if each.Value == nil {
			continue
		}
		text := each.Value.String()
		if !strings.HasPrefix(text, "{{") || !strings.HasSuffix(text, "}}") {
			continue
		}
		found, known := s[strings.TrimSpace(text[2:len(text)-2])]
		if known && found == nil {
			marked[i].Value = wfv1.AnyStringPtr(common.AbsentOptionalArgumentValue)
		}
	}
	given.Parameters = marked
}

// resolve is resolveParameter.
func (s scope) resolve(from *wfv1.ValueFrom) (any, error) {
	if from.Expression == "" {
		return template.ResolveVar(from.Parameter, s)
	}
	known := env.GetFuncMap(s)
	program, err := expr.Compile(from.Expression, expr.Env(known))
	if err != nil {
		return nil, err
	}
	found, err := expr.Run(program, known)
	if err == nil && found == nil {
		err = fmt.Errorf("failed to evaluate expression %q", from.Expression)
	}
	return found, err
}

// expandTask is the function of that name: a task for each item of a loop.
func expandTask(ctx context.Context, task wfv1.DAGTask, scope map[string]any) ([]wfv1.DAGTask, error) {
	if !task.ShouldExpand() {
		return []wfv1.DAGTask{task}, nil
	}
	items := task.WithItems
	if task.WithParam != "" {
		if err := json.Unmarshal([]byte(task.WithParam), &items); err != nil {
			proceed, whenErr := shouldExecute(task.When)
			if whenErr != nil || proceed {
				return nil, fmt.Errorf("withParam value could not be parsed as a JSON list: %s: %w", task.WithParam, err)
			}
		}
	}
	text, err := json.Marshal(task)
	if err != nil {
		return nil, err
	}
	compiled, err := template.NewTemplate(string(text))
	if err != nil {
		return nil, fmt.Errorf("unable to parse argo variable: %w", err)
	}
	expanded := []wfv1.DAGTask{}
	for _, item := range items {
		each, err := processItem(ctx, compiled, item, task.When, scope)
		if err != nil {
			return nil, err
		}
		expanded = append(expanded, each)
	}
	return expanded, nil
}

// processItem is the function of that name. Every tag must have a value now, unless the item is skipped.
func processItem(ctx context.Context, compiled template.Template, item wfv1.Item, when string, scope map[string]any) (wfv1.DAGTask, error) {
	values := maps.Clone(scope)
	switch item.GetType() {
	case wfv1.Number, wfv1.Bool:
		values["item"] = fmt.Sprintf("%v", item)
	case wfv1.String:
		values["item"] = item.GetStrVal()
	case wfv1.Map:
		for key, each := range item.GetMapVal() {
			values["item."+key] = fmt.Sprintf("%v", each)
		}
		values["item"] = asJSON(item.GetMapVal())
	case wfv1.List:
		values["item"] = asJSON(item.GetListVal())
	}
	proceed, err := shouldExecute(when)
	isSkipped := err == nil && !proceed
	if isSkipped {
		maps.DeleteFunc(values, func(_ string, each any) bool { return each == nil })
	}
	var task wfv1.DAGTask
	text, err := compiled.Replace(ctx, values, isSkipped)
	if err != nil {
		return task, err
	}
	return task, json.Unmarshal([]byte(text), &task)
}

// shouldExecute is the function of that name: what `when` has become is a condition to govaluate.
func shouldExecute(when string) (bool, error) {
	if when == "" {
		return true, nil
	}
	parsed, err := govaluate.NewEvaluableExpression(when)
	if err != nil {
		return false, fmt.Errorf("invalid 'when' expression '%s': %w", when, err)
	}
	tokens := parsed.Tokens()
	for i := range tokens {
		if tokens[i].Kind == govaluate.VARIABLE {
			tokens[i].Kind = govaluate.STRING
		}
	}
	parsed, err = govaluate.NewEvaluableExpressionFromTokens(tokens)
	if err != nil {
		return false, err
	}
	result, err := parsed.Evaluate(nil)
	if err != nil {
		return false, err
	}
	holds, ok := result.(bool)
	if !ok {
		return false, fmt.Errorf("expected boolean evaluation for '%s', got %v", when, result)
	}
	return holds, nil
}

// GetTask, GetTaskDependencies and GetTaskFinishedAtTime make a controller what common.GetTaskAncestry asks.
func (c controller) GetTask(_ context.Context, name string) *wfv1.DAGTask {
	for i := range c.dag.DAG.Tasks {
		if c.dag.DAG.Tasks[i].Name == name {
			return &c.dag.DAG.Tasks[i]
		}
	}
	panic(fmt.Sprintf("there is no task %q", name))
}

func (c controller) GetTaskDependencies(ctx context.Context, name string) []string {
	dependencies, _ := common.GetTaskDependencies(ctx, c.GetTask(ctx, name), c)
	names := []string{}
	for each := range dependencies {
		names = append(names, each)
	}
	return names
}

func (c controller) GetTaskFinishedAtTime(context.Context, string) time.Time {
	return time.Time{}
}
