package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// node is a part of a custom resource definition: what the API server demands of one field.
type node struct {
	Enum       []any            `json:"enum"`
	Format     string           `json:"format"`
	Items      *node            `json:"items"`
	Keys       []string         `json:"x-kubernetes-list-map-keys"`
	MaxItems   *int             `json:"maxItems"`
	MaxLength  *int             `json:"maxLength"`
	Maximum    *int             `json:"maximum"`
	MinItems   *int             `json:"minItems"`
	MinLength  *int             `json:"minLength"`
	Minimum    *int             `json:"minimum"`
	Pattern    string           `json:"pattern"`
	Properties map[string]*node `json:"properties"`
	Required   []string         `json:"required"`
	Values     *node            `json:"additionalProperties"`
}

// field is what the definition says about a field; nothing where it leaves a place open.
func (n *node) field(name string) *node {
	if n == nil {
		return nil
	}
	return n.Properties[name]
}

func (n *node) items() *node {
	if n == nil {
		return nil
	}
	return n.Items
}

func (n *node) values() *node {
	if n == nil {
		return nil
	}
	return n.Values
}

// limits are the keywords of JSON Schema that the definition adds to what the Go type says.
func (n *node) limits() object {
	found := object{}
	if n == nil {
		return found
	}
	for keyword, limit := range map[string]*int{
		"maxItems": n.MaxItems, "maxLength": n.MaxLength, "maximum": n.Maximum,
		"minItems": n.MinItems, "minLength": n.MinLength, "minimum": n.Minimum,
	} {
		if limit != nil {
			found[keyword] = *limit
		}
	}
	if len(n.Enum) > 0 {
		found["enum"] = n.Enum
	}
	if n.Pattern != "" {
		found["pattern"] = n.Pattern
	}
	if len(n.Keys) > 0 {
		found["x-kubernetes-list-map-keys"] = n.Keys
	}
	return found
}

// definition reads the schema of a kind from the module's own full custom resource definitions.
func definition(module, kind string) (*node, error) {
	name := fmt.Sprintf("argoproj.io_%ss.yaml", strings.ToLower(kind))
	text, err := os.ReadFile(filepath.Join(module, "manifests", "base", "crds", "full", name))
	if err != nil {
		return nil, err
	}
	var crd struct {
		Spec struct {
			Versions []struct {
				Schema struct {
					OpenAPIV3Schema node `json:"openAPIV3Schema"`
				} `json:"schema"`
			} `json:"versions"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(text, &crd); err != nil {
		return nil, err
	}
	return &crd.Spec.Versions[0].Schema.OpenAPIV3Schema, nil
}

// module is the folder and the version of Argo that go.mod names.
func module() (folder, version string, err error) {
	const path = "github.com/argoproj/argo-workflows/v4"
	said, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}\n{{.Version}}", path).Output()
	if err != nil {
		return "", "", err
	}
	folder, version, _ = strings.Cut(strings.TrimSpace(string(said)), "\n")
	return folder, version, nil
}
