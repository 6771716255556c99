import type { Sentences } from '../translate-message.ts'

/** Why bytes are not a profile, or a profile cannot be read. */
export const PROFILE_MESSAGES: Sentences = {
  '{1p} (at byte {2w})': '{1}（第 {2} 字节处）',
  'the bytes are no profile that can be read; as profile.proto, {1q}':
    '这些内容不是可读的 profile；按 profile.proto 解读时，{1}',
  'the file is empty (0 bytes): the process answered nothing, or the download failed. Is profiling on (etcd: --enable-pprof, off by default; Kubernetes: --profiling)?':
    '文件是空的（0 字节）：进程没有返回内容，或下载失败。性能分析是否已开启（etcd：--enable-pprof，默认关闭；Kubernetes：--profiling）？',
  'the bytes are not a profile but Kubernetes answering {1q}: {2q}':
    '这些内容不是 profile，而是 Kubernetes 返回的 {1}：{2}',
  'an error': '错误',
  'the bytes are not a profile but an HTTP answer {1}: "{2}"':
    '这些内容不是 profile，而是 HTTP 响应 {1}：“{2}”',
  'the bytes are not a profile but an HTTP answer {1}': '这些内容不是 profile，而是 HTTP 响应 {1}',
  'the bytes are JSON, not a profile': '这些内容是 JSON，不是 profile',
  'the bytes are text, not a profile: "{1}"; profiling may be off in this process (etcd: --enable-pprof, Kubernetes: --profiling)':
    '这些内容是文本，不是 profile：“{1}”；该进程可能关闭了性能分析（etcd：--enable-pprof，Kubernetes：--profiling）',
  'the bytes are text, not a profile: "{1}"': '这些内容是文本，不是 profile：“{1}”',
  'the bytes are a text dump, but of no form that is read, or damaged; fetch the profile without ?debug=':
    '这些内容是文本形式的转储，但格式无法读取或已损坏；获取 profile 时请去掉 ?debug=',
  'the bytes are a Go execution trace; kubeprof trace FILE reads it, as does go tool trace':
    '这些内容是 Go 执行 trace；可用 kubeprof trace FILE 或 go tool trace 读取',
  'the bytes are an HTML page, not a profile: was there a login or error page in between?':
    '这些内容是 HTML 页面，不是 profile：中间是否有登录页或错误页？',
  'the bytes are an SVG picture, not a profile; give the profile that it was drawn of':
    '这些内容是 SVG 图片，不是 profile；请提供绘制它所用的 profile',
  'the bytes are nothing but blanks': '这些内容只有空白字符',
  'the bytes are a damaged gperftools CPU profile': '这些内容是损坏的 gperftools CPU profile',
  'the bytes are a tar archive, not a profile; kubeprof diagnose, push and POST /api/v1/captures read it, named FILE.tar or FILE.tar.gz':
    '这些内容是 tar 归档，不是 profile；命名为 FILE.tar 或 FILE.tar.gz 后，可由 kubeprof diagnose、push 和 POST /api/v1/captures 读取',
  'the bytes are zlib; send gzip or plain profile.proto':
    '这些内容是 zlib 格式；请发送 gzip 或未压缩的 profile.proto',
  'the bytes are zstd, which is not read here; unpack them with zstd -d first':
    '这些内容是 zstd 格式，这里无法读取；请先用 zstd -d 解压',
  'the bytes are xz; unpack it first: xz -d FILE': '这些内容是 xz 格式；请先解压：xz -d FILE',
  'the bytes are bzip2; unpack it first: bunzip2 FILE':
    '这些内容是 bzip2 格式；请先解压：bunzip2 FILE',
  'the bytes are lz4; unpack it first: lz4 -d FILE': '这些内容是 lz4 格式；请先解压：lz4 -d FILE',
  'the bytes are of compress (.Z); unpack it first: gunzip FILE':
    '这些内容是 compress（.Z）格式；请先解压：gunzip FILE',
  'the bytes are a 7-Zip or RAR archive; unpack it first': '这些内容是 7-Zip 或 RAR 归档；请先解压',
  'the bytes are a program, not a profile: give its profile, with or without the program before it':
    '这些内容是程序，不是 profile：请提供它的 profile，前面可以带上程序，也可以不带',
  'the bytes are a recording of Java Flight Recorder, which is not read; open it with JDK Mission Control':
    '这些内容是 Java Flight Recorder 的记录，无法读取；请用 JDK Mission Control 打开',
  'the bytes are a dump of the heap itself, not a profile of it; take /debug/pprof/heap instead':
    '这些内容是堆本身的转储，不是堆的 profile；请改为采集 /debug/pprof/heap',
  'the bytes are of Linux perf; convert them to pprof':
    '这些内容来自 Linux perf；请先转换为 pprof 格式',
  'the bytes are a picture (PNG, JPEG, GIF or PDF), not a profile; give the profile that it was made of':
    '这些内容是图片（PNG、JPEG、GIF 或 PDF），不是 profile；请提供生成它所用的 profile',
  'the bytes are a graph for Graphviz (.dot), not a profile; give the profile that it was made of':
    '这些内容是 Graphviz 图（.dot），不是 profile；请提供生成它所用的 profile',
  'the bytes are gzip that was treated as text: bytes that are not UTF-8 were replaced (U+FFFD) and are lost. Save the answer as bytes (curl -o FILE URL)':
    '这些内容是被当作文本处理过的 gzip：非 UTF-8 的字节已被替换（U+FFFD），无法恢复。请按原始字节保存响应（curl -o FILE URL）',
  'the bytes are UTF-16: PowerShell redirected them as text, which no profile survives. Let the program write the file (curl -o FILE URL), or redirect in cmd or in PowerShell 7.4 or newer':
    '这些内容是 UTF-16：PowerShell 把它当作文本重定向，profile 因此损坏。请让程序自己写文件（curl -o FILE URL），或在 cmd、PowerShell 7.4 及以上版本中重定向',
  'the bytes are gzip inside gzip': '这些内容是 gzip 中又套了一层 gzip',

  'the gzip data ends too early': 'gzip 数据不完整',
  'the gzip data does not match its checksum': 'gzip 数据与校验和不符',
  'other bytes follow the gzip data': 'gzip 数据之后还有其他内容',
  'the gzip data is damaged: {1q}': 'gzip 数据已损坏：{1}',
  'the zstd data is damaged: {1q}': 'zstd 数据已损坏：{1}',
  'the profile inflates to more than {1} bytes': 'profile 解压后超过 {1} 字节',
  '{1} bytes of padding follow the compressed profile': '压缩的 profile 之后有 {1} 字节填充',
  'the zip archive is cut off: its end is missing': 'zip 归档不完整：缺少末尾',
  'the zip archive is cut off': 'zip 归档不完整',
  'the zip archive is damaged, or larger than 4 GB': 'zip 归档已损坏，或大于 4 GB',
  'the zip archive is damaged': 'zip 归档已损坏',
  'the zip archive is encrypted; unpack {1} first': 'zip 归档已加密；请先解压出 {1}',
  'the zip archive compresses {1} in a way that is not read (method {2}); unpack it first':
    'zip 归档中 {1} 的压缩方式（method {2}）无法读取；请先解压',
  'the zip archive holds more than {1} files': 'zip 归档中的文件超过 {1} 个',
  'the zip archive holds {1} files ({2}); unpack it, or give it as NAME.zip to kubeprof diagnose, which reads it as a capture':
    'zip 归档中有 {1} 个文件（{2}）；请先解压，或以 NAME.zip 交给 kubeprof diagnose，由它作为一次采集读取',
  'the zip archive holds no file': 'zip 归档中没有文件',

  'the profile has {1} locations or functions, at most {2} are read':
    'profile 有 {1} 个位置或函数，最多读取 {2} 个',
  'the profile has {1} samples, at most {2} are read': 'profile 有 {1} 个样本，最多读取 {2} 个',
  'the profile has more than {1} samples': 'profile 的样本超过 {1} 个',
  'the text has more than {1} samples': '文本中的样本超过 {1} 个',
  'the text has more than {1} stacks': '文本中的调用栈超过 {1} 个',
  'the file has more than {1} samples': '文件中的样本超过 {1} 个',
  'the dump has more than {1} records': '转储中的记录超过 {1} 条',
  'the stacks have more than {1} frames': '调用栈的帧超过 {1} 个',
  'the stacks make a tree of more than {1} nodes': '调用栈组成的树超过 {1} 个节点',
  'the strings take {1} bytes, at most {2} do': '字符串共 {1} 字节，上限为 {2} 字节',
  'a field has the reserved number 0': '有字段使用了保留编号 0',
  'there are samples but no sample_type': '有样本，但没有 sample_type',
  'there are samples but no sample type': '有样本，但没有样本类型',
  'string_table[0] is not empty': 'string_table[0] 不为空',
  'there is no string table': '没有字符串表',
  '{1} is string {2w}, but there are {3w} strings': '{1} 指向字符串 {2}，但只有 {3} 个字符串',
  '{1q}: field {2w} is string {3w}, but there are {4w} strings':
    '{1} 的字段 {2} 指向字符串 {3}，但只有 {4} 个字符串',
  'a label of sample {1w}': '样本 {1} 的标签',
  'a label of sample': '样本标签',
  'a line of location {1w}': '位置 {1} 的行',
  'a line of location': '位置的行',
  'sample {1w}': '样本 {1}',
  'function {1w}': '函数 {1}',
  'location {1w}': '位置 {1}',
  'mapping {1w}': '映射 {1}',
  '{1} {2} has the id {3} of another {4w}': '{1} {2} 的 id {3} 与另一个 {4} 重复',
  '{1p} has the reserved id 0': '{1} 使用了保留的 id 0',
  '{1p}: there is no function with id {2w}': '{1}：没有 id 为 {2} 的函数',
  '{1p}: there is no location with id {2w}': '{1}：没有 id 为 {2} 的位置',
  'sample {1} has {2} values for {3} sample types': '样本 {1} 有 {2} 个值，而样本类型有 {3} 种',
  'sample {1} has more than {2} labels': '样本 {1} 的标签超过 {2} 个',
  'a varint is longer than 10 bytes': 'varint 超过 10 字节',
  'a varint is cut off': 'varint 不完整',
  'a second time_nanos: these are several profiles written one after the other':
    '出现第二个 time_nanos：这是多个 profile 前后相接写成的',
  'field {1} is cut off': '字段 {1} 不完整',
  'field {1} declares {2} bytes, {3} are left': '字段 {1} 声明为 {2} 字节，只剩 {3} 字节',
  'field {1} has wire type {2}, a group': '字段 {1} 的 wire type 是 {2}，即 group',
  'field {1} has wire type {2}, not a wire type': '字段 {1} 的 wire type {2} 不存在',
  '{1q} has wire type {2w} where {3w} is due': '{1} 的 wire type 是 {2}，应为 {3}',
  '{1q}: field {2w} has wire type {3w} where {4w} is due':
    '{1} 的字段 {2} 的 wire type 是 {3}，应为 {4}',

  'line {1} is not a record: {2}': '第 {1} 行不是记录：{2}',
  'line {1} does not end with a whole number: {2}': '第 {1} 行末尾不是整数：{2}',
  'line {1}: {2} exceeds 64 bits': '第 {1} 行：{2} 超过 64 位',
  'line {1} does not end with {2} whole numbers: {3}': '第 {1} 行末尾不是 {2} 个整数：{3}',
  'malformed sample: {1}: {2p}': '样本格式有误：{1}：{2}',
  'an address is huge': '地址过大',
  'the second value is 0': '第二个值为 0',
  '{1w} is not a number': '{1} 不是数字',
  'the delay is huge': '延迟过大',
  'it is not a count with addresses': '不是带地址的计数',
  'there are bytes in no blocks': '有字节数，却没有块',
  'counts, sizes and addresses are due': '应为计数、大小和地址',
  '{1} exceeds 64 bits': '{1} 超过 64 位',
  'the line is too long': '该行过长',
  'the text of pprof -raw is cut or changed: {1p}': 'pprof -raw 的文本不完整或被改动：{1}',
  'line {1} is not a sample': '第 {1} 行不是样本',
  'line {1} has other values': '第 {1} 行的值不同',
  'location {1} is missing': '缺少位置 {1}',

  'the speedscope file is not JSON: {1q}': 'speedscope 文件不是 JSON：{1}',
  '{1w} is not one of {2}': '{1} 不是以下之一：{2}',
  '$.profiles is empty': '$.profiles 为空',
  '{1w} is {2w}, but there are {3w} frames': '{1} 为 {2}，但只有 {3} 帧',
  '{1w} is not a string': '{1} 不是字符串',
  '{1w} is not a list': '{1} 不是列表',
  '{1w} is not an object': '{1} 不是对象',
  '{1w} is too large': '{1} 过大',
  '{1w} ends with open frames': '{1} 结束时仍有未关闭的帧',
  '{1} closes frame {2}, which is not the innermost open one':
    '{1} 关闭了帧 {2}，但它不是最内层的未关闭帧',
  '{1w} is neither O nor C': '{1} 既不是 O 也不是 C',
  '{1w} is before the event in front of it': '{1} 早于它前面的事件',
  '{1} has {2} weights for {3} samples': '{1} 有 {2} 个权重，样本却有 {3} 个',
  '{1w} is neither sampled nor evented': '{1} 既不是 sampled 也不是 evented',

  'this is not a Go execution trace': '这不是 Go 执行 trace',
  'this is an execution trace of Go 1.{1}, and those of 1.{2} to 1.{3} can be read':
    '这是 Go 1.{1} 的执行 trace，只能读取 1.{2} 到 1.{3}',
  'the trace has no clock frequency': 'trace 中没有时钟频率',
  'event {1} is unknown': '未知事件 {1}',
  'event {1} was expected, and {2} is there': '应为事件 {1}，实际是 {2}',
  'a stack claims {1} frames': '有调用栈声明为 {1} 帧',
  'a batch claims {1} bytes': '有批次声明为 {1} 字节',
  'a batch was expected, and event {1} is there': '应为批次，实际是事件 {1}',
  'a string is cut off': '字符串不完整',
  'a number is longer than ten bytes': '数字超过十字节',
  'the trace ends within an event': 'trace 在事件中间结束',

  'incompatible sample types: [{1}] and [{2}]': '样本类型不兼容：[{1}] 与 [{2}]',
  'incompatible period types: [{1}] and [{2}]': '周期类型不兼容：[{1}] 与 [{2}]',
  'incompatible types: {1} and {2}': '类型不兼容：{1} 与 {2}',
  'the profiles have no sample type in common': '这些 profile 没有共同的样本类型',
  '{1w} is {2q} in one profile and {3q} in another':
    '{1} 在一个 profile 中是 {2}，在另一个中是 {3}',
  '{1w} is {2q} in the first profile and {3q} in the second':
    '{1} 在第一个 profile 中是 {2}，在第二个中是 {3}',
  cumulative: '累计值',
  'per interval': '区间值',
  'a value of the range needs more than 64 bits: choose a shorter one':
    '该时间段内有数值超过 64 位：请选择更短的时间段',
  'means have no sum, so they are not exported': '平均值不能相加，因此不导出',
  'sample_index {1} must be one of: [{2}]': 'sample_index {1} 必须是以下之一：[{2}]',
  'sample_index {1} is outside the range [0..{2}]': 'sample_index {1} 超出范围 [0..{2}]',
  'sample_index {1} is not a sample type of this profile: {2}':
    '此 profile 没有样本类型 {1}，只有：{2}',
  'divide_by must not be zero': 'divide_by 不能为零',
  'the profile has no sample types': 'profile 没有样本类型',
  'no matches found for regexp: {1}': '没有函数匹配正则表达式：{1}',
  'the first looks like a profile of {1}, the second like one of {2}':
    '第一个看起来是 {1} 的 profile，第二个看起来是 {2} 的',
  'values count since the process started; the change is what came between the two profiles':
    '数值自进程启动起累计；变化是两个 profile 之间新增的部分',
  'values count since the start of two processes, so the change also depends on how long each ran':
    '数值分别自两个进程启动起累计，因此变化也取决于各自运行的时长',

  'the bundle cannot be read: {1q}': '无法读取采集包：{1}',
  'the bundle holds more than {1} files': '采集包中的文件超过 {1} 个',
  'none of the profiles can be read': '没有一个 profile 可以读取',
  'there is no profile among the files': '这些文件中没有 profile',

  'a table is longer than the bytes': '表比数据更长',
  'the bytes end too early': '数据不完整',
  'an index is out of range': '索引越界',
  'a number is too long': '数字过长',
  'a number is too large': '数字过大',
  'the frames are not those of the locations': '帧与位置不一致',
  'bytes follow the columns': '列数据之后还有内容',
  'the columns have version {1}, this reads {2}': '列数据的版本为 {1}，这里读取 {2}',
  'the bytes are not columns': '这些内容不是列数据',
  'the first text is not empty': '第一个文本不为空',
  'a start is out of range': '起始位置越界',
  'a header is missing': '缺少头部',
  'a text is missing': '缺少文本',
  'the block has version {1}, this reads {2}': '数据块的版本为 {1}，这里读取 {2}',
  'the bytes are no block': '这些内容不是数据块',
  'a column ends early': '列数据不完整',
  'a column has an unknown form': '列的形式未知',
  'a column is a multiple of none': '列是空列的倍数',
  'a row is not in the block': '行不在数据块中',
  'a column is longer than its bytes': '列比数据更长',
  '{1w} is out of order': '{1} 顺序有误',
  '{1w} ends within a location': '{1} 在位置中间结束',
  '{1w} does not follow the frame it is inlined into': '{1} 没有紧跟它所内联到的帧',
  '{1w} is not before its child': '{1} 不在其子节点之前',
  '{1w} is not its owner': '{1} 不是其所有者',
  '{1w} has a column of {2} rows': '{1} 有一列为 {2} 行',
  '{1w} is not the empty set': '{1} 不是空集',
  '{1w} is not empty': '{1} 不为空',
  '{1w} is {2w}': '{1} 为 {2}',
  '{1w} is not {2w}': '{1} 不是 {2}',
  '{1w} is missing': '缺少 {1}',

  '{1w}: {2p}': '{1}：{2}',
  '{1p}: {2w} in one, in the other {3w}': '{1}：一个是 {2}，另一个是 {3}',
  'unexpected end of file': '文件不完整',
  'incorrect header check': '文件头校验不符',
  'incorrect data check': '数据校验不符',
  'incorrect length check': '长度校验不符',
  'invalid distance too far back': '回溯距离过远',
  'invalid distance code': '距离编码无效',
  'invalid literal/length code': '字面量或长度编码无效',
  'invalid block type': '数据块类型无效',
  'invalid stored block lengths': '存储块长度无效',
  'invalid code lengths set': '编码长度表无效',
  'invalid bit length repeat': '位长度重复无效',
  'too many length or distance symbols': '长度或距离符号过多',
  'unknown compression method': '未知的压缩方法',
  'Tar archive is truncated': 'tar 归档不完整',
  'Invalid tar header checksum': 'tar 头部校验和不符',
  'Unexpected end of JSON input': 'JSON 不完整',
}
