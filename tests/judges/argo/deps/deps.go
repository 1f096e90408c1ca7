//go:build deps

// Package deps keeps in go.mod what the controller's tests need.
package deps

import _ "github.com/argoproj/argo-workflows/v4/workflow/controller"
