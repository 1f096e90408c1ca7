package main

import "fmt"

// later is the version that the schema describes. Its module may not be at hand where this is run, so
// what it has and the module of go.mod lacks is listed here; a field that the module has too is an error.
const later = "v4.1.2"

var (
	aText   = object{"type": "string"}
	aNumber = object{"type": "integer"}
	aSwitch = object{"type": "boolean"}
	texts   = object{"type": "object", "additionalProperties": aText}
)

// laterFields are the fields that known types have gained.
var laterFields = map[string]object{
	"Template": {
		"pendingTimeout": aText,
		"podResources":   reference("ResourceRequirements"),
		"resourceClaims": listOf("PodResourceClaim"),
	},
	"WorkflowSpec": {
		"executorPlugins": listOf("ExecutorPlugin"),
		"podResources":    reference("ResourceRequirements"),
		"resourceClaims":  listOf("PodResourceClaim"),
	},
	"S3Artifact":       {"addressingStyle": object{"type": "string", "enum": []string{"", "path", "virtual-hosted"}}},
	"HTTPArtifact":     {"saveStreamViaFile": aSwitch},
	"EnvVarSource":     {"fileKeyRef": reference("FileKeySelector")},
	"VolumeProjection": {"podCertificate": reference("PodCertificateProjection")},
	"Container":        {"restartPolicyRules": listOf("ContainerRestartRule")},
	"ContainerNode":    {"restartPolicyRules": listOf("ContainerRestartRule")},
	"ScriptTemplate":   {"restartPolicyRules": listOf("ContainerRestartRule")},
	"UserContainer":    {"restartPolicyRules": listOf("ContainerRestartRule")},
}

// laterTypes are the types that these fields brought along.
var laterTypes = map[string]object{
	"PodResourceClaim": closed(object{
		"name": aText, "resourceClaimName": aText, "resourceClaimTemplateName": aText,
	}, "name"),
	"ExecutorPlugin":        closed(object{"metadata": reference("PluginMeta"), "spec": reference("ExecutorPluginSpec")}, "metadata", "spec"),
	"ExecutorPluginSpec":    closed(object{"sidecar": reference("ExecutorPluginSidecar")}, "sidecar"),
	"ExecutorPluginSidecar": closed(object{"automountServiceAccountToken": aSwitch, "container": reference("PluginContainer")}, "container"),
	"PluginContainer":       object{"$ref": "#/$defs/Container", "required": []string{"name"}},
	"PluginMeta": closed(object{
		"annotations": texts, "finalizers": object{"type": "array", "items": aText}, "labels": texts, "name": aText, "namespace": aText,
	}),
	"FileKeySelector": closed(object{
		"key": aText, "optional": aSwitch, "path": aText, "volumeName": aText,
	}, "key", "path", "volumeName"),
	"PodCertificateProjection": closed(object{
		"certificateChainPath": aText, "credentialBundlePath": aText, "keyPath": aText, "keyType": aText,
		"maxExpirationSeconds": aNumber, "signerName": aText, "userAnnotations": texts,
	}, "keyType", "signerName"),
	"ContainerRestartRule": closed(object{"action": aText, "exitCodes": reference("ContainerRestartRuleOnExitCodes")}, "action"),
	"ContainerRestartRuleOnExitCodes": closed(object{
		"operator": aText, "values": object{"type": "array", "items": aNumber},
	}, "operator"),
}

// partial are the types of which a manifest may say a part, to be merged into what is there already.
var partial = []string{"Artifact", "Container", "CronWorkflowSpec", "DAGTask", "ObjectMeta", "Template", "Volume", "WorkflowSpec"}

// addLater adds what the module lacks.
func (all *types) addLater() error {
	for name, definition := range laterTypes {
		if all.defs[name] != nil {
			return fmt.Errorf("%s is in the module already", name)
		}
		all.defs[name] = definition
	}
	for name, fields := range laterFields {
		properties, ok := all.defs[name]["properties"].(object)
		if !ok {
			return fmt.Errorf("there is no %s to add fields to", name)
		}
		for field, schema := range fields {
			if properties[field] != nil {
				return fmt.Errorf("%s.%s is in the module already", name, field)
			}
			properties[field] = schema
		}
	}
	return nil
}

// addPartial adds a definition PartialX beside some X: the same fields, none of them required.
func (all *types) addPartial() {
	for _, name := range partial {
		whole := all.defs[name]
		all.orders["Partial"+name] = all.orders[name]
		required, ok := whole["required"]
		if !ok {
			all.defs["Partial"+name] = reference(name)
			continue
		}
		delete(whole, "required")
		all.defs["Partial"+name] = whole
		all.defs[name] = object{"$ref": "#/$defs/Partial" + name, "required": required}
	}
}

func closed(properties object, required ...string) object {
	found := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		found["required"] = required
	}
	return found
}

func listOf(name string) object {
	return object{"type": "array", "items": reference(name)}
}
