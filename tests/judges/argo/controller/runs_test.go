package controller

// Runs of Workflows in Argo's own workflow controller, on a cluster that only has an API: pods are simulated. This
// file is compiled as one more test of Argo's package workflow/controller, whose tests know how to make a controller
// without a cluster; see tests/judges/runs.py.

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	apiv1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
	"github.com/argoproj/argo-workflows/v4/workflow/util"
)

// run is one request: the objects that a manifest yields, the arguments of a run, and what pods do that do not just
// write the first word of their command to all their outputs. Pods are named by their nodes, or by a pattern, or by
// that word behind a ">". Stop is the pod during which somebody stops the run. Again: the same ran before, so that the
// results that it keeps are there. Then: "retry" or "resubmit" the run when it has failed, as `argo` does. Whole: tell
// every state of the Workflow.
type run struct {
	Objects   []json.RawMessage
	Arguments map[string]string
	Pods      map[string]deed
	Stop      string
	Again     bool
	Then      string
	Whole     bool
}

// deed is what a pod does; only the first of that name when Once says so.
type deed struct {
	Exit    int32
	Once    bool
	Outputs map[string]string
	Result  *string
}

type report struct {
	Phase   wfv1.WorkflowPhase `json:"phase"`
	Message string             `json:"message"`
	Pods    []podReport        `json:"pods"`
	Nodes   map[string]string  `json:"nodes"`  // that did not end well, with phase and message
	Phases  map[string]string  `json:"phases"` // of all nodes
	Outputs map[string]string  `json:"outputs"`
	Globals map[string]string  `json:"globals"`
	AtOnce  int                `json:"at_once"`
	States  []json.RawMessage  `json:"states,omitempty"` // of the whole Workflow, as the API gives it, one after another
}

type podReport struct {
	Node   string                     `json:"node"`
	Words  []string                   `json:"words"`
	Source string                     `json:"source"`
	Image  string                     `json:"image"`
	Env    map[string]string          `json:"env"`
	Files  map[string]json.RawMessage `json:"files"`
	Stored map[string]string          `json:"stored"`
	Labels map[string]string          `json:"labels"`
	Cached string                     `json:"cached"`
	Spec   apiv1.PodSpec              `json:"spec"`
}

const workflowName = "run"

func TestRuns(t *testing.T) {
	ctx := quietly()
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 64<<20)
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for input.Scan() {
		var asked run
		if err := json.Unmarshal(input.Bytes(), &asked); err != nil {
			t.Fatal(err)
		}
		_ = output.Encode(asked.report(ctx))
	}
}

func (asked run) report(ctx context.Context) (answer report) {
	defer func() {
		if reason := recover(); reason != nil {
			answer = report{Phase: wfv1.WorkflowError, Message: fmt.Sprint(reason), Pods: []podReport{}}
		}
	}()
	origins, kept := map[string]string{}, []any{}
	workflow, others := asked.workflow()
	if asked.Again {
		_, _, kept = asked.once(ctx, workflow.DeepCopy(), others, origins, nil)
	}
	answer, ended, kept := asked.once(ctx, workflow, others, origins, kept)
	if asked.Then != "" && (ended.Status.Phase == wfv1.WorkflowFailed || ended.Status.Phase == wfv1.WorkflowError) {
		answer, _, _ = asked.once(ctx, after(ctx, ended, asked.Then), others, origins, kept)
	}
	return answer
}

// after is what `argo retry` or `argo resubmit --memoized` makes of a run that has failed.
func after(ctx context.Context, ended *wfv1.Workflow, command string) *wfv1.Workflow {
	if command == "retry" {
		again, _, err := util.FormulateRetryWorkflow(ctx, ended, false, "", nil)
		must(err)
		return again
	}
	again, err := util.FormulateResubmitWorkflow(ctx, ended, true, nil)
	must(err)
	again.Namespace, again.UID = ended.Namespace, ended.UID
	return again
}

