package controller

// Runs in which pods take their time, and end one at a time in an order that the request gives. Between two events the
// controller looks at the Workflow until nothing changes any more; where nothing is due, a second passes.
// tests/engine/turns.py does the same with our engine.

import (
	"cmp"
	"context"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"

	"testing/synctest"

	apiv1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
)

const (
	longestQuiet = 40 // seconds without a change after which a run is given up
	mostLooks    = 50
	longestGrace = 11 // seconds after which the controller misses a pod that was deleted
)

// running is a pod that has started and has not ended.
type running struct {
	pod   apiv1.Pod
	shown podReport
	done  deed
	ends  time.Time
}

// turns is a cluster whose pods end one at a time.
type turns struct {
	*cluster
	running []*running
	ended   int
}

// report runs a Workflow to its end, or until nothing changes any more.
func (t *turns) report(ctx context.Context, workflow *wfv1.Workflow, answer *report) *wfv1.Workflow {
	for quiet := 0; quiet < longestQuiet; {
		woc, changed := t.settle(ctx, workflow, answer)
		workflow = woc.wf
		if workflow.Status.Phase.Completed() {
			t.begin(ctx, woc) // its last look may have started pods
			break
		}
		happens := t.begin(ctx, woc) || t.kill(ctx, woc) || t.endNext(ctx, woc)
		answer.AtOnce = max(answer.AtOnce, len(t.running))
		stops := t.StopAfter != nil && t.ended >= *t.StopAfter && workflow.Spec.Shutdown == ""
		if stops {
			workflow.Spec.Shutdown = t.How
		}
		switch {
		case happens || stops || changed:
			quiet = 0
		default:
			quiet++
		}
		if !happens && !stops {
			time.Sleep(time.Second)
		}
	}
	return workflow
}

// settle lets the controller look at a Workflow until it changes nothing more, and says whether it did.
func (t *turns) settle(ctx context.Context, workflow *wfv1.Workflow, answer *report) (*wfOperationCtx, bool) {
	changed := false
	for range mostLooks {
		before := nodesText(workflow) + string(workflow.Status.Phase)
		woc := operation(ctx, workflow, t.controller)
		woc.operate(ctx)
		synctest.Wait()
		workflow = woc.wf
		is_same := nodesText(workflow)+string(workflow.Status.Phase) == before
		if t.Whole && (!is_same || len(answer.States) == 0) {
			answer.States = append(answer.States, whole(workflow))
		}
		if is_same || workflow.Status.Phase.Completed() {
			return woc, changed
		}
		changed = true
		if t.endangers(woc) {
			t.kill(ctx, woc)
			workflow = woc.wf
		}
	}
	panic("the controller never comes to rest")
}

// begin lets new pods run, and says whether any of them takes time.
func (t *turns) begin(ctx context.Context, woc *wfOperationCtx) bool {
	list, err := t.controller.kubeclientset.CoreV1().Pods(woc.wf.Namespace).List(ctx, metav1.ListOptions{})
	must(err)
	slices.SortFunc(list.Items, func(a, b apiv1.Pod) int { return strings.Compare(nodeName(&a), nodeName(&b)) })
	takesTime := false
	for _, pod := range list.Items {
		if t.seen[pod.Name] {
			continue
		}
		t.seen[pod.Name] = true
		template, _ := templateOf(&pod)
		shown := t.shown(&pod, template)
		t.pods = append(t.pods, shown)
		one := planned(pod, shown, t.deed(shown))
		t.running = append(t.running, one)
		if one.ends.After(time.Now()) {
			takesTime = true
			withRunning(&one.pod)
			_, err := t.controller.kubeclientset.CoreV1().Pods(woc.wf.Namespace).Update(ctx, &one.pod, metav1.UpdateOptions{})
			must(err)
		}
	}
	synctest.Wait()
	return takesTime
}

