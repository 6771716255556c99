import type { Sentences } from '../translate-message.ts'

/** What kubeprof says of targets: how they are found, reached, asked, and what they answer. */
export const COLLECT_MESSAGES: Sentences = {
  'It is empty: the process answered nothing (etcd: --enable-pprof is off by default)':
    '文件为空：进程没有返回任何内容（etcd 默认未启用 --enable-pprof）',
  'the process at {1w}': '进程 {1}',
  'the API server of {1w}': '{1} 的 API server',
  'the tunnel to port {1w} of {2w}': '到 {2} 端口 {1} 的隧道',
  '{1w} at {2w}': '{1} {2}',

  '{1q} refused the connection: nothing listens there ({2w})':
    '{1} 拒绝连接：那里没有程序在监听，{2}',
  '{1q} has no address: its name is not known ({2w})': '{1} 没有地址：名称无法解析，{2}',
  '{1q} has no address: the name server does not answer ({2w})':
    '{1} 没有地址：域名服务器没有响应，{2}',
  '{1q} closed the connection without an answer ({2w})': '{1} 未作回答就关闭了连接，{2}',
  '{1q} cannot be reached from here ({2w})': '从这里无法到达 {1}，{2}',
  '{1q} does not exist ({2w})': '{1} 不存在，{2}',
  '{1q} may not be opened by this user: see its file mode ({2w})':
    '当前用户无权打开 {1}：请查看文件权限，{2}',
  "{1q} has a certificate of an unknown authority: give the authority's certificate, or choose not to verify ({2w})":
    '{1} 的证书由未知机构签发：请提供该机构的证书，或选择不验证，{2}',
  '{1q} has a certificate that has expired ({2w})': '{1} 的证书已过期，{2}',
  '{1q} has a certificate that is not valid yet: do the clocks agree? ({2w})':
    '{1} 的证书尚未生效：两边时钟是否一致？{2}',
  '{1q} has a certificate for other names: give the server name that it is for ({2w})':
    '{1} 的证书属于其他名称：请填写证书对应的服务器名称，{2}',
  '{1q} wants a client certificate that it knows: give one with its key ({2w})':
    '{1} 要求它认可的客户端证书：请提供证书及其密钥，{2}',
  '{1q} does not speak TLS there: is it http? ({2w})': '{1} 不使用 TLS：是否应为 http？{2}',
  '{1q} does not speak HTTP there, or has too large headers ({2w})':
    '{1} 不使用 HTTP，或响应头过大，{2}',
  '{1q} is not asked: its token, certificate or key is malformed ({2w})':
    '未访问 {1}：其令牌、证书或密钥格式有误，{2}',
  '{1q} cannot be trusted over TLS ({2w})': '{1} 的 TLS 不可信，{2}',
  '{1q} cannot be asked ({2w})': '无法访问 {1}，{2}',
  '{1q} did not answer within {2} s': '{1} 在 {2} 秒内没有响应',
  '{1q} did not end its answer within {2} s': '{1} 在 {2} 秒内没有响应完毕',
  '{1q} closed the connection before the answer was whole': '{1} 在响应完成前关闭了连接',
  '{1q} sent more than {2w} {3w}': '{1} 返回的内容超过 {2} {3}',
  '{1q} cannot be connected to within {2} s': '{2} 秒内未能连接 {1}',
  '{1q} redirects to {2}, which is not HTTP': '{1} 重定向到 {2}，而它不是 HTTP 地址',
  '{1q} redirects to no valid URL': '{1} 重定向到的 URL 无效',
  '{1q} stopped after {2} redirects': '{1} 重定向超过 {2} 次，已停止',
  '{1q} may not be asked: {2p}; network.allow names ranges that may be':
    '不允许访问 {1}：{2}；允许的网段写在 network.allow 中',
  '{1w} is {2w}, which is {3p}': '{1} 解析为 {2}，属于{3}',
  '{1w} is {2p}': '{1} 属于{2}',
  'no address': '无效地址',
  'link-local or a metadata service of a cloud': '链路本地地址或云的元数据服务',
  'shared between providers': '运营商共享地址',
  unspecified: '未指定地址',
  'multicast, broadcast or reserved': '组播、广播或保留地址',
  loopback: '环回地址',
  'another address in disguise': '伪装的其他地址',
  private: '私有地址',
  '{1p}: network.allow of the targets file does not allow it':
    '{1}：目标文件的 network.allow 不允许访问',
  'no address: network.allow of the targets file does not allow it':
    '地址无效：目标文件的 network.allow 不允许访问',

  '{1q} answered {2w} when asked to {3q}: {4q}': '{1} 对“{3}”返回 {2}：{4}',
  '{1q} answered {2w} when asked to {3q}': '{1} 对“{3}”返回 {2}',
  '{1q} does not accept the credentials (401) when asked to {2q}':
    '{1} 不接受这些凭据（401），请求的操作是“{2}”',
  '{1q} answered {2w} to {3w}: {4q}': '{1} 对 {3} 返回 {2}：{4}',
  '{1q} answered {2w} to PUT {3w}: {4q}': '{1} 对 PUT {3} 返回 {2}：{4}',
  '{1q} answered {2w} to PUT {3w}': '{1} 对 PUT {3} 返回 {2}',
  '{1q} answered {2w} to {3w}': '{1} 对 {3} 返回 {2}',
  'review the rights of these credentials': '查询这些凭据的权限',
  'list endpointslices in {1w}': '列出 {1} 中的 endpointslices',
  'list leases in {1w}': '列出 {1} 中的 leases',
  'list nodes': '列出 nodes',
  'list pods in {1w}': '列出 {1} 中的 pods',
  'get the lease {1w} in {2w}': '读取 {2} 中的 lease {1}',
  'get the node {1w}': '读取节点 {1}',
  'forward port {1w} of the pod {2w}': '转发 pod {2} 的端口 {1}',
  '{1w} is forbidden: User "{2}" cannot {3w} resource "{4w}" in API group "{5}" in the namespace "{6}"':
    '{4} 被拒绝：用户“{2}”无权在命名空间“{6}”中对 API 组“{5}”的资源“{4}”执行 {3}',
  '{1w} is forbidden: User "{2}" cannot {3w} resource "{4w}" in API group "{5}" at the cluster scope':
    '{4} 被拒绝：用户“{2}”无权在集群范围内对 API 组“{5}”的资源“{4}”执行 {3}',
  '{1w} "{7w}" is forbidden: User "{2}" cannot {3w} resource "{4w}" in API group "{5}" in the namespace "{6}"':
    '{4}“{7}”被拒绝：用户“{2}”无权在命名空间“{6}”中对 API 组“{5}”的资源“{4}”执行 {3}',
  '{1w} "{6w}" is forbidden: User "{2}" cannot {3w} resource "{4w}" in API group "{5}" at the cluster scope':
    '{4}“{6}”被拒绝：用户“{2}”无权在集群范围内对 API 组“{5}”的资源“{4}”执行 {3}',
  'forbidden: User "{1}" cannot {2w} path "{3}"': '用户“{1}”无权对路径“{3}”执行 {2}',
  Unauthorized: '未认证',
  'no credentials were given, or they are not known there': '没有提供凭据，或对方不认识这些凭据',
  'a {1w} grants it with the rule {2}': '可用 {1} 的这条规则授权：{2}',
  'a {1w} in {3w} grants it with the rule {2}': '可用 {3} 中 {1} 的这条规则授权：{2}',
  'the credentials are missing or no longer good': '缺少凭据，或凭据已失效',
  'redirects are not followed: name the address itself': '不跟随重定向：请直接填写目标地址',
  'this process has no such profile': '该进程没有这种 profile',
  'this process has no such page': '该进程没有这个页面',
  'it is asked for fewer seconds': '将以更短的时长再次请求',
  'someone else is profiling it just now': '此刻有人正在采样它',
  'profiling is switched off there (--profiling=false, enableProfilingHandler: false, no --enable-pprof), or it has another path':
    '那里关闭了性能分析（--profiling=false、enableProfilingHandler: false、未设 --enable-pprof），或路径不同',
  '{1q} answered no JSON': '{1} 返回的不是 JSON',
  '{1q} has more than {2w} objects when asked to {3q}': '{1} 对“{3}”返回的对象超过 {2} 个',
  '{1q} was closed: {2q}': '{1}已关闭：{2}',
  '{1p} cannot be opened: {2q}': '无法打开{1}：{2}',
  '{1q} answered in the encoding {2w}, unasked': '{1} 未经要求就以 {2} 编码返回',
  '{1q} answered {2w} with {3p}': '{1} 对 {2} 返回的{3}',
  'a web page: a login page or a proxy answers in its place': '是网页：可能由登录页或代理代为响应',
  nothing: '内容为空',
  'something other than a Go execution trace': '不是 Go 执行 trace',
  'no goroutines': '内容里没有 goroutine',
  'something other than a profile': '不是 profile',

  'the EndpointSlice default/kubernetes lists no address':
    'EndpointSlice default/kubernetes 中没有地址',
  '{1} cannot be connected to from here': '从这里无法连接 {1}',
  '{1} cannot be connected to just now': '目前无法连接 {1}',
  'no running pod in {1w} has the label {2w}': '{1} 中没有带标签 {2} 的运行中的 pod',
  'a control plane that runs outside of the cluster, or that a cloud keeps to itself, is captured by its address or not at all':
    '控制面运行在集群之外，或由云厂商托管时，只能按地址采集，或无法采集',
  'there is no node': '没有节点',
  'there is no node with the labels {1}': '没有带标签 {1} 的节点',
  'the node {1w} has no InternalIP': '节点 {1} 没有 InternalIP',
  'no running pod in {1} asks to be captured by kubeprof.dev/scrape: "true"':
    '{1} 中没有以 kubeprof.dev/scrape: "true" 声明要采集的运行中的 pod',
  'no running pod in {1} fits': '{1} 中没有符合条件的运行中的 pod',
  '{1w} names no port: set kubeprof.dev/port': '{1} 没有声明端口：请设置 kubeprof.dev/port',
  '{1w} has a scheme other than http and https': '{1} 的协议不是 http 或 https',
  '{1w} has a kubeprof.dev/path that is not a plain path': '{1} 的 kubeprof.dev/path 不是普通路径',
  '{1w} has a kubeprof.dev/component that is not a name': '{1} 的 kubeprof.dev/component 不是名称',
  '{1w} has kubeprof.dev/profiles with a kind that is not taken of pods':
    '{1} 的 kubeprof.dev/profiles 含有不能从 pod 采集的种类',
  '{1w} has no address yet': '{1} 还没有地址',
  '{1} has a name or password in its URL; give them as credentials':
    '{1} 的 URL 中含有用户名或密码；请以凭据提供',
  '{1} has no http or https URL': '{1} 的 URL 不是 http 或 https',
  '{1} is to be found in a cluster, and names none': '{1} 应在集群中查找，却没有指定集群',
  '{1} may be a URL and nothing else: only an operator may name more':
    '{1} 只能是 URL：更多内容只有 operator 才能指定',
  'the target is reached through a cluster, but names none': '目标经由集群访问，却没有指定集群',
  '{1w} is neither http: nor https:': '{1} 既不是 http: 也不是 https:',
  'only an operator may name such a target': '只有 operator 才能指定这样的目标',
  'there is no cluster {1w}': '没有集群 {1}',
  'there is no cluster "{1}" in the targets file': '目标文件中没有集群“{1}”',
  'the URL is not valid': 'URL 无效',
  'credentials have no place in a URL: put the target into the targets file':
    'URL 中不能含凭据：请把目标写进目标文件',
  'the target {1w} has no process "{2}" just now': '目标 {1} 目前没有进程“{2}”',
  'the target {1w} does not know this process any more': '目标 {1} 已经没有这个进程',

  'the cluster cannot be asked: {1q}': '无法访问集群：{1}',
  '{1} cannot be read: does the pod have automountServiceAccountToken or a projected token?':
    '无法读取 {1}：pod 是否启用了 automountServiceAccountToken，或挂载了 projected token？',
  'kubeprof does not run in it: KUBERNETES_SERVICE_HOST is not set':
    'kubeprof 没有运行在集群中：KUBERNETES_SERVICE_HOST 未设置',
  'its proxy-url is not an HTTP proxy': '它的 proxy-url 不是 HTTP 代理',
  'the credential plugin {1} did not end within {2} s': '凭据插件 {1} 在 {2} 秒内没有结束',
  'the credential plugin {1} was ended by {2w}': '凭据插件 {1} 被 {2} 终止',
  'the credential plugin {1} failed with {2w}': '凭据插件 {1} 失败，退出码 {2}',
  'the credential plugin {1} is not installed': '凭据插件 {1} 未安装',
  'the credential plugin {1} is not installed ({2})': '凭据插件 {1} 未安装（{2}）',
  'the credential plugin {1} cannot be run ({2})': '凭据插件 {1} 无法运行（{2}）',
  'the credential plugin {1} printed no credentials': '凭据插件 {1} 没有输出凭据',
  'the credential plugin {1} must ask at a terminal': '凭据插件 {1} 需要在终端中交互',
  'exec of {1} has an apiVersion other than v1 and v1beta1':
    '{1} 的 exec 的 apiVersion 不是 v1 或 v1beta1',
  'exec has no command': 'exec 没有 command',
  '{1}, which the kubeconfig names, cannot be read': '无法读取 kubeconfig 引用的 {1}',
  '{1} wants to run the program {2}, which needs allowExec': '{1} 要运行程序 {2}，这需要 allowExec',
  'auth-provider is no longer supported by Kubernetes: use exec':
    'Kubernetes 已不再支持 auth-provider：请使用 exec',
  'the kubeconfig has no {1w} {2w}, but none': 'kubeconfig 中没有 {1} {2}，也没有其他 {1}',
  'the kubeconfig has no {1w} {2w}, but {3}': 'kubeconfig 中没有 {1} {2}，只有 {3}',
  '{1w} is not a kubeconfig': '{1} 不是 kubeconfig',
  'there is no kubeconfig {1}': '没有 kubeconfig {1}',
  'the kubeconfig {1} cannot be read': '无法读取 kubeconfig {1}',
  'cluster {1} has no valid server': '集群 {1} 没有有效的 server',
  '{1} has no current-context: give -context': '{1} 没有 current-context：请指定 -context',
  'the target has a {1p} in {2}, which cannot be read: {3q}': '无法读取目标的{1} {2}：{3}',
  'certificate of an authority': ' CA 证书',
  certificate: '证书',
  key: '密钥',
  password: '密码',
  token: '令牌',
  unreadable: '不可读',
  'the target has a certificate without its key, or a key without its certificate':
    '目标的证书缺少密钥，或密钥缺少证书',
  'the target has no cluster whose credentials it could use': '目标没有可以使用其凭据的集群',

  'may {1w} {2q}': '可以 {1} {2}',
  'may not {1w} {2q}': '不可以 {1} {2}',
  '{1w} in {2w}': '{2} 中的 {1}',
  'has no /metrics': '没有 /metrics',
  'answers {1w}': '{1} 有响应',
  'found {1}': '找到 {1}',
  'the test failed with an internal error or took too long': '测试因内部错误失败，或耗时过长',
  'all are captured': '将全部采集',

  'the log level is {1w}, and must be from 0 to {2w}: from 8 on the log gets what requests carry, secrets among it':
    '日志级别为 {1}，必须在 0 到 {2} 之间：从 8 级起，日志会记录请求内容，其中包括机密',
  '{1w} is {2w}, and must be a whole number from 1 to {3w}':
    '{1} 为 {2}，必须是 1 到 {3} 之间的整数',
  'traceSeconds is {1w}, and must be at most {2w}': 'traceSeconds 为 {1}，不能超过 {2}',
  'there is nothing to take': '没有要采集的内容',
  'no collector answered': '没有采集器响应',

  'WebSocket was closed before the connection was established': '连接建立前 WebSocket 已关闭',
  'socket hang up': '连接被对方断开',
  'credentials are sent to it over http, readable by the network':
    '凭据经由 http 发送，网络中的其他人可以读到',
  'its certificate is not verified: anyone who answers in its place gets the credentials':
    '未验证其证书：冒充它的人会得到凭据',
  'its certificate is not verified: someone else may answer in its place':
    '未验证其证书：可能有人冒充它',
  'the process reports that it is unhealthy': '进程报告自身不健康',
  'not tried, because {1w} failed': '未尝试，因为 {1} 失败了',
  'the log level was not raised: {1q}': '未提高日志级别：{1}',
  'the log level is still {1w}, and will be set back later: {2q}':
    '日志级别仍为 {1}，稍后会恢复：{2}',
  'what to put back is not known': '不知道应恢复到哪个级别',
  'which {1w} leads is not known: its Lease names no holder':
    '不知道哪个 {1} 是 leader：它的 Lease 没有持有者',
  'which {1w} leads is not known: its Lease names {2w}':
    '不知道哪个 {1} 是 leader：它的 Lease 的持有者是 {2}',
  'which {1w} leads is not known: {2q}': '不知道哪个 {1} 是 leader：{2}',

  'at {1w}': '地址 {1}',
  'at the socket {1}': 'socket {1}',
  'the API server that answers for {1w}': '应答 {1} 的 API server',
  'every API server of {1w}': '{1} 的每个 API server',
  'every API server': '每个 API server',
  'the leader of {1w}, directly': '{1} 的 leader，直接访问',
  'the leader of {1w}, by port-forward': '{1} 的 leader，经 port-forward',
  'the leader, directly': 'leader，直接访问',
  'the leader, by port-forward': 'leader，经 port-forward',
  'every instance of {1w}, directly': '{1} 的每个实例，直接访问',
  'every instance of {1w}, by port-forward': '{1} 的每个实例，经 port-forward',
  'every instance, directly': '每个实例，直接访问',
  'every instance, by port-forward': '每个实例，经 port-forward',
  'kubelets of {1w}, directly': '{1} 的 kubelet，直接访问',
  "kubelets of {1w}, through the nodes' proxy": '{1} 的 kubelet，经节点代理',
  'kubelets, directly': 'kubelet，直接访问',
  "kubelets, through the nodes' proxy": 'kubelet，经节点代理',
  'pods of {1w} in {2}': '{1} 中命名空间 {2} 的 pod',
  'pods in {1}': '命名空间 {1} 的 pod',
  'it is empty: the program does not call runtime.{1w}, or nothing has waited':
    '内容为空：程序没有调用 runtime.{1}，或没有发生等待',
  'it is empty: this process does not profile mutexes, as no part of Kubernetes but etcd does':
    '内容为空：此进程不采样 mutex，Kubernetes 中只有 etcd 会采样',
  'that says nothing about contention': '这不能说明是否有锁竞争',
  'it is empty: block profiling is off (--contention-profiling, enableContentionProfiling), or nothing has waited':
    '内容为空：block 采样未开启（--contention-profiling、enableContentionProfiling），或没有发生等待',
  'measures {1w} s': '采样 {1} 秒',
  'tries again in {1w} s: {2q}': '{1} 秒后重试：{2}',
  'the capture ended before this part': '采集在这一部分之前已结束',
  'only the server of the kubeconfig is captured: {1q}': '只采集 kubeconfig 中的 server：{1}',
  'it is behind a proxy, and its instances are not': '它在代理之后，而各个实例不在',
  '{1w} of {2w} processes are left out: the target may have {3w}':
    '{2} 个进程中有 {1} 个被略去：目标最多 {3} 个进程',
  discovery: '发现进程',
  rights: '权限',
  'process {1w}': '进程 {1}',
}
