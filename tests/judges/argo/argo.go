package main

import (
	"context"

	"github.com/argoproj/argo-workflows/v4/util/logging"
	"github.com/argoproj/argo-workflows/v4/util/template"
)

// quietly is the context of Argo's code, which logs into it.
func quietly() context.Context {
	return logging.WithLogger(context.Background(), logging.NewSlogLogger(logging.Error, logging.Text))
}

func (s shelf[T]) Get(_ context.Context, name string) (*T, error) { return s.find(name) }

// replaced is a text with its tags replaced; a tag without a value stays as it is.
func replaced(ctx context.Context, request rendering) rendering {
	text, err := template.Replace(ctx, request.Text, request.Values, true)
	if err != nil {
		return rendering{Text: text, Error: err.Error()}
	}
	return rendering{Text: text}
}