// planned is when and how a pod will end: as it was told, or at its deadline.
func planned(pod apiv1.Pod, shown podReport, done deed) *running {
	if done.Fault == deleted {
		done.Seconds = max(done.Seconds, longestGrace)
	}
	one := &running{pod: pod, shown: shown, done: done, ends: time.Now().Add(time.Duration(done.Seconds) * time.Second)}
	for _, limit := range limits(&pod) {
		if limit.Before(one.ends) {
			one.ends, one.done = limit, deed{Fault: deadline}
		}
	}
	return one
}

// limits are when Kubernetes, or Argo's program in the pod, ends a pod.
func limits(pod *apiv1.Pod) []time.Time {
	var found []time.Time
	if seconds := pod.Spec.ActiveDeadlineSeconds; seconds != nil {
		found = append(found, time.Now().Add(time.Duration(*seconds)*time.Second))
	}
	for _, container := range pod.Spec.Containers {
		for _, variable := range container.Env {
			at, err := time.Parse(time.RFC3339, variable.Value)
			if variable.Name == common.EnvVarDeadline && err == nil && !at.IsZero() {
				found = append(found, at)
			}
		}
	}
	return found
}

// kill ends the pods that the controller has given up, and says whether there were any.
func (t *turns) kill(ctx context.Context, woc *wfOperationCtx) bool {
	over := func(one *running) bool {
		node, err := woc.wf.Status.Nodes.Get(woc.nodeID(&one.pod))
		return err == nil && node.Fulfilled()
	}
	gone := slices.DeleteFunc(slices.Clone(t.running), func(one *running) bool { return !over(one) })
	t.running = slices.DeleteFunc(t.running, over)
	for _, one := range gone {
		t.finish(ctx, woc, &one.pod, one.shown, deed{Fault: killed})
	}
	return len(gone) > 0
}

// endangers tells whether a pod that the controller has given up has a handler of its exit that goes on: at its next
// look the controller would take it for a container of the pod, and fail it too. So the pod ends before.
func (t *turns) endangers(woc *wfOperationCtx) bool {
	return slices.ContainsFunc(t.running, func(one *running) bool {
		node, err := woc.wf.Status.Nodes.Get(woc.nodeID(&one.pod))
		return err == nil && node.Fulfilled() && slices.ContainsFunc(node.Children, func(id string) bool {
			child, err := woc.wf.Status.Nodes.Get(id)
			return err == nil && !child.Fulfilled()
		})
	})
}

// endNext ends the pod whose turn it is among those that are due, or answers a node that waits for somebody.
func (t *turns) endNext(ctx context.Context, woc *wfOperationCtx) bool {
	turn := map[string]func(){}
	for _, one := range t.running {
		if !one.ends.After(time.Now()) {
			turn[one.shown.Node] = func() {
				t.running = slices.DeleteFunc(t.running, func(other *running) bool { return other == one })
				t.finish(ctx, woc, &one.pod, one.shown, one.done)
			}
		}
	}
	for id, node := range woc.wf.Status.Nodes {
		if node.Type == wfv1.NodeTypeSuspend && !node.Fulfilled() && !goesOnByItself(woc.wf, node) {
			turn[short(node.Name)] = func() { approveNode(ctx, woc, id) }
		}
	}
	names := make([]string, 0, len(turn))
	for name := range turn {
		names = append(names, name)
	}
	if len(names) == 0 {
		return false
	}
	turn[slices.MinFunc(names, t.before)]()
	t.ended++
	return true
}

// before tells whose turn is first.
func (t *turns) before(a, b string) int {
	place := func(name string) uint32 { return crc32.ChecksumIEEE([]byte(fmt.Sprintf("%d %s", *t.Order, name))) }
	return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a, b))
}

// goesOnByItself tells whether a node waits for a time only.
func goesOnByItself(workflow *wfv1.Workflow, node wfv1.NodeStatus) bool {
	for _, template := range workflow.Spec.Templates {
		if template.Name == node.TemplateName && template.Suspend != nil {
			return template.Suspend.Duration != ""
		}
	}
	return false
}
