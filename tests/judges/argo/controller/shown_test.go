package controller

// What a pod is given, as it is told of it: its words, variables and files.

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	apiv1 "k8s.io/api/core/v1"

	wfv1 "github.com/argoproj/argo-workflows/v4/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v4/workflow/common"
)

// shown is what is told of a pod.
func (c *cluster) shown(pod *apiv1.Pod, template wfv1.Template) podReport {
	found := podReport{Node: short(nodeName(pod)), Words: []string{}, Env: map[string]string{}, Spec: pod.Spec}
	found.Files, found.Stored, found.Labels = c.files(template), map[string]string{}, ownLabels(pod)
	if template.Memoize != nil {
		found.Cached = template.Memoize.Key
	}
	describe(&found, pod, template)
	return found
}

// templateOf is the template that a pod runs, and whether its standard output is asked for.
func templateOf(pod *apiv1.Pod) (wfv1.Template, bool) {
	var template wfv1.Template
	needsResult := false
	for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		for _, variable := range container.Env {
			switch variable.Name {
			case common.EnvVarIncludeScriptOutput:
				needsResult = needsResult || variable.Value == "true"
			case common.EnvVarTemplate:
				must(json.Unmarshal([]byte(kubelet(variable.Value, nil)), &template))
			}
		}
	}
	return template, needsResult
}

func describe(shown *podReport, pod *apiv1.Pod, template wfv1.Template) {
	for _, container := range pod.Spec.Containers {
		if container.Name != common.MainContainerName {
			continue
		}
		words := slices.Concat(container.Command, container.Args)
		if at := slices.Index(words, "--"); at >= 0 {
			words = words[at+1:]
		}
		isPath := func(word string) bool {
			return slices.Contains(paths(template), word) || strings.HasPrefix(word, "/tmp/outputs/") // that nobody uses
		}
		shown.Image = container.Image
		for _, variable := range container.Env {
			if !strings.HasPrefix(variable.Name, "ARGO_") && variable.Name != "GRPC_ENFORCE_ALPN_ENABLED" {
				shown.Env[variable.Name] = kubelet(variable.Value, shown.Env)
				if secret := variable.ValueFrom; secret != nil && secret.SecretKeyRef != nil {
					shown.Env[variable.Name] = "secret " + secret.SecretKeyRef.Name + "/" + secret.SecretKeyRef.Key
				}
			}
		}
		for _, word := range slices.DeleteFunc(words, isPath) {
			shown.Words = append(shown.Words, kubelet(word, shown.Env))
		}
	}
	if template.Script != nil {
		shown.Source = template.Script.Source
	}
	if template.Resource != nil {
		shown.Source = template.Resource.Manifest
	}
}

// kubelet does what Kubernetes does to the words and variables of a container (expansion.Expand).
func kubelet(text string, variables map[string]string) string {
	return dollar.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$$" {
			return "$"
		}
		if value, ok := variables[strings.Trim(found, "$()")]; ok {
			return value
		}
		return found
	})
}

var dollar = regexp.MustCompile(`\$\$|\$\([^)]*\)`)

// first is what the pod writes to its outputs unless it is told another thing.
func (shown podReport) first() string {
	if len(shown.Words) > 1 {
		return shown.Words[1]
	}
	return strings.Join(shown.Words, "")
}

func paths(template wfv1.Template) []string {
	var found []string
	for _, artifact := range slices.Concat(template.Inputs.Artifacts, template.Outputs.Artifacts) {
		found = append(found, artifact.Path)
	}
	for _, parameter := range template.Outputs.Parameters {
		if parameter.ValueFrom != nil {
			found = append(found, parameter.ValueFrom.Path)
		}
	}
	return found
}

// files tells where each input artifact comes from: the outputs that it is, or what it says itself.
func (c *cluster) files(template wfv1.Template) map[string]json.RawMessage {
	found := map[string]json.RawMessage{}
	for _, artifact := range template.Inputs.Artifacts {
		var origin any
		if artifact.Raw != nil {
			origin = map[string]string{"raw": artifact.Raw.Data}
		} else if key, err := artifact.GetKey(); err == nil {
			origin = c.origin(key)
		} else {
			origin = map[string]string{"error": err.Error()}
		}
		text, err := json.Marshal(origin)
		must(err)
		found[artifact.Name] = text
	}
	return found
}

// origin is the output that was stored at a key, those below it when it is a folder, or the key itself.
func (c *cluster) origin(key string) any {
	if node, ok := c.origins[key]; ok {
		return node
	}
	below := []string{}
	for stored, node := range c.origins {
		if strings.HasPrefix(stored, strings.TrimSuffix(key, "/")+"/") {
			below = append(below, node)
		}
	}
	if len(below) == 0 {
		return map[string]string{"key": key}
	}
	slices.Sort(below)
	return below
}

func (c *cluster) values(outputs *wfv1.Outputs) map[string]string {
	found := map[string]string{}
	if outputs == nil {
		return found
	}
	for _, parameter := range outputs.Parameters {
		if parameter.Value != nil {
			found[parameter.Name] = parameter.Value.String()
		}
	}
	for _, artifact := range outputs.Artifacts {
		key, _ := artifact.GetKey()
		text, err := json.Marshal(c.origin(key))
		must(err)
		found[artifact.Name] = strings.Trim(string(text), `"`)
	}
	return found
}

func ownLabels(pod *apiv1.Pod) map[string]string {
	found := maps.Clone(pod.Labels)
	maps.DeleteFunc(found, func(key, _ string) bool { return strings.HasPrefix(key, "workflows.argoproj.io") })
	return found
}

func nodeName(pod *apiv1.Pod) string { return pod.Annotations[common.AnnotationKeyNodeName] }

func short(node string) string { return strings.TrimPrefix(node, workflowName+".") }
