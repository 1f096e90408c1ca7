// Command judge says what Argo Workflows itself thinks of manifests.
//
//	judge FILE...   one JSON line per file: what Argo's validator holds against each of its objects
//	judge -         the same, for file names on stdin that NUL or newline separates
//	judge render    stdin: {"text", "values"} objects; stdout: each text with its {{tags}} replaced
//	judge run       stdin: dagRun objects (run.go); stdout: what becomes of each DAG's tasks, at once for each
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/argoproj/argo-workflows/v4/errors"
	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
	"github.com/argoproj/argo-workflows/v4/workflow/templateresolution"
	"github.com/argoproj/argo-workflows/v4/workflow/validate"
	"sigs.k8s.io/yaml"
)

// judgement is all that Argo says about one file.
type judgement struct {
	File    string   `json:"file"`
	Objects []object `json:"objects"`
	Error   string   `json:"error"`
}

// object is one Argo object: who it is, both verdicts ("" accepts), and the JSON that Argo reads.
type object struct {
	Kind   string          `json:"kind"`
	Name   string          `json:"name"`
	Lint   string          `json:"lint"`
	Submit string          `json:"submit"`
	JSON   json.RawMessage `json:"json"`
}

// rendering is one request of `judge render` and, with the values gone, its answer.
type rendering struct {
	Text   string         `json:"text"`
	Values map[string]any `json:"values,omitempty"`
	Error  string         `json:"error"`
}

