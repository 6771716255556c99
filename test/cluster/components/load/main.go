// load makes the work that slow control planes suffer from. Each mode runs until -for has passed, or until all -n objects
// are made, and prints what it did.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

type load struct {
	client    kubernetes.Interface
	config    *rest.Config
	namespace string
	count     int
	workers   int
	list      metav1.ListOptions
	done      atomic.Int64
	failed    atomic.Int64
}

// In the order in which -h names them.
var modes = []struct {
	name, help string
	run        func(*load, context.Context)
}{
	{"pods", "make n pods that no scheduler takes", (*load).makePods},
	{"statefulsets", "make n StatefulSets without pods", (*load).makeStatefulSets},
	{"touch-statefulsets", "change annotations of n StatefulSets", (*load).touchStatefulSets},
	{"services", "make n Services that select the pods by group", (*load).makeServices},
	{"list", "list pods, see -resource-version, -limit, -field-selector", (*load).listPods},
	{"get", "get pods by name", (*load).getPods},
	{"watch", "hold n watches of pods", (*load).watchPods},
	{"rewatch", "open watches of pods and drop them at their first event", (*load).rewatchPods},
	{"change-pods", "change the status of n pods", (*load).changePods},
	{"tls", "ask once per connection", (*load).shakeHands},
}

func main() {
	var l load
	mode := flag.String("mode", "", "what to do")
	kubeconfig := flag.String("kubeconfig", os.Getenv("KUBECONFIG"), "")
	duration := flag.Duration("for", time.Minute, "how long at most")
	json := flag.Bool("json", false, "speak JSON, not protobuf")
	flag.StringVar(&l.namespace, "namespace", "default", "")
	flag.IntVar(&l.count, "n", 100, "")
	flag.IntVar(&l.workers, "workers", 8, "")
	flag.StringVar(&l.list.ResourceVersion, "resource-version", "", "of lists and gets; empty asks etcd")
	flag.StringVar(&l.list.FieldSelector, "field-selector", "", "")
	flag.Int64Var(&l.list.Limit, "limit", 0, "")
	flag.Parse()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	exitOn(err)
	config.QPS, config.Burst = 10000, 20000
	config.UserAgent = "kubeprof-load"
	if !*json {
		config.ContentType = "application/vnd.kubernetes.protobuf"
	}
	l.config = config
	l.client, err = kubernetes.NewForConfig(config)
	exitOn(err)
	ctx, cancel := context.WithTimeout(context.Background(), *duration)
	defer cancel()
	for _, known := range modes {
		if known.name == *mode {
			known.run(&l, ctx)
			fmt.Printf("%s: %d done, %d failed\n", known.name, l.done.Load(), l.failed.Load())
			return
		}
	}
	for _, known := range modes {
		fmt.Fprintf(os.Stderr, "-mode %s: %s\n", known.name, known.help)
	}
	os.Exit(2)
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// repeat calls work with 0, 1, 2 ... from all workers, until total calls or the context's end. The total may be endless: 0.
func (l *load) repeat(ctx context.Context, total int, work func(i int) error) {
	var workers sync.WaitGroup
	var next atomic.Int64
	for range l.workers {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for {
				i := int(next.Add(1)) - 1
				if (total > 0 && i >= total) || ctx.Err() != nil {
					return
				}
				if err := work(i); err == nil {
					l.done.Add(1)
				} else if ctx.Err() == nil && l.failed.Add(1) < 4 {
					fmt.Fprintln(os.Stderr, err)
				}
			}
		}()
	}
	workers.Wait()
}

func (l *load) makePods(ctx context.Context) {
	l.repeat(ctx, l.count, func(i int) error {
		pod := &corev1.Pod{ObjectMeta: podMeta(i), Spec: podSpec()}
		pod.Name = fmt.Sprintf("pod-%d", i)
		_, err := l.client.CoreV1().Pods(l.namespace).Create(ctx, pod, metav1.CreateOptions{})
		return err
	})
}

func (l *load) makeStatefulSets(ctx context.Context) {
	l.repeat(ctx, l.count, func(i int) error {
		name, replicas := fmt.Sprintf("set-%d", i), int32(0)
		labels := map[string]string{"app": name}
		set := &appsv1.StatefulSet{
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels},
			Spec: appsv1.StatefulSetSpec{
				Replicas:    &replicas,
				ServiceName: name,
				Selector:    &metav1.LabelSelector{MatchLabels: labels},
				Template:    corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: podSpec()},
			},
		}
		_, err := l.client.AppsV1().StatefulSets(l.namespace).Create(ctx, set, metav1.CreateOptions{})
		return err
	})
}