// once runs in a cluster of its own, with the results that are kept already, and says how the Workflow has ended and
// which results are kept then.
func (asked run) once(
	ctx context.Context, workflow *wfv1.Workflow, others []any, origins map[string]string, kept []any,
) (report, *wfv1.Workflow, []any) {
	cancel, controller := startedController(ctx, slices.Concat(others, kept, []any{workflow, withoutEvents})...)
	defer cancel()
	cluster := &cluster{run: asked, controller: controller, seen: map[string]bool{}, pods: []podReport{}, origins: origins}
	answer, ended := cluster.report(ctx, workflow)
	list, err := controller.kubeclientset.CoreV1().ConfigMaps("default").List(ctx, metav1.ListOptions{
		LabelSelector: common.LabelKeyConfigMapType + "=" + common.LabelValueTypeConfigMapCache,
	})
	must(err)
	kept = nil
	for _, each := range list.Items {
		kept = append(kept, withConfigMap(&each))
	}
	return answer, ended, kept
}

// workflow is the Workflow that runs, or one of the last template, and the objects that have to be there before.
func (asked run) workflow() (*wfv1.Workflow, []any) {
	var workflow, ofTemplate *wfv1.Workflow
	others := []any{defaultServiceAccount.DeepCopy()}
	for _, object := range asked.Objects {
		var head metav1.TypeMeta
		must(json.Unmarshal(object, &head))
		switch head.Kind {
		case "Workflow":
			workflow = decoded[wfv1.Workflow](object)
		case "CronWorkflow":
			workflow = common.ConvertCronWorkflowToWorkflow(decoded[wfv1.CronWorkflow](object))
		case "WorkflowTemplate":
			template := decoded[wfv1.WorkflowTemplate](object)
			template.Namespace = "default"
			others = append(others, template)
			ofTemplate = common.NewWorkflowFromWorkflowTemplate(template.Name, false)
		case "ClusterWorkflowTemplate":
			template := decoded[wfv1.ClusterWorkflowTemplate](object)
			others = append(others, template)
			ofTemplate = common.NewWorkflowFromWorkflowTemplate(template.Name, true)
		case "ConfigMap":
			others = append(others, withConfigMap(decoded[apiv1.ConfigMap](object)))
		case "ServiceAccount":
			account := decoded[apiv1.ServiceAccount](object)
			account.Namespace, account.Secrets = "default", []apiv1.ObjectReference{{}}
			others = append(others, account)
		default:
			panic("cannot run a " + head.Kind)
		}
	}
	if workflow == nil {
		workflow = ofTemplate
	}
	workflow.TypeMeta = metav1.TypeMeta{APIVersion: "argoproj.io/v1alpha1", Kind: "Workflow"}
	workflow.Name, workflow.GenerateName, workflow.Namespace = workflowName, "", "default"
	workflow.UID = "00000000-0000-0000-0000-000000000000"
	asked.give(workflow)
	return workflow, others
}

// withoutEvents: the recorder of Argo's tests holds 64 events, and then waits for somebody to take one.
func withoutEvents(controller *WorkflowController) {
	controller.eventRecorderManager = &testEventRecorderManager{eventRecorder: &record.FakeRecorder{}}
}

func withConfigMap(found *apiv1.ConfigMap) func(*WorkflowController) {
	return func(controller *WorkflowController) {
		_, err := controller.kubeclientset.CoreV1().ConfigMaps("default").Create(
			context.Background(), found, metav1.CreateOptions{})
		must(err)
	}
}

func decoded[T any](object []byte) *T {
	var value T
	must(json.Unmarshal(object, &value))
	return &value
}

func (asked run) give(workflow *wfv1.Workflow) {
	for _, name := range slices.Sorted(maps.Keys(asked.Arguments)) {
		given := wfv1.Parameter{Name: name, Value: wfv1.AnyStringPtr(asked.Arguments[name])}
		known := &workflow.Spec.Arguments.Parameters
		at := slices.IndexFunc(*known, func(each wfv1.Parameter) bool { return each.Name == name })
		if at < 0 {
			*known = append(*known, given)
		} else {
			(*known)[at] = given
		}
	}
}

// cluster runs pods. `origins` tells which output of which node an object in the artifact store is.
type cluster struct {
	run
	controller *WorkflowController
	seen       map[string]bool
	pods       []podReport
	origins    map[string]string
}

