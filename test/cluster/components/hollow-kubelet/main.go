// A kubelet that runs no containers: the real one over the fake runtime of Kubernetes' own scalability tests (kubemark).
// Unlike kubemark's it serves TLS, authenticates and authorises as a kubelet does, and forwards ports: to this host,
// as a container runtime does for pods on the host's network.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"time"

	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/remotecommand"
	internalapi "k8s.io/cri-api/pkg/apis"
	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
	apitest "k8s.io/cri-api/pkg/apis/testing"
	"k8s.io/klog/v2"
	"k8s.io/kubelet/pkg/cri/streaming"
	kubeletapp "k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	cadvisortest "k8s.io/kubernetes/pkg/kubelet/cadvisor/testing"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	"k8s.io/kubernetes/pkg/kubemark"

	"k8s.io/apimachinery/pkg/types"
)

func main() {
	name := flag.String("name", "", "of the node")
	address := flag.String("address", "", "to listen on and to be reached at")
	port := flag.Int("port", 0, "")
	streamingPort := flag.Int("streaming-port", 0, "where the runtime answers port forwards")
	kubeconfig := flag.String("kubeconfig", "", "")
	manifests := flag.String("manifests", "", "folder of static pods")
	certFile := flag.String("tls-cert-file", "", "")
	keyFile := flag.String("tls-private-key-file", "", "")
	clientCAFile := flag.String("client-ca-file", "", "")
	flag.Parse()

	flags, settings := kubemark.GetHollowKubeletConfig(&kubemark.HollowKubeletOptions{
		NodeName: *name, KubeletPort: *port, MaxPods: 110,
	})
	flags.NodeIP = *address
	settings.Address = *address
	settings.StaticPodPath = *manifests
	settings.FileCheckFrequency.Duration = time.Second
	settings.EnableContentionProfiling = true
	settings.TLSCertFile, settings.TLSPrivateKeyFile = *certFile, *keyFile
	settings.Authentication.X509.ClientCAFile = *clientCAFile
	settings.Authentication.Anonymous.Enabled = false
	settings.Authentication.Webhook.Enabled = true
	settings.Authorization.Mode = kubeletconfig.KubeletAuthorizationModeWebhook
	if err := run(flags, settings, *kubeconfig, *streamingPort); err != nil {
		klog.Fatal(err)
	}
}

func run(flags *options.KubeletFlags, settings *kubeletconfig.KubeletConfiguration, kubeconfig string, streamingPort int) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config.UserAgent = "hollow-kubelet"
	client, err := clientset.NewForConfig(config)
	if err != nil {
		return err
	}
	fake := apitest.NewFakeRuntimeService()
	fake.FakeStatus = &runtimeapi.RuntimeStatus{Conditions: []*runtimeapi.RuntimeCondition{
		{Type: runtimeapi.RuntimeReady, Status: true},
		{Type: runtimeapi.NetworkReady, Status: true},
	}}
	runtime := &forwardingRuntime{RuntimeService: fake}
	streams := streaming.DefaultConfig
	streams.Addr = net.JoinHostPort("127.0.0.1", fmt.Sprint(streamingPort))
	if runtime.streams, err = streaming.NewServer(streams, forwarder{}); err != nil {
		return err
	}
	go func() { klog.Fatal(runtime.streams.Start(true)) }()

	hollow := kubemark.NewHollowKubelet(flags, settings, client, client, &cadvisortest.Fake{NodeName: flags.HostnameOverride},
		apitest.NewFakeImageService(), runtime, cm.NewStubContainerManager())
	if hollow.KubeletDeps.TLSOptions, err = kubeletapp.InitializeTLS(flags, settings); err != nil {
		return err
	}
	auth, reload, err := kubeletapp.BuildAuth(types.NodeName(flags.HostnameOverride), client, *settings)
	if err != nil {
		return err
	}
	hollow.KubeletDeps.Auth = auth
	reload(nil)
	hollow.Run()
	return nil
}

type forwardingRuntime struct {
	internalapi.RuntimeService
	streams streaming.Server
}

func (r *forwardingRuntime) PortForward(_ context.Context, request *runtimeapi.PortForwardRequest) (*runtimeapi.PortForwardResponse, error) {
	return r.streams.GetPortForward(request)
}

// forwarder is what the streaming server asks: its PortForward has the signature of another interface.
type forwarder struct{}

func (forwarder) PortForward(_ context.Context, _ string, port int32, stream io.ReadWriteCloser) error {
	connection, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", fmt.Sprint(port)))
	if err != nil {
		return err
	}
	defer connection.Close()
	ended := make(chan error, 2)
	go func() { _, err := io.Copy(connection, stream); ended <- err }()
	go func() { _, err := io.Copy(stream, connection); ended <- err }()
	return <-ended
}

func (forwarder) Exec(context.Context, string, []string, io.Reader, io.WriteCloser, io.WriteCloser, bool, <-chan remotecommand.TerminalSize) error {
	return fmt.Errorf("there is no container")
}

func (forwarder) Attach(context.Context, string, io.Reader, io.WriteCloser, io.WriteCloser, bool, <-chan remotecommand.TerminalSize) error {
	return fmt.Errorf("there is no container")
}