func (l *load) makeServices(ctx context.Context) {
	l.repeat(ctx, l.count, func(i int) error {
		service := &corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("service-%d", i)},
			Spec: corev1.ServiceSpec{
				ClusterIP: "None",
				Selector:  map[string]string{"group": fmt.Sprintf("g%d", i%200)},
				Ports:     []corev1.ServicePort{{Port: 80}},
			},
		}
		_, err := l.client.CoreV1().Services(l.namespace).Create(ctx, service, metav1.CreateOptions{})
		return err
	})
}

func (l *load) touchStatefulSets(ctx context.Context) {
	l.repeat(ctx, 0, func(i int) error {
		patch := fmt.Sprintf(`{"metadata":{"annotations":{"touched":"%d"}}}`, time.Now().UnixNano())
		_, err := l.client.AppsV1().StatefulSets(l.namespace).Patch(ctx, fmt.Sprintf("set-%d", i%l.count),
			types.MergePatchType, []byte(patch), metav1.PatchOptions{})
		return err
	})
}

func (l *load) listPods(ctx context.Context) {
	l.repeat(ctx, 0, func(int) error {
		_, err := l.client.CoreV1().Pods(l.namespace).List(ctx, l.list)
		return err
	})
}

func (l *load) getPods(ctx context.Context) {
	options := metav1.GetOptions{ResourceVersion: l.list.ResourceVersion}
	l.repeat(ctx, 0, func(i int) error {
		_, err := l.client.CoreV1().Pods(l.namespace).Get(ctx, fmt.Sprintf("pod-%d", i%l.count), options)
		return err
	})
}

func (l *load) watchPods(ctx context.Context) {
	l.repeat(ctx, l.count, func(i int) error {
		events, err := l.openWatch(ctx, i)
		if err == nil {
			go func() {
				for range events.ResultChan() {
				}
			}()
		}
		return err
	})
	fmt.Println("watching")
	<-ctx.Done()
}

func (l *load) rewatchPods(ctx context.Context) {
	l.repeat(ctx, 0, func(i int) error {
		events, err := l.openWatch(ctx, i)
		if err == nil {
			<-events.ResultChan()
			events.Stop()
		}
		return err
	})
}

func (l *load) openWatch(ctx context.Context, i int) (watch.Interface, error) {
	return l.client.CoreV1().Pods(l.namespace).Watch(ctx, metav1.ListOptions{
		ResourceVersion: "0", LabelSelector: fmt.Sprintf("group=g%d", i%200),
	})
}

func (l *load) changePods(ctx context.Context) {
	l.repeat(ctx, 0, func(i int) error {
		ready := map[bool]string{true: "True", false: "False"}[i/l.count%2 == 0]
		ip := fmt.Sprintf("10.%d.%d.%d", i%l.count/65025, i%l.count/255%255, i%l.count%255+1)
		patch := fmt.Sprintf(`{"status":{"phase":"Running","podIP":"%s","podIPs":[{"ip":"%s"}],"conditions":[{"type":"Ready","status":"%s"}]}}`, ip, ip, ready)
		_, err := l.client.CoreV1().Pods(l.namespace).Patch(ctx, fmt.Sprintf("pod-%d", i%l.count),
			types.StrategicMergePatchType, []byte(patch), metav1.PatchOptions{}, "status")
		return err
	})
}

func (l *load) shakeHands(ctx context.Context) {
	tlsConfig, err := rest.TLSConfigFor(l.config)
	exitOn(err)
	l.repeat(ctx, 0, func(int) error {
		transport := &http.Transport{TLSClientConfig: tlsConfig, DisableKeepAlives: true}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.config.Host+"/version", nil)
		if err != nil {
			return err
		}
		response, err := transport.RoundTrip(request)
		if err != nil {
			return err
		}
		return response.Body.Close()
	})
}

func podMeta(i int) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Labels:      map[string]string{"app": fmt.Sprintf("app-%d", i%50), "group": fmt.Sprintf("g%d", i%200)},
		Annotations: map[string]string{"note": strings.Repeat("n", 300)},
	}
}

func podSpec() corev1.PodSpec {
	env := make([]corev1.EnvVar, 12)
	for i := range env {
		env[i] = corev1.EnvVar{Name: fmt.Sprintf("ENV_%d", i), Value: strings.Repeat("v", 40)}
	}
	requests := corev1.ResourceList{"cpu": resource.MustParse("10m"), "memory": resource.MustParse("16Mi")}
	return corev1.PodSpec{
		SchedulerName: "nobody",
		Containers: []corev1.Container{
			{Name: "main", Image: "example/app:1", Env: env, Resources: corev1.ResourceRequirements{Requests: requests}},
		},
	}
}
