package controller

import (
	"context"

	"github.com/sirupsen/logrus"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

func quietly() context.Context {
	logrus.SetLevel(logrus.ErrorLevel)
	return context.Background()
}

func startedController(_ context.Context, options ...any) (context.CancelFunc, *WorkflowController) {
	return newController(options...)
}

func operation(_ context.Context, workflow *wfv1.Workflow, controller *WorkflowController) *wfOperationCtx {
	return newWorkflowOperationCtx(workflow, controller)
}

func outputsOf(_ context.Context, outputs wfv1.Outputs) with { return withOutputs(outputs) }

func markComplete(_ context.Context, woc *wfOperationCtx, node string) {
	woc.wf.Status.MarkTaskResultComplete(node)
}
