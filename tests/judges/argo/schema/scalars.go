package main

import "strings"

// scalars are the types that read themselves from JSON, so that Go's reflection cannot tell what they take.
// Where a number and a text are both fine, a number that starts with a zero is octal for some readers.
var scalars = map[string]object{
	"Amount": {"type": "number"},
	"AnyString": {
		"type":            []string{"string", "number", "boolean"},
		"x-octal-or-text": true,
		"x-hint":          "Argo reads a list or mapping as nothing: write it as JSON in a text",
	},
	"IntOrString": {
		"type":            []string{"integer", "string"},
		"x-octal-or-text": true,
		"x-hint":          "write a whole number or a text",
	},
	"Item": {
		"type":            []string{"string", "number", "boolean", "array", "object"},
		"x-octal-or-text": true,
	},
	"Plugin": {
		"type":          "object",
		"minProperties": 1,
		"maxProperties": 1,
		"x-hint":        "write one key, the name of the plugin, with its settings below",
	},
	"Quantity": {
		"type":            []string{"number", "string"},
		"pattern":         `^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+))?$(?!\n)`,
		"x-octal-or-text": true,
		"x-what":          "quantity",
		"x-hint":          "a quantity is a number with a unit, such as 500m, 2 or 4Gi; a {{tag}} can stand in `podSpecPatch` only",
	},
	"ResourceList": {
		"type": "object",
		"propertyNames": object{
			"pattern": `^(cpu|memory|storage|ephemeral-storage|hugepages-.+|.+/.+)$(?!\n)`,
			"x-hint":  "a resource is cpu, memory, ephemeral-storage, storage, hugepages-SIZE or example.com/NAME",
		},
		"additionalProperties": reference("Quantity"),
	},
	"Time": {"type": "string"},
}

// patterns are the texts that Argo's definitions restrict: pattern → the name that it has here.
var patterns = map[string]string{
	`^[a-zA-Z0-9][-a-zA-Z0-9]*$`: "Name",
	`^[-a-zA-Z0-9_]+$`:           "ParameterName",
	`^[-a-zA-Z0-9_{}.]+$`:        "ArtifactName",
	`^[a-zA-Z_][a-zA-Z0-9_]*$`:   "MetricLabelName",
	`^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every\s+([0-9]+(ns|us|µs|ms|s|m|h))+|([A-Za-z0-9*,/?-]+\s+){4}[A-Za-z0-9*,/?-]+)$`: "Schedule",
}

// patternWords are what to say when a text does not match.
var patternWords = map[string]object{
	"Name":            {"x-what": "name", "x-hint": "a name is letters, digits and `-`, a letter or digit first"},
	"ParameterName":   {"x-what": "name", "x-hint": "a name is letters, digits, `-` and `_`"},
	"ArtifactName":    {"x-what": "name", "x-hint": "a name is letters, digits, `-` and `_`"},
	"MetricLabelName": {"x-what": "name", "x-hint": "a name is letters, digits and `_`, no digit first"},
	"Schedule":        {"x-what": "schedule", "x-hint": "a schedule is five fields such as `0 6 * * *`, or @daily, or @every 1h; the time zone goes in `timezone`"},
}

// words are the values that a cluster allows where Argo and its definitions take any text. Nobody but the
// API server says so, and only when the pod is made. Source: the constants of k8s.io/api/core/v1.
var words = map[string]string{
	"AppArmorProfileType":            "Localhost RuntimeDefault Unconfined",
	"AzureDataDiskCachingMode":       "None ReadOnly ReadWrite",
	"AzureDataDiskKind":              "Dedicated Managed Shared",
	"ContainerRestartPolicy":         "Always Never OnFailure",
	"DNSPolicy":                      "ClusterFirst ClusterFirstWithHostNet Default None",
	"LabelSelectorOperator":          "DoesNotExist Exists In NotIn",
	"MountPropagationMode":           "Bidirectional HostToContainer None",
	"NodeSelectorOperator":           "DoesNotExist Exists Gt In Lt NotIn",
	"PersistentVolumeAccessMode":     "ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod",
	"PersistentVolumeMode":           "Block Filesystem",
	"PodFSGroupChangePolicy":         "Always OnRootMismatch",
	"PodSELinuxChangePolicy":         "MountOption Recursive",
	"ProcMountType":                  "Default Unmasked",
	"Protocol":                       "SCTP TCP UDP",
	"PullPolicy":                     "Always IfNotPresent Never",
	"RecursiveReadOnlyMode":          "Disabled Enabled IfPossible",
	"ResourceResizeRestartPolicy":    "NotRequired RestartContainer",
	"SeccompProfileType":             "Localhost RuntimeDefault Unconfined",
	"ShutdownStrategy":               "Stop Terminate",
	"SupplementalGroupsPolicy":       "Merge Strict",
	"TaintEffect":                    "NoExecute NoSchedule PreferNoSchedule",
	"TerminationMessagePolicy":       "FallbackToLogsOnError File",
	"TolerationOperator":             "Equal Exists Gt Lt",
	"URIScheme":                      "HTTP HTTPS",
	"UnhealthyPodEvictionPolicyType": "AlwaysAllow IfHealthyBudget",
	"VolumeClaimGCStrategy":          "OnWorkflowCompletion OnWorkflowSuccess",
}

// paths are the fields of a pod that a container can read of itself. A text with a {{tag}} is judged when that is
// replaced. Source: the lists of Kubernetes' pkg/apis/core/validation.
var paths = map[string]object{
	"ObjectFieldSelector.fieldPath": {
		"type": "string",
		"pattern": `\{\{|^(metadata\.(name|namespace|uid|(labels|annotations)(\['[^']+'\])?)|spec\.(nodeName|serviceAccountName)` +
			`|status\.(hostIP|podIP)s?)$(?!\n)`,
		"x-what": "path",
		"x-hint": "a pod can read metadata.name, .namespace, .uid, .labels['KEY'] and .annotations['KEY'], spec.nodeName, " +
			"spec.serviceAccountName, status.hostIP and status.podIP of itself",
	},
	"ResourceFieldSelector.resource": {
		"type":    "string",
		"pattern": `\{\{|^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$(?!\n)`,
		"x-what":  "resource",
		"x-hint":  "a container can read limits. and requests. of cpu, memory, ephemeral-storage and hugepages-SIZE",
	},
}

// word is a text that is one of some, unset, or has a {{tag}} that Argo replaces before anybody reads it.
func word(allowed string) object {
	return object{"type": "string", "anyOf": []object{
		{"enum": append(strings.Fields(allowed), "")},
		{"pattern": `\{\{`},
	}}
}
