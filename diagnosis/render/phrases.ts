import type { Language, Level } from '../../api/index.ts'
import type { Cap } from '../judge/verdict/verdict.ts'

/** The sentences that no rule owns, in each language. Arguments come formatted. */
export interface Phrases {
  readonly cpuNumbers: (a: {
    readonly share: string
    readonly bounds: string
    readonly cores: string | null
    readonly samples: string
    readonly total: string
  }) => string
  readonly goroutineNumbers: (a: {
    readonly count: string
    readonly total: string
    readonly share: string
  }) => string
  readonly waitNumbers: (a: {
    readonly count: string
    readonly value: string
    readonly mean: string
    readonly waiters: string | null
  }) => string
  readonly byteNumbers: (a: {
    readonly value: string
    readonly share: string
    readonly type: string
  }) => string
  readonly stack: (share: string) => string
  readonly kinds: (list: string) => string
  readonly callers: (list: string) => string
  readonly waits: (a: {
    readonly states: string
    readonly creators: string | null
    /** In minutes. */
    readonly longest: string | null
    readonly longShare: string
  }) => string
  /** What a step looks for in an audit log that holds nothing. */
  readonly withoutAuditLog: (what: string) => string
  readonly lockWaiters: (list: string) => string
  /** `stack`: leaf first. */
  readonly lockHolders: (count: string, stack: string) => string
  readonly lockTwice: (count: string, func: string) => string
  readonly noLockHolder: string
  readonly assists: (share: string, ofAll: string) => string
  readonly allocator: (a: {
    readonly name: string
    readonly share: string
    readonly total: string
    readonly isSinceStart: boolean
  }) => string
  readonly split: (name: string, share: string) => string
  readonly caps: Readonly<Record<Cap, string>>
  /** In place of `caps.since_start`: how much of what was allocated since then is of the capture's own time. */
  readonly allocatedMeanwhile: (share: string) => string
  /** https://docs.k3s.io/cli/server#customized-flags-for-kubernetes-processes */
  readonly flagsOfK3s: string
  /** Beside advice to change code of a program whose project is not known. */
  readonly codeOfOthers: string
  readonly sinceStart: string
  readonly before: (a: {
    readonly low: string
    readonly high: string
    readonly captures: number
    readonly now: string
  }) => string
  readonly perDay: (growth: string) => string
  readonly sinceEarlier: (list: string) => string
  /** Of a gauge: what it was when the capture began. */
  readonly wasBefore: (value: string) => string
  /** Of counts over a time whose length is not known. */
  readonly during: Readonly<Record<'capture' | 'previous', string>>
  readonly logLines: (log: string, count: string, example: string) => string
  readonly notes: {
    readonly mutex: { readonly inNoComponent: string; readonly inGo: string }
    readonly block: {
      readonly byFlag: string
      readonly byConfig: string
      readonly inGo: string
      readonly never: (component: string) => string
    }
    readonly noSamples: string
    readonly tooFewSamples: (samples: string, seconds: string | null) => string
    readonly fewSamples: (samples: string) => string
    readonly tooShort: (seconds: string) => string
    readonly stacksCut: (cut: string, rerooted: string, depth: string) => string
    /** By the code of a warning of the profile; null where the warning's own text is the note. */
    readonly reading: Readonly<Record<string, string | null>>
    readonly sinceStart: string
    readonly heapWithoutGc: string
    readonly heapOfLastGc: (held: string, now: string) => string
    readonly restarted: string
    readonly outOfOrder: string
    readonly overridden: (a: {
      readonly rule: string
      readonly level: Level
      /** `null`: silent. */
      readonly atMost: Level | null
      readonly reason: string
      readonly until: string | null
    }) => string
    readonly risen: (a: {
      readonly title: string
      readonly base: string
      readonly share: string
      readonly captures: string
    }) => string
    readonly logLines: (rule: string, lines: string) => string
    readonly componentUnknown: string
    readonly componentWithoutRules: (component: string) => string
    readonly noSymbols: string
    readonly notReadable: string
    readonly typeUnknown: string
  }
  /** A note with the types of the profiles that it is of. */
  readonly ofProfiles: (types: string, note: string) => string
}