// report operates on the Workflow until it has ended, or nothing happens any more.
func (c *cluster) report(ctx context.Context, workflow *wfv1.Workflow) (report, *wfv1.Workflow) {
	answer, idle := report{}, 0
	for idle < 3 && !workflow.Status.Phase.Completed() {
		before := nodesText(workflow)
		woc := operation(ctx, workflow, c.controller)
		woc.operate(ctx)
		if c.Whole {
			answer.States = append(answer.States, whole(woc.wf))
		}
		started := c.end(ctx, woc) + approve(ctx, woc)
		answer.AtOnce = max(answer.AtOnce, started)
		workflow = woc.wf
		if c.Stop != "" && slices.ContainsFunc(c.pods, func(pod podReport) bool { return pod.Node == c.Stop }) {
			workflow.Spec.Shutdown = wfv1.ShutdownStrategyStop
		}
		if started > 0 || nodesText(workflow) != before {
			idle = 0
		} else {
			idle++
			time.Sleep(20 * time.Millisecond)
		}
	}
	answer.Phase, answer.Message, answer.Pods = workflow.Status.Phase, workflow.Status.Message, c.pods
	answer.Nodes, answer.Phases = map[string]string{}, map[string]string{}
	for _, node := range workflow.Status.Nodes {
		answer.Phases[short(node.Name)] = string(node.Phase)
		if node.Phase != wfv1.NodeSucceeded {
			answer.Nodes[short(node.Name)] = strings.TrimSpace(string(node.Phase) + " " + node.Message)
		}
		if node.Name == workflow.Name {
			answer.Outputs = c.values(node.Outputs)
		}
	}
	answer.Globals = c.values(workflow.Status.Outputs)
	return answer, workflow
}

func whole(workflow *wfv1.Workflow) json.RawMessage {
	text, err := json.Marshal(workflow)
	must(err)
	return text
}

func nodesText(workflow *wfv1.Workflow) string {
	text, err := json.Marshal(workflow.Status.Nodes)
	must(err)
	return string(text)
}

// end brings all new pods to their end, and says how many there were.
func (c *cluster) end(ctx context.Context, woc *wfOperationCtx) int {
	list, err := c.controller.kubeclientset.CoreV1().Pods(woc.wf.Namespace).List(ctx, metav1.ListOptions{})
	must(err)
	started := slices.DeleteFunc(list.Items, func(pod apiv1.Pod) bool { return c.seen[pod.Name] })
	slices.SortFunc(started, func(a, b apiv1.Pod) int { return strings.Compare(nodeName(&a), nodeName(&b)) })
	for _, pod := range started {
		c.seen[pod.Name] = true
		c.endPod(ctx, woc, &pod)
	}
	return len(started)
}

func (c *cluster) endPod(ctx context.Context, woc *wfOperationCtx, pod *apiv1.Pod) {
	template, needsResult := templateOf(pod)
	shown := podReport{Node: short(nodeName(pod)), Words: []string{}, Env: map[string]string{}, Spec: pod.Spec}
	shown.Files, shown.Stored, shown.Labels = c.files(template), map[string]string{}, ownLabels(pod)
	if template.Memoize != nil {
		shown.Cached = template.Memoize.Key
	}
	describe(&shown, pod, template)
	done := c.deed(shown)
	outputs := wfv1.Outputs{ExitCode: ptrTo(fmt.Sprint(done.Exit))}
	if done.Exit == 0 {
		for _, parameter := range template.Outputs.Parameters {
			value, ok := done.Outputs[parameter.Name]
			if !ok {
				value = shown.first()
			}
			written := wfv1.Parameter{Name: parameter.Name, GlobalName: parameter.GlobalName}
			written.Value = wfv1.AnyStringPtr(value)
			outputs.Parameters = append(outputs.Parameters, written)
		}
		for _, artifact := range template.Outputs.Artifacts {
			key, err := artifact.GetKey()
			if err != nil || key == "" {
				key = "store/" + shown.Node + "/" + artifact.Name
				artifact.S3 = &wfv1.S3Artifact{Key: key}
			}
			shown.Stored[artifact.Name] = key
			c.origins[key] = shown.Node + "." + artifact.Name
			outputs.Artifacts = append(outputs.Artifacts, artifact)
		}
		if needsResult {
			outputs.Result = done.Result
			if outputs.Result == nil {
				outputs.Result = ptrTo(shown.first())
			}
		}
	}
	ended := pod.DeepCopy()
	outputsOf(ctx, outputs)(ended, woc)
	withExitCode(done.Exit)(ended, woc)
	switch {
	case done.Exit != 0:
		ended.Status.Phase, ended.Status.Message = apiv1.PodFailed, fmt.Sprintf("exit code %d", done.Exit)
	case template.IsDaemon():
		ended.Status.Phase, ended.Status.PodIP = apiv1.PodRunning, "10.0.0.1"
		for i := range ended.Status.ContainerStatuses {
			ended.Status.ContainerStatuses[i].State = apiv1.ContainerState{Running: &apiv1.ContainerStateRunning{}}
			ended.Status.ContainerStatuses[i].Ready = true
		}
	default:
		ended.Status.Phase = apiv1.PodSucceeded
	}
	updated, err := c.controller.kubeclientset.CoreV1().Pods(woc.wf.Namespace).Update(ctx, ended, metav1.UpdateOptions{})
	must(err)
	waitForPhase(c.controller.PodController.TestingPodInformer().GetStore(), updated)
	waitFor(c.controller.taskResultInformer.GetStore(), woc.wf.Namespace+"/"+woc.nodeID(pod))
	markComplete(ctx, woc, woc.nodeID(pod))
	c.pods = append(c.pods, shown)
}

