package controller

// What is in the cluster before a run: the objects of a request, and what the cluster does by itself.

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	apiv1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/record"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
	"github.com/argoproj/argo-workflows/v4/workflow/controller/entrypoint"
)

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

// withPending: a cluster says that a new pod is pending.
func withPending(controller *WorkflowController) {
	client := controller.kubeclientset.(*fake.Clientset)
	client.PrependReactor("create", "pods", func(action clienttesting.Action) (bool, runtime.Object, error) {
		action.(clienttesting.CreateAction).GetObject().(*apiv1.Pod).Status.Phase = apiv1.PodPending
		return false, nil, nil
	})
}

// withoutRegistry: there is no network, so all images have the same command.
type withoutRegistry struct{}

func (withoutRegistry) Lookup(context.Context, string, entrypoint.Options) (*entrypoint.Image, error) {
	return &entrypoint.Image{Cmd: []string{""}}, nil
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