const en: Phrases = {
  cpuNumbers: ({ share, bounds, cores, samples, total }) =>
    `${share} of CPU time (95% sure: ${bounds})${cores === null ? '' : `, ${cores} cores`}, ` +
    `${samples} of ${total} samples`,
  goroutineNumbers: ({ count, total, share }) => `${count} of ${total} goroutines (${share})`,
  waitNumbers: ({ count, value, mean, waiters }) =>
    `${count} waits, ${value} in all, ${mean} each` +
    (waiters === null ? '' : `; on average ${waiters} waiting at any moment`),
  byteNumbers: ({ value, share, type }) => `${value}, ${share} of ${type}`,
  stack: (share) => `${share} of the match`,
  kinds: (list) => `Objects seen: ${list}`,
  callers: (list) => `Called by: ${list}`,
  waits: ({ states, creators, longest, longShare }) =>
    `State: ${states}` +
    (longest === null
      ? '; none waits for a minute yet'
      : `; the longest waits for ${longest} min, ${longShare} for 30 min or more`) +
    (creators === null ? '' : `. Created by: ${creators}`),
  withoutAuditLog: (what) =>
    `${what} (no audit events are recorded here; the apiserver logs each request with --v=3, or, without a restart, from a PUT of 3 to /debug/flags/v on)`,
  lockWaiters: (list) => `They ask for it in: ${list}`,
  lockHolders: (count, stack) =>
    `May hold it: ${count} ${count === '1' ? 'goroutine' : 'goroutines'} past it in ${stack}`,
  lockTwice: (count, func) =>
    `${count} of them ${count === '1' ? 'asks' : 'ask'} for it below ${func}, which may hold it already: a lock of Go cannot be taken twice, nor can a read lock while a writer waits between.`,
  noLockHolder:
    'No goroutine here is visibly past the lock: the holder works in another function, or returned without Unlock.',
  assists: (share, ofAll) =>
    `${share} of the GC assists (${ofAll} of all CPU time) are in these stacks: so much of the collection is theirs.`,
  allocator: ({ name, share, total, isSinceStart }) =>
    `Most is allocated in ${name}: ${share} of the ${total} allocated${isSinceStart ? ' since the process started' : ' meanwhile'}`,
  split: (name, share) => `${name}: ${share} of it`,
  caps: {
    since_start:
      'Counted since the process started, so it may be long past. Only the difference of two captures shows what goes on now.',
    few_samples: 'Too few samples for more than a hint: take a longer capture.',
    impact_unknown: 'The profile does not say how long it took, so the impact in cores is unknown.',
    starting: 'The process started within the last ten minutes, when this is normal.',
  },
  allocatedMeanwhile: (share) =>
    `Counted since the process started; ${share} of all that it has allocated was allocated while this capture was taken.`,
  codeOfOthers:
    'What is advised for the code is for those who build this program. If you do not, look for these functions in the issues and release notes of its project.',
  flagsOfK3s:
    'k3s hands flags on to the component that they are of: --kube-apiserver-arg=NAME=VALUE, --kube-controller-manager-arg, --kube-scheduler-arg, --kubelet-arg, --kube-proxy-arg, --etcd-arg.',
  sinceStart: ' (since the process started)',
  before: ({ low, high, captures, now }) => {
    const span = low === high ? low : `${low} – ${high}`
    const earlier = captures === 1 ? 'the capture before' : `${captures} captures before`
    return `Before: ${span} (${earlier}); now ${now}`
  },
  perDay: (growth) => `, growing by ${growth} a day`,
  sinceEarlier: (list) => `; since the earlier capture: ${list}`,
  wasBefore: (value) => ` (${value} when the capture began)`,
  during: { capture: ' (during the capture)', previous: ' (since the earlier capture)' },
  logLines: (log, count, example) => `${log}: ${count} such lines, the last: ${example}`,
  notes: {
    mutex: {
      inNoComponent:
        'Mutex profiling is not enabled in this process, so lock contention cannot be judged (no Kubernetes component turns it on).',
      inGo: 'Mutex profiling is not enabled in this process, so lock contention cannot be judged (runtime.SetMutexProfileFraction turns it on).',
    },
    block: {
      byFlag:
        'Block profiling is not enabled in this process (--contention-profiling turns it on).',
      byConfig:
        'Block profiling is not enabled in this process (enableContentionProfiling in its configuration turns it on).',
      inGo: 'Block profiling is not enabled in this process (runtime.SetBlockProfileRate turns it on).',
      never: (component) =>
        `${component} never turns block profiling on, so time lost waiting is not to be seen here.`,
    },
    noSamples: 'The profile has no samples.',
    tooFewSamples: (samples, seconds) =>
      `Only ${samples === '1' ? '1 CPU sample' : `${samples} CPU samples`}: the process was nearly idle, and shares mean nothing yet.` +
      (seconds === null ? '' : ` Capture ${seconds} s for a judgement.`),
    reading: {
      dump_cut_off:
        'The text dump ends in the middle (Go stops after 64 MiB): what comes behind is missing, and counts are too low.',
      dump_lines_skipped: null,
      several_dumps: null,
      only_strings: null,
      partial_text: null,
      partial_stacks: null,
    },
    fewSamples: (samples) => `Only ${samples} CPU samples: by them alone no level is above info.`,
    tooShort: (seconds) => `The capture lasted ${seconds} s; 10 s or more give steadier shares.`,
    stacksCut: (cut, rerooted, depth) =>
      `Stacks cut at ${depth} frames: ${cut} of the value; ${rerooted} of that could be re-rooted by overlap (inferred frames are marked).`,
    sinceStart:
      'Values count since the process started. Alone they show what happened once, not now: no finding is above info. Capture with ?seconds=30, or give an earlier capture of the same process.',
    heapWithoutGc:
      'Nothing is counted as in use: no garbage collection has ended since it was allocated. Capture the heap with ?gc=1, which collects first (that costs one collection).',
    heapOfLastGc: (held, now) =>
      `The profile is of the last collection that ended and holds ${held}; the process has ${now} now. Capture the heap with ?gc=1 to see the rest (that costs one collection).`,
    restarted:
      'The process restarted between the two captures, so nothing can be subtracted: the profile is judged alone.',
    outOfOrder: 'The earlier capture was taken after this one, so nothing is subtracted.',
    overridden: ({ rule, level, atMost, reason, until }) =>
      `${rule} found something of level ${level} and is ${atMost === null ? 'muted' : `kept at ${atMost}`}` +
      `${until === null ? '' : ` until ${until}`} by the overrides of this installation: ${reason}`,
    risen: ({ title, base, share, captures }) =>
      `What ${title} looks for took ${base} of the CPU time in ${captures} earlier captures and takes ${share} now: no finding yet, but far above what it was.`,
    logLines: (rule, lines) =>
      `The log has lines of ${rule}, which no profile here shows. ${lines}`,
    componentUnknown:
      'The component is unknown, so every rule that its functions may concern was tried.',
    componentWithoutRules: (component) =>
      `No rule for ${component} reads this: only those for any Go program were tried.`,
    noSymbols: 'The profile has no function names: no rule can match.',
    notReadable: 'No rule reads profiles of this type.',
    typeUnknown:
      'The file does not say what it is of, so nothing was judged. Say it: --type cpu, heap, allocs, goroutine, block or mutex.',
  },
  ofProfiles: (types, note) => `${types}: ${note}`,
}

