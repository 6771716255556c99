import type { Sentences } from '../translate-message.ts'

/** What the server says of requests, of what it stores and of what it depends on. */
export const SERVER_MESSAGES: Sentences = {
  'the {1q} "{2}" {3p}': '{1}“{2}”{3}',
  'the query parameter "{1}" {2q}': '查询参数“{1}”{2}',
  'the path parameter "{1}" {2q}': '路径参数“{1}”{2}',
  'the body field "{1}" {2q}': '请求体字段“{1}”{2}',
  'the form field "{1}" {2q}': '表单字段“{1}”{2}',
  'the header "{1}" {2q}': '请求头“{1}”{2}',
  'the {1w} is not known here': '{1} 在这里未知',
  'the {1w} must be empty or one of {2}': '{1}必须为空，或是以下之一：{2}',
  'the {1w} must not be empty': '{1}不能为空',
  'the {1w} may be given {2} times at most': '{1}最多给出 {2} 次',
  'the {1w} must {2}': '{1}必须{2}',
  'the {1w} is not valid': '{1} 无效',
  'the request {1p}': '请求{1}',
  'the request {1w}': '请求{1}',
  'query parameter': '查询参数',
  'path parameter': '路径参数',
  'body field': '请求体字段',
  header: '请求头',
  'is not known here': '在这里未知',
  'is not known here: the name of a label is {1}':
    '在这里未知：标签名最多 100 个字符，只含字母、数字和 _ . / -',
  'may be given {1} times at most': '最多给出 {1} 次',
  'is given {1w} times, and may be given once': '给出了 {1} 次，而只能给出一次',
  'must be an id, 26 digits and capital letters such as {1w}':
    '必须是 id，即 26 位数字和大写字母，例如 {1}',
  'must be a time in seconds or milliseconds, such as {1w} or {2w}':
    '必须是以秒或毫秒计的时间，例如 {1} 或 {2}',
  'must be up to 63 small letters, digits and -, with no - at its ends':
    '必须是最多 63 个小写字母、数字和 -，首尾不能是 -',
  'must be a date and time with its zone, such as {1w}': '必须是带时区的日期和时间，例如 {1}',
  'is not valid': '无效',
  'is missing': '缺失',
  'is not known here or not valid': '在这里未知或无效',
  'form field': '表单字段',
  'must be empty or one of {1}': '必须为空，或是以下之一：{1}',
  'must be one of {1}': '必须是以下之一：{1}',
  'must be {1w}': '必须是 {1}',
  'must be equal to constant': '必须等于固定值',
  'must be equal to one of the allowed values': '必须是允许的值之一',
  'must be string': '必须是字符串',
  'must be integer': '必须是整数',
  'must be number': '必须是数字',
  'must be boolean': '必须是布尔值',
  'must be object': '必须是对象',
  'must be array': '必须是数组',
  'must be >= {1w}': '必须大于或等于 {1}',
  'must be <= {1w}': '必须小于或等于 {1}',
  'must be > {1w}': '必须大于 {1}',
  'must be < {1w}': '必须小于 {1}',
  'must match pattern {1}': '必须匹配 {1}',
  'must match format {1}': '必须符合格式 {1}',
  'must match a schema in anyOf': '不符合任何一种允许的形式',
  'must not be empty': '不能为空',
  'must NOT have fewer than {1w} characters': '不能少于 {1} 个字符',
  'must NOT have more than {1w} characters': '不能多于 {1} 个字符',
  'must NOT have fewer than {1w} items': '不能少于 {1} 项',
  'must NOT have more than {1w} items': '不能多于 {1} 项',
  'must NOT have fewer than {1w} properties': '不能少于 {1} 个属性',
  'must NOT have more than {1w} properties': '不能多于 {1} 个属性',
  'must NOT have additional properties': '不能有其他属性',
  'must NOT have duplicate items (items ## {1} and {2} are identical)':
    '不能有重复项（第 {1} 项与第 {2} 项相同）',
  "must have required property '{1}'": '必须有属性“{1}”',

  'the form cannot be read: {1q}': '无法读取表单：{1}',
  'the form holds more files than one form may': '表单中的文件超过上限',
  'the form holds no file': '表单中没有文件',
  'form fields must come before the files': '表单字段必须在文件之前',
  'there is no file': '没有文件',
  'none of the files was accepted': '没有文件被接受',
  'one file before it is stored; send the others again':
    '它之前的一个文件已保存；请重新发送其余文件',
  '{1w} files before it are stored; send the others again':
    '它之前的 {1} 个文件已保存；请重新发送其余文件',
  'the request has several Host headers': '请求有多个 Host 请求头',
  'the upload broke off before its end: {1q}': '上传中途中断：{1}',
  'the upload came slower than {1w} bytes per second': '上传速度低于每秒 {1} 字节',
  'the upload is larger than {1w} bytes': '上传的内容超过 {1} 字节',
  'the file "{1}" is larger than {2w} bytes': '文件“{1}”超过 {2} 字节',
  'the bundle was not whole after {1w} ms': '采集包在 {1} 毫秒内没有传完',
  'the bundle holds more than {1w} files': '采集包中的文件超过 {1} 个',
  'the bundle is more than {1w} times as large as what was sent':
    '采集包解压后超过发送内容的 {1} 倍',
  'the bundle is larger than {1w} bytes when inflated': '采集包解压后超过 {1} 字节',
  'the bundle cannot be read at its first entry (byte {1w} of the tar): {2q}':
    '无法读取采集包的第一个条目（tar 的第 {1} 字节）：{2}',
  'the bundle cannot be read at or after its entry "{1}" (byte {2w} of the tar): {3q}':
    '无法从条目“{1}”处或其后读取采集包（tar 的第 {2} 字节）：{3}',
  'the entry "{1}": {2q}': '条目“{1}”：{2}',
  'it is empty': '内容为空',
  'the name of the entry "{1}..." is longer than {2w} characters':
    '条目“{1}...”的名称超过 {2} 个字符',
  'the bundle holds two files named "{1}"': '采集包中有两个名为“{1}”的文件',
  'the bundle holds no profile: {1}': '采集包中没有 profile：{1}',
  'the capture already has a file "{1}"': '采集中已有文件“{1}”',
  'the capture is finished, or another collector is taking it':
    '采集已经结束，或正由另一个采集器进行',
  'the capture has no execution trace': '采集中没有执行 trace',
  'this caller has its share of the {1p} under way; try again when one of them has ended':
    '此调用方进行中的{1}已达到它的份额；请等其中之一结束后再试',
  'too many {1p} are under way; try again in a moment': '进行中的{1}过多；请稍后再试',
  uploads: '上传',
  views: '视图计算',

  'this needs an admin of every space': '这需要所有空间的 admin',
  'this needs the role {1w}; you are {2w}': '这需要角色 {1}；你的角色是 {2}',
  'you have no role in this space': '你在此空间中没有角色',
  'no group of {1} gives a role here': '{1} 所在的组在这里都没有角色',
  'this shows every space, and you see only some': '这会显示所有空间，而你只能查看其中一部分',
  'no such token': '没有这个令牌',
  'the token is not valid': '令牌无效',
  'too many wrong tokens came from this address': '此地址发来的错误令牌过多',
  'only a browser that has signed in has a space to change': '只有已登录的浏览器才能切换空间',
  'you may make tokens for the space {1w} only': '你只能为空间 {1} 创建令牌',
  'there is no space "{1}"': '没有空间“{1}”',
  'the first token must be of an admin of every space, who can make the others':
    '第一个令牌必须属于所有空间的 admin，由其创建其他令牌',
  'the identity provider does not answer': '身份提供方没有响应',
  'the sign-in was not begun here': '登录不是从这里开始的',
  'triggers are in the targets file, and so of the default space':
    '触发器在目标文件中，因此属于默认空间',
  'schedules are in the targets file, and so of the default space':
    '计划在目标文件中，因此属于默认空间',
  'the view of the link is not valid': '链接的视图无效',
  'a link to a capture shows the whole of it, and no comparison':
    '采集的链接显示整次采集，不能带比较',
  'what the link shares has been deleted': '链接分享的内容已被删除',
  'the link has expired': '链接已到期',
  'the link has been revoked': '链接已被撤销',
  'the shared profile has been deleted': '分享的 profile 已被删除',
  'the cursor does not belong to this list': '游标不属于此列表',
  'a text holds a character that a database cannot store, such as NUL':
    '文本含有数据库无法保存的字符，例如 NUL',
  'the store of bytes refuses this': '内容存储拒绝此操作',

  'there is no {1w} profile of {2} in this time': '此时间段内没有 {2} 的 {1} profile',
  'to compare time ranges of a target, set the type of the profiles: type=cpu':
    '要比较一个目标的两个时间段，请指定 profile 的类型：type=cpu',
  '"{1}" is neither the id of a profile nor TARGET+FROM+TO':
    '“{1}”既不是 profile 的 id，也不是 TARGET+FROM+TO',
  '`{1w}` is the id of a capture, and the id of a profile is needed':
    '`{1}` 是采集的 id，而这里需要 profile 的 id',
  'the capture has no profile': '该采集没有 profile',
  'those of the capture are: {1}': '该采集的 profile 为：{1}',
  'history has no {1w} profile that the selector matches in this time':
    '此时间段内没有符合选择器的 {1} profile',
  'there is no profile in the range': '此时间段内没有 profile',
  'the profiles of the range are {1} and {2}': '此时间段内的 profile 既有 {1}，也有 {2}',
  '{1} is not per second, so that it is not per request either':
    '{1} 不按每秒计，因此也不能按每请求计',
  'the profiles are of different kinds': '这些 profile 的种类不同',
  'the profiles are of different kinds: {1} in one, in the other {2}':
    '这些 profile 的种类不同：一个是 {1}，另一个是 {2}',
  'cumulative values are shown by their growth, which needs two profiles of one process':
    '累计值以其增长显示，这需要同一进程的两个 profile',
  'there is no rule {1w} that measures one profile': '没有度量单个 profile 的规则 {1}',
  'the processes count requests by several metrics ({1}): select one component':
    '这些进程用不同的指标统计请求（{1}）：请只选择一个组件',
  'give one of `function`, `package`, `subsystem` and `rule`':
    '请给出 `function`、`package`、`subsystem`、`rule` 之一',
  'there would be more than {1w} points; choose a longer step':
    '数据点会超过 {1} 个；请选择更长的步长',
  '{1w} must be before {2w}, which is itself left out': '{1} 必须早于 {2}，后者本身不包括在内',
  'The profile {1w} is of the type {2w}, and `type` is {3w}: name a profile of that type, or leave `type` out':
    'profile {1} 的类型是 {2}，而 `type` 为 {3}：请指定该类型的 profile，或省略 `type`',
  '`types` has {1}; types of profiles are {2}': '`types` 中有 {1}；profile 的类型有 {2}',
  'computing the view took too much memory; narrow it by a filter':
    '计算视图占用内存过多；请用过滤器缩小范围',
  'the range has {1w} MiB of blocks; history.rangeBytesMax allows {2w} MiB':
    '该时间段有 {1} MiB 的数据块；history.rangeBytesMax 允许 {2} MiB',
  'in whole days (UTC), from {1w} to {2w}, it has {3w} MiB; values over time need steps of a day then':
    '取整天（UTC，从 {1} 到 {2}）则为 {3} MiB；此时随时间变化的数值需以一天为步长',
  'or choose a shorter time or fewer targets, or raise that setting':
    '也可以缩短时间、减少目标，或提高该设置',
  'choose a shorter time or fewer targets, or raise that setting':
    '请缩短时间、减少目标，或提高该设置',
  'the range has {1w} profiles; history.clickhouseProfilesMax allows {2w}':
    '该时间段有 {1} 个 profile；history.clickhouseProfilesMax 允许 {2} 个',
  '{1w} profiles of the range were packed into blocks before history.kind was clickhouse':
    '该时间段有 {1} 个 profile 在 history.kind 改为 clickhouse 之前已打包成数据块',
  '{1w} profiles of the range were put into ClickHouse before history.kind was blocks':
    '该时间段有 {1} 个 profile 在 history.kind 改为 blocks 之前已写入 ClickHouse',
  '`kubeprof history rebuild` brings over those whose files are left':
    '`kubeprof history rebuild` 可迁移其中文件仍在的部分',
  'clickHouse lacks some of the {1w} profiles of the range':
    'ClickHouse 缺少该时间段 {1} 个 profile 中的一部分',
  '`kubeprof history rebuild` fills them from the stored files':
    '`kubeprof history rebuild` 可从保存的文件补齐',
  'clickHouse at {1w} refuses a statement ({2q})': '{1} 的 ClickHouse 拒绝了语句（{2}）',
  'error {1w}': '错误 {1}',
  'clickHouse at {1w} does not answer': '{1} 的 ClickHouse 没有响应',
  'the tables in ClickHouse have version {1w}; this kubeprof knows {2w}':
    'ClickHouse 中的表版本为 {1}；此 kubeprof 支持 {2}',

  'the data directory {1} is gone or cannot be read': '数据目录 {1} 已不存在或无法读取',
  'the disk under {1} is nearly full': '{1} 所在的磁盘快满了',
  'the data directory cannot be used: {1q}': '数据目录无法使用：{1}',
  '{1} is not accessible for this user: give it to the user that runs kubeprof, or name another folder as store.directory':
    '当前用户无权访问 {1}：请把它交给运行 kubeprof 的用户，或在 store.directory 中指定其他目录',
  '{1} is on a read-only file system: mount it for writing, or name another folder as store.directory':
    '{1} 在只读文件系统上：请以可写方式挂载，或在 store.directory 中指定其他目录',
  '{1} is missing: it was moved, deleted or unmounted; put it back':
    '{1} 不存在：可能被移动、删除或卸载；请放回原处',
  '{1} is not a folder: move it away, or name another folder as store.directory':
    '{1} 不是目录：请移走它，或在 store.directory 中指定其他目录',
  '{1} is on a disk that fails: check the disk, and restore a backup if files are lost':
    '{1} 所在的磁盘有故障：请检查磁盘，若有文件丢失则恢复备份',
  '{1} does not name an installation: it is damaged or not of kubeprof':
    '{1} 没有指明安装实例：它已损坏，或不属于 kubeprof',
  'the bucket {1} (blobs.s3Bucket, blobs.s3Endpoint) cannot be used: {2q}':
    '存储桶 {1}（blobs.s3Bucket、blobs.s3Endpoint）无法使用：{2}',
  'it does not answer': '没有响应',
  'the bucket {1} (blobs.s3Bucket, blobs.s3Endpoint) is full':
    '存储桶 {1}（blobs.s3Bucket、blobs.s3Endpoint）已满',
  'the database was migrated by a newer kubeprof ({1})':
    '数据库已由更新版本的 kubeprof 迁移（{1}）',
  'start that version or a newer one': '请启动该版本或更新的版本',
  'the tables are not up to date ({1}): run "kubeprof migrate" with the same settings':
    '数据表不是最新的（{1}）：请以相同设置运行 “kubeprof migrate”',
  'the Postgres database cannot be used: {1q}': 'Postgres 数据库无法使用：{1}',
  'it runs with {1w} = off, which loses what was acknowledged':
    '它以 {1} = off 运行，会丢失已确认的数据',
  'its encoding is {1w}, and must be UTF8': '它的编码是 {1}，必须是 UTF8',
  'it is older than Postgres 13': '它的版本低于 Postgres 13',
  'postgres (store.postgresUrl) does not answer: {1q}':
    'Postgres（store.postgresUrl）没有响应：{1}',
  'postgres: {1q}': 'Postgres：{1}',
  'the disk of the database is full': '数据库所在的磁盘已满',
  'the database could not separate this write from others in {1w} tries':
    '数据库尝试 {1} 次后仍无法将此次写入与其他写入隔离',
  'SQLite {1w} can corrupt its log; {2w} or newer is needed':
    'SQLite {1} 可能损坏其日志；需要 {2} 或更新版本',
  'SQLite runs with {1w} = {2w} where {3w} is needed to keep what was acknowledged':
    'SQLite 以 {1} = {2} 运行，而要保住已确认的数据需要 {3}',
  '{1} is damaged or not a database of kubeprof ({2q})':
    '{1} 已损坏，或不是 kubeprof 的数据库（{2}）',
  'restore a backup (kubeprof restore DIR), or move the file away to start with an empty database: the stored files stay':
    '请恢复备份（kubeprof restore DIR），或移走该文件，从空数据库开始：保存的文件不受影响',
  '{1} is locked by another program: stop what has it open, such as a sqlite3 shell':
    '{1} 被其他程序锁定：请关闭打开它的程序，例如 sqlite3 shell',
  '{1} is not a file: move it away': '{1} 不是文件：请移走它',
  '{1} cannot be opened ({2q}): check that this user may write it and its folder':
    '无法打开 {1}（{2}）：请确认当前用户可以写入该文件及其目录',
  '{1} cannot be used as a lock ({2q}): it must be a file that this user may write; it holds no data, so it may be deleted while no kubeprof runs':
    '{1} 无法用作锁（{2}）：它必须是当前用户可写的文件；其中没有数据，没有 kubeprof 运行时可以删除',
  'the decoded profile was damaged and is computed again; ask again in a moment':
    '解码后的 profile 已损坏，正在重新计算；请稍后再试',
  'the stored bytes were deleted meanwhile; ask again': '存储的内容在此期间被删除；请再试一次',
  'the stored bytes were not in their place and were put back; ask again':
    '存储的内容不在原处，已放回；请再试一次',
  '{1w} did not answer in time': '{1} 没有及时响应',
  '{1w} does not answer': '{1} 没有响应',
  '{1w} does not keep up': '{1} 处理不过来',
  'Redis may evict keys (maxmemory-policy is {1w}); BullMQ needs noeviction':
    'Redis 可能淘汰键（maxmemory-policy 为 {1}）；BullMQ 需要 noeviction',
  'the queue is closed': '队列已关闭',

  'the file is no longer open in this browser': '此文件在该浏览器中已不再打开',
  'the bundle holds more than 512 MiB': '采集包超过 512 MiB',
  'the archive holds more than 512 MiB': '归档超过 512 MiB',
  'the archive holds more than it declares': '归档的内容多于它所声明的',

  "Body is not valid JSON but content-type is set to 'application/json'":
    '请求体不是有效的 JSON，而 content-type 为 application/json',
  "'{1}' is not a valid url component": '“{1}”不是有效的 URL 部分',
  'Request body is too large': '请求体过大',
  'Multipart: Boundary not found': 'multipart 缺少 boundary',
  'Unexpected end of multipart data': 'multipart 数据不完整',
  "Body cannot be empty when content-type is set to 'application/json'":
    'content-type 为 application/json 时，请求体不能为空',
  'unable to open database file': '无法打开数据库文件',
  'file is not a database': '文件不是数据库',
  'database disk image is malformed': '数据库映像已损坏',
  'is on a read-only file system: mount it for writing, or name another folder as store.directory':
    '它在只读文件系统上：请以可写方式挂载，或在 store.directory 中指定其他目录',
  'is not a folder: move it away, or name another folder as store.directory':
    '它不是目录：请移走它，或在 store.directory 中指定其他目录',
}
