package main

import (
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strings"
)

// writeFields prints the names of the fields of each type that the kinds lead to: what a version knows.
func writeFields(out io.Writer) error {
	found := map[string][]string{}
	for _, kind := range kinds {
		addFields(reflect.TypeOf(kind), found)
	}
	return json.NewEncoder(out).Encode(found)
}

func addFields(t reflect.Type, found map[string][]string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		addFields(t.Elem(), found)
	case reflect.Struct:
		name := definitionName(t, nil)
		if scalars[t.Name()] == nil && found[name] == nil {
			found[name] = []string{}
			found[name] = namesOf(t, found)
		}
	}
}

// namesOf are the fields of a struct as JSON names them, those of embedded structs among them.
func namesOf(t reflect.Type, found map[string][]string) []string {
	names := []string{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-" || setByServer(t, name):
		case name == "" && field.Anonymous:
			names = append(names, namesOf(field.Type, found)...)
		default:
			names = append(names, name)
			addFields(field.Type, found)
		}
	}
	slices.Sort(names)
	return names
}
