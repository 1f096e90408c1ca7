package controller

import (
	"context"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/util/logging"
)

func quietly() context.Context {
	return logging.WithLogger(context.Background(), logging.NewSlogLogger(logging.Error, logging.Text))
}

func startedController(ctx context.Context, options ...any) (context.CancelFunc, *WorkflowController) {
	return newController(ctx, options...)
}

func operation(ctx context.Context, workflow *wfv1.Workflow, controller *WorkflowController) *wfOperationCtx {
	return newWorkflowOperationCtx(ctx, workflow, controller)
}

func outputsOf(ctx context.Context, outputs wfv1.Outputs) with { return withOutputs(ctx, outputs) }

func markComplete(ctx context.Context, woc *wfOperationCtx, node string) {
	woc.wf.Status.MarkTaskResultComplete(ctx, node)
}