func main() {
	if err := run(quietly(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

// run answers one command line; its error means that the judge failed, never that a file did.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	buffer := bufio.NewWriter(out)
	defer buffer.Flush()
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if len(args) == 1 && args[0] == "render" {
		return render(ctx, json.NewDecoder(in), encoder)
	}
	if len(args) == 1 && args[0] == "run" {
		return runs(ctx, json.NewDecoder(in), encoder, buffer.Flush)
	}
	files, err := fileNames(args, in)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := encoder.Encode(judge(ctx, file)); err != nil {
			return err
		}
	}
	return nil
}

// fileNames are the arguments, or what stdin lists when there are none but "-".
func fileNames(args []string, in io.Reader) ([]string, error) {
	if len(args) > 1 || len(args) == 1 && args[0] != "-" {
		return args, nil
	}
	list, err := io.ReadAll(in)
	separator := "\n"
	if bytes.ContainsRune(list, 0) {
		separator = "\x00"
	}
	return strings.FieldsFunc(string(list), func(r rune) bool { return string(r) == separator }), err
}

// judge gives the verdicts on every Argo object of one file.
func judge(ctx context.Context, file string) judgement {
	judged := judgement{File: file, Objects: []object{}}
	body, err := os.ReadFile(file)
	if err == nil {
		judged.Objects, err = objects(body)
	}
	if err != nil {
		judged.Error = err.Error()
	}
	lint := verdicts(ctx, judged.Objects, false)
	submit := verdicts(ctx, judged.Objects, true)
	for i := range judged.Objects {
		judged.Objects[i].Lint, judged.Objects[i].Submit = lint[i], submit[i]
	}
	return judged
}

// separator is where common.ParseObjects splits a file. It is repeated here because that function
// drops a document whose YAML is broken (a duplicate key, say) without a word.
var separator = regexp.MustCompile(`\n---`)

// objects are the Argo objects of a file, not yet judged; other Kubernetes objects are passed over.
func objects(body []byte) ([]object, error) {
	found := []object{}
	for i, text := range separator.Split(string(body), -1) {
		document, err := yaml.YAMLToJSONStrict([]byte(text))
		if err != nil {
			return found, fmt.Errorf("document %d: %w", i+1, err)
		}
		if string(document) == "null" {
			continue
		}
		object, isArgo, err := identify(document)
		if err != nil {
			return found, fmt.Errorf("document %d: %w", i+1, err)
		}
		if isArgo {
			found = append(found, object)
		}
	}
	if len(found) == 0 {
		return found, fmt.Errorf("no Argo object found")
	}
	return found, nil
}

// header is what tells one object from another.
type header struct {
	APIVersion string
	Kind       string
	Metadata   struct{ Name, GenerateName string }
}

// identify reads who an object is, and whether it claims to be Argo's by its group or its kind.
func identify(document []byte) (object, bool, error) {
	var header header
	err := json.Unmarshal(document, &header)
	name := header.Metadata.Name
	if name == "" {
		name = header.Metadata.GenerateName
	}
	group := strings.HasPrefix(header.APIVersion, "argoproj.io/")
	kind := strings.Contains(header.Kind, "Workflow")
	return object{Kind: header.Kind, Name: name, JSON: document}, group || kind, err
}

// verdicts are what one mode of Argo's validator says about each object ("" accepts). It parses
// anew, because the validator writes into the objects that it validates.
func verdicts(ctx context.Context, objects []object, submit bool) []string {
	parsed := make([]common.ParseResult, len(objects))
	known := library{shelf[wfv1.WorkflowTemplate]{}, shelf[wfv1.ClusterWorkflowTemplate]{}}
	for i, object := range objects {
		parsed[i] = call[[]common.ParseResult](common.ParseObjects, ctx, object.JSON, true)[0]
		if submit {
			supplyArguments(parsed[i].Object)
		}
		known.add(parsed[i].Object)
	}
	texts := make([]string, len(objects))
	for i := range parsed {
		texts[i] = known.verdict(ctx, parsed[i], validate.ValidateOpts{Lint: !submit})
	}
	return texts
}

// supplyArguments gives every argument without a value one, as the person who submits would.
// A CronWorkflow is left as it is: nobody stands by when it submits.
func supplyArguments(parsed any) {
	var spec *wfv1.WorkflowSpec
	switch object := parsed.(type) {
	case *wfv1.Workflow:
		spec = &object.Spec
	case *wfv1.WorkflowTemplate:
		spec = &object.Spec
	case *wfv1.ClusterWorkflowTemplate:
		spec = &object.Spec
	default:
		return
	}
	for i := range spec.Arguments.Parameters {
		supply(&spec.Arguments.Parameters[i])
	}
}

// supply fills one parameter: with "judge", or with a permitted value where Argo checks an enum.
func supply(parameter *wfv1.Parameter) {
	if parameter.Value != nil || parameter.ValueFrom != nil {
		return
	}
	parameter.Value = wfv1.AnyStringPtr("judge")
	if len(parameter.Enum) > 0 {
		parameter.Value = &parameter.Enum[0]
	}
}

// shelf finds the templates of one file by name, as a cluster finds those of a namespace.
type shelf[T any] map[string]*T

func (s shelf[T]) find(name string) (*T, error) {
	if found, ok := s[name]; ok {
		return found, nil
	}
	return nil, errors.Errorf(errors.CodeNotFound, "template %q is not among the objects of this file", name)
}

// library is what objects of one file can refer to.
type library struct {
	templates        shelf[wfv1.WorkflowTemplate]
	clusterTemplates shelf[wfv1.ClusterWorkflowTemplate]
}

var (
	_ templateresolution.WorkflowTemplateNamespacedGetter = library{}.templates
	_ templateresolution.ClusterWorkflowTemplateGetter    = library{}.clusterTemplates
)

func (l library) add(parsed any) {
	switch object := parsed.(type) {
	case *wfv1.WorkflowTemplate:
		l.templates[object.Name] = object
	case *wfv1.ClusterWorkflowTemplate:
		l.clusterTemplates[object.Name] = object
	}
}

// verdict is why Argo refuses an object, or "". A panic of the validator is a refusal too: it must
// not take the verdicts on the other files with it.
func (l library) verdict(ctx context.Context, parsed common.ParseResult, opts validate.ValidateOpts) (text string) {
	defer func() {
		if reason := recover(); reason != nil {
			text = fmt.Sprint("Argo's validator panics: ", reason)
		}
	}()
	err := parsed.Err
	if err == nil {
		err = l.validate(ctx, parsed.Object, opts)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// validate asks the validator of the object's kind.
func (l library) validate(ctx context.Context, parsed any, opts validate.ValidateOpts) error {
	var noDefaults *wfv1.Workflow
	switch object := parsed.(type) {
	case *wfv1.Workflow:
		return call[error](validate.ValidateWorkflow, ctx, l.templates, l.clusterTemplates, object, noDefaults, opts)
	case *wfv1.WorkflowTemplate:
		return call[error](validate.ValidateWorkflowTemplate, ctx, l.templates, l.clusterTemplates, object, noDefaults, opts)
	case *wfv1.ClusterWorkflowTemplate:
		return call[error](validate.ValidateClusterWorkflowTemplate, ctx, l.templates, l.clusterTemplates, object, noDefaults, opts)
	case *wfv1.CronWorkflow:
		return call[error](validate.ValidateCronWorkflow, ctx, l.templates, l.clusterTemplates, object, noDefaults)
	}
	return fmt.Errorf("Argo has no validator for this kind of object")
}

// render answers each request on stdin with what Argo puts in place of its tags.
func render(ctx context.Context, requests *json.Decoder, answers *json.Encoder) error {
	for {
		var request rendering
		if err := requests.Decode(&request); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := answers.Encode(replaced(ctx, request)); err != nil {
			return err
		}
	}
}
