//go:build deps

// Package deps keeps what is built from the modules of others as it is.
package deps

import _ "sigs.k8s.io/kustomize/kustomize/v5"
