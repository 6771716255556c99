import type { Sentences } from '../translate-message.ts'

/** Faults of the targets file. */
export const TARGETS_FILE_MESSAGES: Sentences = {
  'is not valid: {1q}': '无效：{1}',
  'is not known here; one of {1}': '在这里未知；可用：{1}',
  'lacks {1} and {2}': '缺少 {1} 和 {2}',
  'lacks {1}': '缺少 {1}',
  'lacks `every` or `cron`': '缺少 `every` 或 `cron`',
  'must hold named sets, like `baseline:`': '必须包含命名的集合，如 `baseline:`',
  'must hold sections, like `targets:`': '必须包含各个部分，如 `targets:`',
  'has more than {1w} entries': '超过 {1} 项',
  'must be a list': '必须是列表',
  'would have a process under CPU profiling for {1w} of its time; collect.cpuShareMax allows {2w}':
    '会使进程有 {1} 的时间处于 CPU 采样中；collect.cpuShareMax 允许 {2}',
  'is less than {1w} s': '小于 {1} 秒',
  'is never due': '永远不会到期',
  'is longer than `every`': '比 `every` 更长',
  'cannot be beside `every`': '不能与 `every` 同时使用',
  'there is no profile set "{1}"; there are {2}': '没有 profile 集合“{1}”；现有：{2}',
  'there is no target "{1}"': '没有目标“{1}”',
  'there is no cluster "{1}"': '没有集群“{1}”',
  'needs a `cluster` whose credentials to send': '需要 `cluster`，以发送它的凭据',
  'needs `certFile` and `keyFile` together': '`certFile` 和 `keyFile` 必须同时给出',
  'needs `username` and `passwordFile` together': '`username` 和 `passwordFile` 必须同时给出',
  'cannot be beside `credentials`': '不能与 `credentials` 同时使用',
  'pods get no credentials: anyone who may edit one could have them sent anywhere':
    '不向 pod 发送凭据：能编辑 pod 的人可以让凭据被发往任何地方',
  '{1w} is not found in a cluster: say its `socket` or `url`':
    '{1} 不能在集群中查找：请给出它的 `socket` 或 `url`',
  'kubelets need `reach: node-proxy` or `reach: direct`: both take the right `nodes/proxy`, which is as good as a shell on the node':
    'kubelet 需要 `reach: node-proxy` 或 `reach: direct`：两者都要求 `nodes/proxy` 权限，它相当于节点上的 shell',
  'must be {1w} or {2w}': '必须是 {1} 或 {2}',
  '`pods` finds programs of kind go or coredns, not {1w}':
    '`pods` 只查找 go 或 coredns 类的程序，而不是 {1}',
  '`nodes` finds kubelets alone': '`nodes` 只查找 kubelet',
  'needs a `cluster` to be found in, or a `url`, or a `socket`':
    '需要用来查找的 `cluster`，或 `url`，或 `socket`',
  'is not a URL': '不是 URL',
  'has no effect beside `url` or `socket`': '与 `url` 或 `socket` 同时使用时不起作用',
  'cannot be beside `url`: a target is at one of them': '不能与 `url` 同时使用：目标只能有其中之一',
  'needs a `labelSelector`, or `annotations: true`': '需要 `labelSelector`，或 `annotations: true`',
  '{1w} lacks `discover.pods`, which says in which namespaces to look':
    '{1} 缺少 `discover.pods`，它指定在哪些命名空间中查找',
  '{1w} has no leader to be found: say all': '{1} 没有可查找的 leader：请写 all',
  '"{1}" is there already': '“{1}”已经存在',
  'needs either `kubeconfig` or `inCluster: true`': '需要 `kubeconfig` 或 `inCluster: true` 之一',
  '{1w} is not an address range like {2w}': '{1} 不是 {2} 这样的地址段',

  '{1w}: {2w}: {3p}': '{1}: {2}: {3}',
}
