package controller

// Runs of Workflows in Argo's own workflow controller, on a cluster that only has an API: pods are simulated. This
// file is compiled as one more test of Argo's package workflow/controller, whose tests know how to make a controller
// without a cluster; see tests/judges/runs.py. Each request runs in a bubble of its own, in virtual time: nothing waits
// for a clock, and the same request takes the same course each time.

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"
	_ "unsafe" // for go:linkname

	apiv1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
	"github.com/argoproj/argo-workflows/v4/workflow/util"
)

// run is one request: the objects that a manifest yields, the arguments of a run, and what pods do that do not just
// write the first word of their command to all their outputs. Pods are named by their nodes, or by a pattern, or by
// that word behind a ">". Stop is the pod during which somebody stops the run. Again: the same ran before, so that the
// results that it keeps are there; Between are the seconds after that. Then: "retry" or "resubmit" the run when it has
// failed, as `argo` does. Whole: tell every state of the Workflow.
//
// Order: pods take their time, and those that are due end one at a time, in an order that this number gives; see
// turns_test.go. After so many ends somebody stops the run (StopAfter), by How.
type run struct {
	Objects   []json.RawMessage
	Arguments map[string]string
	Pods      map[string]deed
	Stop      string
	Again     bool
	Between   int
	Then      string
	Whole     bool
	Order     *int
	StopAfter *int `json:"stop_after"`
	How       wfv1.ShutdownStrategy
}

// deed is what a pod does; only the first of that name when Once says so. Fault is trouble around its program, see
// pods_test.go. It takes Seconds in a run with an order.
type deed struct {
	Exit    int32
	Once    bool
	Outputs map[string]string
	Result  *string
	Fault   string
	Seconds int
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
	Caches  map[string]entries `json:"caches"`           // what is kept at the end
}

// entries are the results of a cache, by their keys.
type entries map[string]json.RawMessage

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

// startsEvery: runs start at such times, however long it took to make a controller.
const startsEvery = 10 * time.Second

// neverExitWatch is a channel of client-go that nobody writes to. It is from outside of all bubbles, in which time stands
// still for those who read it; for them nil is the same.
//
//go:linkname neverExitWatch k8s.io/client-go/tools/cache.neverExitWatch
var neverExitWatch <-chan time.Time

func TestRuns(t *testing.T) {
	neverExitWatch = nil
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
		inBubble(t, func() { _ = output.Encode(asked.report(ctx)) })
	}
}

// inBubble does something in virtual time. What it leaves behind stands still from then on: Argo 3.6 has a queue that
// nobody can close.
func inBubble(t *testing.T, work func()) {
	defer func() { _ = recover() }()
	synctest.Test(t, func(*testing.T) { work() })
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
		time.Sleep(time.Duration(asked.Between) * time.Second)
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
	cancel, controller := startedController(ctx, slices.Concat(others, kept, []any{workflow, withoutEvents, withPending})...)
	defer controller.wfQueue.ShutDown()
	defer cancel()
	controller.entrypoint = withoutRegistry{}
	time.Sleep(time.Until(time.Now().Truncate(startsEvery).Add(startsEvery)))
	cluster := &cluster{run: asked, controller: controller, seen: map[string]bool{}, pods: []podReport{}, origins: origins}
	answer, ended := cluster.report(ctx, workflow)
	answer.Caches = map[string]entries{}
	list, err := controller.kubeclientset.CoreV1().ConfigMaps("default").List(ctx, metav1.ListOptions{
		LabelSelector: common.LabelKeyConfigMapType + "=" + common.LabelValueTypeConfigMapCache,
	})
	must(err)
	kept = nil
	for _, each := range list.Items {
		kept = append(kept, withConfigMap(&each))
		found := entries{}
		for key, entry := range each.Data {
			found[key] = json.RawMessage(entry)
		}
		answer.Caches[each.Name] = found
	}
	return answer, ended, kept
}

func ptrTo[T any](value T) *T { return &value }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
