package main

import (
	"encoding/json"
	"io"
	"reflect"
	"slices"
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

// namesOf are the names of the fields of a struct.
func namesOf(t reflect.Type, found map[string][]string) []string {
	names := []string{}
	for _, field := range fieldsOf(t) {
		names = append(names, field.name)
		addFields(field.of, found)
	}
	slices.Sort(names)
	return names
}