// waitFor waits until an informer has heard of an object.
func waitFor(store cache.Store, key string) {
	for range 2000 {
		if _, known, _ := store.GetByKey(key); known {
			return
		}
		time.Sleep(time.Millisecond)
	}
	panic("the controller never hears of " + key)
}

// waitForPhase waits until an informer has heard how a pod ended: what it heard before is that there is one.
func waitForPhase(store cache.Store, ended *apiv1.Pod) {
	for range 5000 {
		found, known, _ := store.GetByKey(ended.Namespace + "/" + ended.Name)
		if pod, ok := found.(*apiv1.Pod); known && ok && pod.Status.Phase == ended.Status.Phase {
			return
		}
		time.Sleep(time.Millisecond)
	}
	panic("the controller never hears how " + ended.Name + " ended")
}

func (c *cluster) deed(pod podReport) deed {
	name := c.nameOf(pod)
	done := c.Pods[name]
	if done.Once {
		delete(c.Pods, name)
	}
	return done
}

// nameOf is what a pod is called in the request; empty when nothing is said of it.
func (c *cluster) nameOf(pod podReport) string {
	for _, name := range []string{pod.Node, ">" + pod.first()} {
		if _, ok := c.Pods[name]; ok {
			return name
		}
	}
	for _, pattern := range slices.Sorted(maps.Keys(c.Pods)) {
		if matches, err := regexp.MatchString("^(?:"+pattern+")$", pod.Node); err == nil && matches {
			return pattern
		}
	}
	return ""
}

// approve lets nodes that wait for somebody go on, and those that an agent would run.
func approve(ctx context.Context, woc *wfOperationCtx) int {
	approved := 0
	for id, node := range woc.wf.Status.Nodes {
		waits := node.Type == wfv1.NodeTypeSuspend || node.Type == wfv1.NodeTypeHTTP || node.Type == wfv1.NodeTypePlugin
		if !waits || node.Fulfilled() {
			continue
		}
		node.Phase, node.FinishedAt = wfv1.NodeSucceeded, metav1.Now()
		outputs := node.Outputs
		if outputs == nil {
			outputs = &wfv1.Outputs{}
		}
		for i := range outputs.Parameters {
			outputs.Parameters[i].Value, outputs.Parameters[i].ValueFrom = wfv1.AnyStringPtr("supplied"), nil
		}
		if node.Type == wfv1.NodeTypeHTTP {
			outputs.Result = ptrTo("answer")
		}
		node.Outputs = outputs
		woc.wf.Status.Nodes[id] = node
		markComplete(ctx, woc, id)
		approved++
	}
	return approved
}

// templateOf is the template that a pod runs, and whether its standard output is asked for.
func templateOf(pod *apiv1.Pod) (wfv1.Template, bool) {
	var template wfv1.Template
	needsResult := false
	for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		for _, variable := range container.Env {
			switch variable.Name {
			case common.EnvVarIncludeScriptOutput:
				needsResult = needsResult || variable.Value == "true"
			case common.EnvVarTemplate:
				must(json.Unmarshal([]byte(kubelet(variable.Value, nil)), &template))
			}
		}
	}
	return template, needsResult
}

