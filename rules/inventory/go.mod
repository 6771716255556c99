module kubeprof/rules/inventory

go 1.22
