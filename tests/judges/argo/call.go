package main

import "reflect"

// call calls a function of Argo's, whose versions take different arguments: it passes those that this version takes, in
// their order, and gives the first result of the type that is asked for.
func call[T any](function any, arguments ...any) (result T) {
	called := reflect.ValueOf(function)
	taken := make([]reflect.Value, 0, len(arguments))
	for _, argument := range arguments {
		given := reflect.ValueOf(argument)
		if len(taken) < called.Type().NumIn() && given.Type().AssignableTo(called.Type().In(len(taken))) {
			taken = append(taken, given)
		}
	}
	for _, each := range called.Call(taken) {
		if found, ok := each.Interface().(T); ok {
			return found
		}
	}
	return result
}
