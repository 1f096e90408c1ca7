package controller

// A cluster that runs pods: each look of the controller at a Workflow, and what happens between two of them.

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	apiv1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
)

// cluster runs pods. `origins` tells which output of which node an object in the artifact store is.
type cluster struct {
	run
	controller *WorkflowController
	seen       map[string]bool
	pods       []podReport
	origins    map[string]string
}

// report runs the Workflow, and says how it has ended.
func (c *cluster) report(ctx context.Context, workflow *wfv1.Workflow) (report, *wfv1.Workflow) {
	answer := report{}
	if c.Order != nil {
		workflow = (&turns{cluster: c}).report(ctx, workflow, &answer)
	} else {
		workflow = c.atOnce(ctx, workflow, &answer)
	}
	c.tell(workflow, &answer)
	return answer, workflow
}

// atOnce operates on the Workflow until it has ended, or nothing happens any more. All pods end as soon as they start.
func (c *cluster) atOnce(ctx context.Context, workflow *wfv1.Workflow, answer *report) *wfv1.Workflow {
	idle := 0
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
	return workflow
}

// tell says how a Workflow has ended.
func (c *cluster) tell(workflow *wfv1.Workflow, answer *report) {
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
		if waits && !node.Fulfilled() {
			approveNode(ctx, woc, id)
			approved++
		}
	}
	return approved
}

// approveNode lets a node go on, with values for what is wanted.
func approveNode(ctx context.Context, woc *wfOperationCtx, id string) {
	node := woc.wf.Status.Nodes[id]
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
}
