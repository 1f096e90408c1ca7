package controller

// How pods end: with what they were told to leave, or with trouble around their program.

import (
	"context"
	"fmt"
	"testing/synctest"

	apiv1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
)

// What befalls a pod, in the words of Run and of tests/engine/simulated.py.
const (
	deleted  = "deleted"  // by somebody, or with its node
	loading  = "init"     // an input is not there
	saving   = "wait"     // an output cannot be stored
	evicted  = "evicted"  // its node needs the place
	noImage  = "no image" // its program never starts
	unknown  = "unknown"  // its node does not answer
	killed   = "killed"   // the controller ends it
	deadline = "deadline" // Kubernetes ends it
)

// endPod brings a pod to its end.
func (c *cluster) endPod(ctx context.Context, woc *wfOperationCtx, pod *apiv1.Pod) {
	template, _ := templateOf(pod)
	shown := c.shown(pod, template)
	c.pods = append(c.pods, shown)
	c.finish(ctx, woc, pod, shown, c.deed(shown))
}

// finish brings a pod to the end that it was told, and waits until the controller has heard of it.
func (c *cluster) finish(ctx context.Context, woc *wfOperationCtx, pod *apiv1.Pod, shown podReport, done deed) {
	ended, pods := pod.DeepCopy(), c.controller.kubeclientset.CoreV1().Pods(woc.wf.Namespace)
	ended.Status.ContainerStatuses = nil
	if done.Fault == "" {
		outputsOf(ctx, c.outputs(ended, shown, done))(ended, woc)
		withEnd(ended, done)
	} else {
		withFault(ended, done.Fault)
	}
	if done.Fault == deleted {
		must(pods.Delete(ctx, pod.Name, metav1.DeleteOptions{}))
	} else {
		_, err := pods.Update(ctx, ended, metav1.UpdateOptions{})
		must(err)
	}
	synctest.Wait()
	markComplete(ctx, woc, woc.nodeID(pod))
}

// outputs are what a pod leaves.
func (c *cluster) outputs(pod *apiv1.Pod, shown podReport, done deed) wfv1.Outputs {
	outputs := wfv1.Outputs{ExitCode: ptrTo(fmt.Sprint(done.Exit))}
	template, needsResult := templateOf(pod)
	if done.Exit != 0 {
		return outputs
	}
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
	return outputs
}

// withEnd gives a pod the status that its program makes.
func withEnd(pod *apiv1.Pod, done deed) {
	for _, container := range pod.Spec.Containers {
		pod.Status.ContainerStatuses = append(pod.Status.ContainerStatuses, terminated(container.Name, done.Exit, ""))
	}
	template, _ := templateOf(pod)
	switch {
	case done.Exit != 0:
		pod.Status.Phase, pod.Status.Message = apiv1.PodFailed, fmt.Sprintf("exit code %d", done.Exit)
	case template.IsDaemon():
		pod.Status.PodIP = "10.0.0.1"
		withRunning(pod)
	default:
		pod.Status.Phase = apiv1.PodSucceeded
	}
}

// withRunning gives a pod the status of one that runs.
func withRunning(pod *apiv1.Pod) {
	pod.Status.Phase, pod.Status.ContainerStatuses = apiv1.PodRunning, nil
	for _, container := range pod.Spec.Containers {
		pod.Status.ContainerStatuses = append(pod.Status.ContainerStatuses, apiv1.ContainerStatus{
			Name: container.Name, Ready: true,
			State: apiv1.ContainerState{Running: &apiv1.ContainerStateRunning{}},
		})
	}
}

// withFault gives a pod the status that Kubernetes makes of trouble.
func withFault(pod *apiv1.Pod, fault string) {
	status := &pod.Status
	status.Phase = apiv1.PodFailed
	switch fault {
	case loading:
		status.InitContainerStatuses = []apiv1.ContainerStatus{terminated(common.InitContainerName, 64, "no such file")}
	case saving:
		status.ContainerStatuses = []apiv1.ContainerStatus{
			terminated(common.MainContainerName, 0, ""), terminated(common.WaitContainerName, 64, "cannot be stored"),
		}
	case evicted:
		status.Reason, status.Message = "Evicted", "The node was low on resource: memory."
		status.ContainerStatuses = []apiv1.ContainerStatus{terminated(common.WaitContainerName, 137, "")}
	case noImage:
		waiting := &apiv1.ContainerStateWaiting{Reason: "ImagePullBackOff", Message: "no such image"}
		status.ContainerStatuses = []apiv1.ContainerStatus{
			{Name: common.MainContainerName, State: apiv1.ContainerState{Waiting: waiting}},
		}
		status.InitContainerStatuses = []apiv1.ContainerStatus{terminated(common.InitContainerName, 0, "")}
	case unknown:
		running := apiv1.ContainerState{Running: &apiv1.ContainerStateRunning{}}
		status.ContainerStatuses = []apiv1.ContainerStatus{{Name: common.MainContainerName, State: running}}
		status.Phase = apiv1.PodUnknown
	case killed:
		status.ContainerStatuses = []apiv1.ContainerStatus{
			terminated(common.MainContainerName, 143, ""), terminated(common.WaitContainerName, 0, ""),
		}
	case deadline:
		status.Reason = "DeadlineExceeded"
		status.Message = "Pod was active on the node longer than the specified deadline"
		status.ContainerStatuses = []apiv1.ContainerStatus{terminated(common.MainContainerName, 137, "")}
	}
}

// terminated is a container that has ended now.
func terminated(name string, exit int32, message string) apiv1.ContainerStatus {
	ended := &apiv1.ContainerStateTerminated{ExitCode: exit, Message: message, FinishedAt: metav1.Now()}
	if exit != 0 {
		ended.Reason = "Error"
	}
	return apiv1.ContainerStatus{Name: name, State: apiv1.ContainerState{Terminated: ended}}
}