func describe(shown *podReport, pod *apiv1.Pod, template wfv1.Template) {
	for _, container := range pod.Spec.Containers {
		if container.Name != common.MainContainerName {
			continue
		}
		words := slices.Concat(container.Command, container.Args)
		if at := slices.Index(words, "--"); at >= 0 {
			words = words[at+1:]
		}
		isPath := func(word string) bool {
			return slices.Contains(paths(template), word) || strings.HasPrefix(word, "/tmp/outputs/") // that nobody uses
		}
		shown.Image = container.Image
		for _, variable := range container.Env {
			if !strings.HasPrefix(variable.Name, "ARGO_") && variable.Name != "GRPC_ENFORCE_ALPN_ENABLED" {
				shown.Env[variable.Name] = kubelet(variable.Value, shown.Env)
				if secret := variable.ValueFrom; secret != nil && secret.SecretKeyRef != nil {
					shown.Env[variable.Name] = "secret " + secret.SecretKeyRef.Name + "/" + secret.SecretKeyRef.Key
				}
			}
		}
		for _, word := range slices.DeleteFunc(words, isPath) {
			shown.Words = append(shown.Words, kubelet(word, shown.Env))
		}
	}
	if template.Script != nil {
		shown.Source = template.Script.Source
	}
	if template.Resource != nil {
		shown.Source = template.Resource.Manifest
	}
}

// kubelet does what Kubernetes does to the words and variables of a container (expansion.Expand).
func kubelet(text string, variables map[string]string) string {
	return dollar.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$$" {
			return "$"
		}
		if value, ok := variables[strings.Trim(found, "$()")]; ok {
			return value
		}
		return found
	})
}

var dollar = regexp.MustCompile(`\$\$|\$\([^)]*\)`)

// first is what the pod writes to its outputs unless it is told another thing.
func (shown podReport) first() string {
	if len(shown.Words) > 1 {
		return shown.Words[1]
	}
	return strings.Join(shown.Words, "")
}

func paths(template wfv1.Template) []string {
	var found []string
	for _, artifact := range slices.Concat(template.Inputs.Artifacts, template.Outputs.Artifacts) {
		found = append(found, artifact.Path)
	}
	for _, parameter := range template.Outputs.Parameters {
		if parameter.ValueFrom != nil {
			found = append(found, parameter.ValueFrom.Path)
		}
	}
	return found
}

// files tells where each input artifact comes from: the outputs that it is, or what it says itself.
func (c *cluster) files(template wfv1.Template) map[string]json.RawMessage {
	found := map[string]json.RawMessage{}
	for _, artifact := range template.Inputs.Artifacts {
		var origin any
		if artifact.Raw != nil {
			origin = map[string]string{"raw": artifact.Raw.Data}
		} else if key, err := artifact.GetKey(); err == nil {
			origin = c.origin(key)
		} else {
			origin = map[string]string{"error": err.Error()}
		}
		text, err := json.Marshal(origin)
		must(err)
		found[artifact.Name] = text
	}
	return found
}

// origin is the output that was stored at a key, those below it when it is a folder, or the key itself.
func (c *cluster) origin(key string) any {
	if node, ok := c.origins[key]; ok {
		return node
	}
	below := []string{}
	for stored, node := range c.origins {
		if strings.HasPrefix(stored, strings.TrimSuffix(key, "/")+"/") {
			below = append(below, node)
		}
	}
	if len(below) == 0 {
		return map[string]string{"key": key}
	}
	slices.Sort(below)
	return below
}

func (c *cluster) values(outputs *wfv1.Outputs) map[string]string {
	found := map[string]string{}
	if outputs == nil {
		return found
	}
	for _, parameter := range outputs.Parameters {
		if parameter.Value != nil {
			found[parameter.Name] = parameter.Value.String()
		}
	}
	for _, artifact := range outputs.Artifacts {
		key, _ := artifact.GetKey()
		text, err := json.Marshal(c.origin(key))
		must(err)
		found[artifact.Name] = strings.Trim(string(text), `"`)
	}
	return found
}

func ownLabels(pod *apiv1.Pod) map[string]string {
	found := maps.Clone(pod.Labels)
	maps.DeleteFunc(found, func(key, _ string) bool { return strings.HasPrefix(key, "workflows.argoproj.io") })
	return found
}

func nodeName(pod *apiv1.Pod) string { return pod.Annotations[common.AnnotationKeyNodeName] }

func short(node string) string { return strings.TrimPrefix(node, workflowName+".") }

func ptrTo[T any](value T) *T { return &value }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
