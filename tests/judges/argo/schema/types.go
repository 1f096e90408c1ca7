package main

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
)

// types collects a definition a Go type, and the order in which the type declares its fields.
type types struct {
	defs    map[string]object
	origins map[string]reflect.Type
	orders  map[string][]string
}

func newTypes() *types {
	found := &types{defs: map[string]object{}, origins: map[string]reflect.Type{}, orders: map[string][]string{}}
	for name, scalar := range scalars {
		found.defs[name] = scalar
	}
	for name, allowed := range words {
		found.defs[name] = word(allowed)
	}
	return found
}

// of is the schema of a type at a place, and collects what it refers to.
func (all *types) of(t reflect.Type, crd *node) (object, error) {
	if scalars[t.Name()] != nil || words[t.Name()] != "" {
		return reference(t.Name()), nil
	}
	found := crd.limits()
	var err error
	switch t.Kind() {
	case reflect.Pointer:
		return all.of(t.Elem(), crd)
	case reflect.String:
		found["type"] = "string"
		if pattern, ok := found["pattern"]; ok {
			return all.restricted(pattern.(string), found)
		}
	case reflect.Bool:
		found["type"] = "boolean"
	case reflect.Int32, reflect.Int64:
		found["type"] = "integer"
	case reflect.Uint64:
		found["type"], found["minimum"] = "integer", 0
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return object{"type": "string"}, nil // base64
		}
		found["type"] = "array"
		found["items"], err = all.of(t.Elem(), crd.items())
	case reflect.Map:
		found["type"] = "object"
		found["additionalProperties"], err = all.of(t.Elem(), crd.values())
	case reflect.Struct:
		return all.structure(t, crd)
	default:
		err = fmt.Errorf("no schema for a %s", t.Kind())
	}
	return found, err
}

// restricted refers to the definition of a text that must match a pattern; one is made for each pattern.
func (all *types) restricted(pattern string, limits object) (object, error) {
	name, ok := patterns[pattern]
	if !ok {
		return nil, fmt.Errorf("nothing is known of the pattern %s", pattern)
	}
	maps.Copy(limits, patternWords[name])
	limits["pattern"] = pattern + `(?!\n)` // in Perl's patterns `$` also stands before a last newline
	if known := all.defs[name]; known != nil && !reflect.DeepEqual(known, limits) {
		return nil, fmt.Errorf("%s differs from place to place", name)
	}
	all.defs[name] = limits
	return reference(name), nil
}

// structure refers to the definition of a struct. A type has one definition, whatever its place:
// a difference between two places is an error, since it would have to be told apart by name.
func (all *types) structure(t reflect.Type, crd *node) (object, error) {
	if t.Name() == "ParallelSteps" { // JSON knows it as a list: its own marshaller says so
		steps, err := all.of(t.Field(0).Type.Elem(), crd.items())
		return object{"type": "array", "items": steps, "x-hint": groups}, err
	}
	name := definitionName(t, crd)
	if t.Name() == "Template" && (crd == nil || crd.Properties == nil) {
		return reference(name), nil // `inline`, which the definition leaves open to end the recursion
	}
	properties := object{}
	order, err := all.fields(t, crd, properties)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	definition := object{"type": "object", "properties": properties, "additionalProperties": false}
	if crd != nil && len(crd.Required) > 0 {
		definition["required"] = crd.Required
	}
	if known, ok := all.defs[name]; ok && !reflect.DeepEqual(known, definition) {
		return nil, fmt.Errorf("%s differs from place to place (%s, %s)", name, all.origins[name], t)
	}
	all.defs[name], all.origins[name], all.orders[name] = definition, t, order
	return reference(name), nil
}

const groups = "steps are a list of groups, and a group is a list: write `- - name: ...`"

// fields adds the fields of a struct, and tells their order.
func (all *types) fields(t reflect.Type, crd *node, properties object) (order []string, err error) {
	for _, field := range fieldsOf(t) {
		if crd != nil && crd.Properties != nil && crd.Properties[field.name] == nil {
			continue // A definition knows less of a type than Go where the API server would ignore it.
		}
		schema, err := all.of(field.of, crd.field(field.name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", field.name, err)
		}
		if path := paths[t.Name()+"."+field.name]; path != nil {
			schema = path
		}
		properties[field.name] = schema
		order = append(order, field.name)
	}
	return order, nil
}

// field is a field of a struct: its name in JSON, and its type.
type field struct {
	name string
	of   reflect.Type
}

// fieldsOf are the fields of a struct that somebody writes into a manifest, those of embedded structs in their place.
func fieldsOf(t reflect.Type) (found []field) {
	for i := range t.NumField() {
		declared := t.Field(i)
		name, _, _ := strings.Cut(declared.Tag.Get("json"), ",")
		switch {
		case name == "-" || setByServer(t, name):
		case name == "" && declared.Anonymous:
			found = append(found, fieldsOf(declared.Type)...)
		default:
			found = append(found, field{name, declared.Type})
		}
	}
	return found
}

// setByServer tells fields that a cluster fills in, and nobody writes into a manifest.
func setByServer(t reflect.Type, field string) bool {
	switch t.Name() {
	case "Workflow", "CronWorkflow":
		return field == "status"
	case "ObjectMeta":
		return strings.Contains(" selfLink uid resourceVersion generation creationTimestamp deletionTimestamp "+
			"deletionGracePeriodSeconds managedFields ", " "+field+" ")
	}
	return false
}

// definitionName is the type's own name. Kubernetes has a type of a name that Argo has too, and its
// metadata has fewer fields inside a spec, where the definition lists them, than at the top.
func definitionName(t reflect.Type, crd *node) string {
	switch {
	case t.Name() == "HTTPHeader" && strings.HasPrefix(t.PkgPath(), "k8s.io/"):
		return "ProbeHeader"
	case t.Name() == "ObjectMeta" && crd != nil && crd.Properties != nil:
		return "EmbeddedObjectMeta"
	}
	return t.Name()
}

func reference(name string) object {
	return object{"$ref": "#/$defs/" + name}
}