const zh: Phrases = {
  cpuNumbers: ({ share, bounds, cores, samples, total }) =>
    `占 CPU 时间的 ${share}（95% 置信区间 ${bounds}）${cores === null ? '' : `，${cores} 核`}，` +
    `${total} 个样本中的 ${samples} 个`,
  goroutineNumbers: ({ count, total, share }) =>
    `${total} 个 goroutine 中的 ${count} 个（${share}）`,
  waitNumbers: ({ count, value, mean, waiters }) =>
    `${count} 次等待，共 ${value}，平均每次 ${mean}` +
    (waiters === null ? '' : `；任一时刻平均有 ${waiters} 个在等待`),
  byteNumbers: ({ value, share, type }) => `${value}，占 ${type} 的 ${share}`,
  stack: (share) => `占匹配部分的 ${share}`,
  kinds: (list) => `涉及的对象：${list}`,
  callers: (list) => `调用方：${list}`,
  waits: ({ states, creators, longest, longShare }) =>
    `状态：${states}` +
    (longest === null
      ? '；等待均不足一分钟'
      : `；最长已等待 ${longest} 分钟，等待 30 分钟以上的占 ${longShare}`) +
    (creators === null ? '' : `。创建者：${creators}`),
  withoutAuditLog: (what) =>
    `${what}（此处未记录审计事件；以 --v=3 运行，或无需重启而向 /debug/flags/v PUT 3 后，apiserver 会为每个请求写日志）`,
  lockWaiters: (list) => `请求该锁的函数：${list}`,
  lockHolders: (count, stack) => `可能的持有者：${count} 个 goroutine 已越过该锁，位于 ${stack}`,
  lockTwice: (count, func) =>
    `其中 ${count} 个在 ${func} 之下请求该锁，而 ${func} 可能已持有它：Go 的锁不能重入，读锁在有写者等待时也不能再次获取。`,
  noLockHolder: '未见任何 goroutine 明显越过该锁：持有者在其他函数中，或返回时没有 Unlock。',
  assists: (share, ofAll) =>
    `${share} 的 GC assist（占全部 CPU 时间的 ${ofAll}）发生在这些调用栈中：垃圾回收也大致按此比例由它们引起。`,
  allocator: ({ name, share, total, isSinceStart }) =>
    `分配最多的是 ${name}：占${isSinceStart ? '进程启动以来' : '期间'}所分配 ${total} 的 ${share}`,
  split: (name, share) => `${name}：占其中 ${share}`,
  caps: {
    since_start: '数值从进程启动起累计，可能早已过去。只有两次采集之差才能说明当前情况。',
    few_samples: '样本太少，只能作为提示：请采集更长时间。',
    impact_unknown: '该 profile 没有记录时长，因此无法换算成核数。',
    starting: '进程启动不到十分钟，此时这属于正常现象。',
  },
  allocatedMeanwhile: (share) =>
    `数值从进程启动起累计；进程至今的全部分配中，有 ${share} 发生在本次采集期间。`,
  codeOfOthers:
    '有关代码的建议面向构建该程序的人。若不由你构建，请在其项目的 issue 与发行说明中查找这些函数。',
  flagsOfK3s:
    'k3s 将参数转交给所属组件：--kube-apiserver-arg=NAME=VALUE、--kube-controller-manager-arg、--kube-scheduler-arg、--kubelet-arg、--kube-proxy-arg、--etcd-arg。',
  sinceStart: '（自进程启动起累计）',
  before: ({ low, high, captures, now }) =>
    low === high
      ? `此前：${low}（${captures} 次采集）；现在 ${now}`
      : `此前：${low} – ${high}（${captures} 次采集）；现在 ${now}`,
  perDay: (growth) => `，每天增长 ${growth}`,
  sinceEarlier: (list) => `；自上次采集以来：${list}`,
  wasBefore: (value) => `（采集开始时 ${value}）`,
  during: { capture: '（采集期间）', previous: '（自上次采集以来）' },
  logLines: (log, count, example) => `${log}：共 ${count} 行，最后一行：${example}`,
  notes: {
    mutex: {
      inNoComponent: '该进程未启用 mutex 采样，无法判断锁竞争（Kubernetes 各组件都不会启用它）。',
      inGo: '该进程未启用 mutex 采样，无法判断锁竞争（用 runtime.SetMutexProfileFraction 启用）。',
    },
    block: {
      byFlag: '该进程未启用 block 采样（用 --contention-profiling 启用）。',
      byConfig: '该进程未启用 block 采样（在其配置中用 enableContentionProfiling 启用）。',
      inGo: '该进程未启用 block 采样（用 runtime.SetBlockProfileRate 启用）。',
      never: (component) => `${component} 从不启用 block 采样，因此这里看不到等待所损失的时间。`,
    },
    noSamples: '该 profile 没有样本。',
    tooFewSamples: (samples, seconds) =>
      `只有 ${samples} 个 CPU 样本：进程几乎空闲，占比还没有意义。` +
      (seconds === null ? '' : `要得出结论请采集 ${seconds} 秒。`),
    reading: {
      dump_cut_off: '文本转储在中间被截断（Go 在 64 MiB 处停止）：其后的内容缺失，计数偏低。',
      dump_lines_skipped: '转储中夹杂着不属于它的行，已跳过。',
      several_dumps: '文本中有多份转储；读取的是 goroutine 最多的一份。',
      only_strings: '文件只有字符串表，没有样本类型和样本：其余部分缺失。',
      partial_text:
        '这是 pprof 打印的文本，只包含它显示的部分：未列出的函数、调用栈和标签无法评判。',
      partial_stacks:
        '这是 pprof 打印的 -top、-tree 或 -peek 文本：没有完整的调用栈，询问调用关系的规则无法评判。请提供 profile 本身。',
    },
    fewSamples: (samples) =>
      `只有 ${samples} 个 CPU 样本，因此仅凭它们得出的结论不会高于“提示”级。`,
    tooShort: (seconds) => `采集只有 ${seconds} 秒；10 秒以上占比更稳定。`,
    stacksCut: (cut, rerooted, depth) =>
      `调用栈在 ${depth} 帧处被截断：涉及 ${cut} 的数值，其中 ${rerooted} 可由重叠部分推断出上层（推断的帧有标记）。`,
    sinceStart:
      '数值从进程启动起累计。单独一份只能说明发生过什么，不能说明现在：结论不会高于“提示”级。请用 ?seconds=30 采集，或提供同一进程更早的一次采集。',
    heapWithoutGc:
      '没有任何内存被计为使用中：分配之后尚未完成过垃圾回收。请用 ?gc=1 采集堆，它会先触发一次回收（代价为一次垃圾回收）。',
    heapOfLastGc: (held, now) =>
      `该 profile 对应最近一次完成的垃圾回收，占用 ${held}；进程现在已有 ${now}。请用 ?gc=1 采集堆以看到其余部分（代价为一次垃圾回收）。`,
    restarted: '进程在两次采集之间重启过，无法相减：仅按单份判断。',
    outOfOrder: '所谓更早的采集实际上更晚，因此没有相减。',
    overridden: ({ rule, level, atMost, reason, until }) =>
      `${rule} 有级别为 ${level} 的结论，按本安装的 overrides ${atMost === null ? '静音' : `限为 ${atMost}`}` +
      `${until === null ? '' : `（至 ${until}）`}：${reason}`,
    risen: ({ title, base, share, captures }) =>
      `${title} 所针对的部分在此前 ${captures} 次采集中占 CPU 时间的 ${base}，现在占 ${share}：尚未构成结论，但远高于从前。`,
    logLines: (rule, lines) => `日志中有 ${rule} 的相关行，而这些 profile 中没有体现。${lines}`,
    componentUnknown: '无法判断组件，因此尝试了其函数可能涉及的所有规则。',
    componentWithoutRules: (component) =>
      `没有针对 ${component} 的规则读取它：只尝试了适用于任何 Go 程序的规则。`,
    noSymbols: '该 profile 没有函数名：任何规则都无法匹配。',
    notReadable: '没有规则读取这种类型的 profile。',
    typeUnknown:
      '文件没有说明它是哪种 profile，因此未作评判。请指明：--type cpu、heap、allocs、goroutine、block 或 mutex。',
  },
  ofProfiles: (types, note) => `${types}：${note}`,
}

export const PHRASES: Readonly<Record<Language, Phrases>> = { en, zh }
