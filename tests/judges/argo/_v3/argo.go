package main

import (
	"context"

	"github.com/sirupsen/logrus"
)

// quietly is the context of Argo's code, which logs for all.
func quietly() context.Context {
	logrus.SetLevel(logrus.ErrorLevel)
	return context.Background()
}

func (s shelf[T]) Get(name string) (*T, error) { return s.find(name) }
