// Argo CD's server for config management plugins, and Argo CD's client of it, with a plugin.yaml, over a socket.
//
// Reads a request as JSON, and writes what the plugin matches, announces and generates, `runs` times at once.
package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/sirupsen/logrus"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/cmpserver/plugin"
	"github.com/argoproj/argo-cd/v3/common"
	repository "github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

type request struct {
	// The folders of plugin.yaml, of the socket, of the repository, and of the Application in it.
	Config, Socket, Repository, Application string
	// What the repo server passes as the environment.
	Env  []string
	Runs int
}

type answer struct {
	IsMatch, IsDiscovering bool
	Announcements          []*repository.ParameterAnnouncement
	Runs                   []run
	Error                  string
}

type run struct {
	Manifests []string
	Error     string
}

func main() {
	logrus.SetOutput(os.Stderr)
	var asked request
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	said, err := answered(asked)
	if err != nil {
		said.Error = err.Error()
	}
	must(json.NewEncoder(os.Stdout).Encode(said))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func answered(asked request) (answer, error) {
	var said answer
	config, err := plugin.ReadPluginConfig(asked.Config)
	if err != nil {
		return said, err
	}
	address := filepath.Join(asked.Socket, "plugin.sock")
	if err := serve(*config, address); err != nil {
		return said, err
	}
	closer, client, err := apiclient.NewConfigManagementPluginClientSet(address).NewConfigManagementPluginClient()
	if err != nil {
		return said, err
	}
	defer func() { _ = closer.Close() }()
	if err := ask(client, asked, &said); err != nil {
		return said, err
	}
	said.Runs = make([]run, asked.Runs)
	var waiting sync.WaitGroup
	for number := range said.Runs {
		waiting.Go(func() { said.Runs[number] = generated(client, asked) })
	}
	waiting.Wait()
	return said, nil
}

func serve(config plugin.PluginConfig, address string) error {
	service := plugin.NewService(plugin.CMPServerInitConstants{PluginConfig: config})
	if err := service.Init(common.GetCMPWorkDir()); err != nil {
		return err
	}
	listener, err := net.Listen("unix", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	apiclient.RegisterConfigManagementPluginServiceServer(server, service)
	go func() { _ = server.Serve(listener) }()
	return nil
}

func ask(client apiclient.ConfigManagementPluginServiceClient, asked request, said *answer) error {
	ctx := context.Background()
	if _, err := client.CheckPluginConfiguration(ctx, &emptypb.Empty{}); err != nil {
		return err
	}
	match, err := client.MatchRepository(ctx)
	if err != nil {
		return err
	}
	if err := send(ctx, asked, match); err != nil {
		return err
	}
	matched, err := match.CloseAndRecv()
	if err != nil {
		return err
	}
	said.IsMatch, said.IsDiscovering = matched.IsSupported, matched.IsDiscoveryEnabled
	parameters, err := client.GetParametersAnnouncement(ctx)
	if err != nil {
		return err
	}
	if err := send(ctx, asked, parameters); err != nil {
		return err
	}
	announced, err := parameters.CloseAndRecv()
	if err != nil {
		return err
	}
	said.Announcements = announced.ParameterAnnouncements
	return nil
}

func generated(client apiclient.ConfigManagementPluginServiceClient, asked request) run {
	ctx := context.Background()
	stream, err := client.GenerateManifest(ctx)
	if err == nil {
		err = send(ctx, asked, stream)
	}
	if err != nil {
		return run{Error: err.Error()}
	}
	made, err := stream.CloseAndRecv()
	if err != nil {
		return run{Error: err.Error()}
	}
	return run{Manifests: made.Manifests}
}

func send(ctx context.Context, asked request, stream cmp.StreamSender) error {
	return cmp.SendRepoStream(ctx, asked.Application, asked.Repository, stream, asked.Env, nil)
}
