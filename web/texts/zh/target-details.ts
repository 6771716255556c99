/** What kubeprof says of a process that cannot be asked, or that answers with a refusal. Other texts are the process's own. */
const CONNECTION = /^(.+) at (\S+) (.+) \((\S+)\)\.$/
const ANSWER = /^(.+) at (\S+) answered (\d{3}) to (\/[^\s:]*?)(?:: (.+?))?\.(?: ([A-Z].+))?$/

/** In Chinese; `null` for a message of another kind. */
export function zhTargetDetail(message: string): string | null {
  const [, who = '', at, meaning = '', code] = CONNECTION.exec(message) ?? []
  const said = MEANINGS[meaning]
  if (said !== undefined) return `${zhWho(who)} ${at} ${said}，${code}`
  const [, asked = '', place, status, path, text, hint = ''] = ANSWER.exec(message) ?? []
  const known = hint === '' ? '' : HINTS[hint]
  if (status === undefined || known === undefined) return null
  const answered = `${zhWho(asked)} ${place} 对 ${path} 返回 ${status}`
  return `${text === undefined ? answered : `${answered}：${text}`}${known === '' ? '' : `。${known}`}`
}

function zhWho(who: string): string {
  return who === 'The process' ? '进程' : who
}

const MEANINGS: Readonly<Record<string, string>> = {
  'refused the connection: nothing listens there': '拒绝连接：那里没有程序在监听',
  'has no address: its name is not known': '没有地址：名称无法解析',
  'has no address: the name server does not answer': '没有地址：域名服务器没有响应',
  'closed the connection without an answer': '未作回答就关闭了连接',
  'cannot be reached from here': '从这里无法到达',
  'does not exist': '不存在',
  'may not be opened by this user: see its file mode': '当前用户无权打开：请查看文件权限',
  "has a certificate of an unknown authority: give the authority's certificate, or choose not to verify":
    '的证书由未知机构签发：请提供该机构的证书，或选择不验证',
  'has a certificate that has expired': '的证书已过期',
  'has a certificate that is not valid yet: do the clocks agree?':
    '的证书尚未生效：两边时钟是否一致？',
  'has a certificate for other names: give the server name that it is for':
    '的证书属于其他名称：请填写证书对应的服务器名称',
  'wants a client certificate that it knows: give one with its key':
    '要求它认可的客户端证书：请提供证书及其密钥',
  'does not speak TLS there: is it http?': '那里不使用 TLS：是否应为 http？',
  'does not speak HTTP there, or has too large headers': '那里不使用 HTTP，或响应头过大',
  'is not asked: its token, certificate or key is malformed':
    '未被访问：其令牌、证书或密钥格式有误',
  'cannot be trusted over TLS': '的 TLS 不可信',
  'cannot be asked': '无法访问',
}

const HINTS: Readonly<Record<string, string>> = {
  'The credentials are missing or no longer good.': '缺少凭据，或凭据已失效',
  'Redirects are not followed: name the address itself.': '不跟随重定向：请直接填写目标地址',
  'This process has no such profile.': '该进程没有这种 profile',
  'This process has no such page.': '该进程没有这个页面',
  'It is asked for fewer seconds.': '将以更短的时长再次请求',
  'Someone else is profiling it just now.': '此刻有人正在采样它',
  'Profiling is switched off there (--profiling=false, enableProfilingHandler: false, no --enable-pprof), or it has another path.':
    '那里关闭了性能分析（--profiling=false、enableProfilingHandler: false、未设 --enable-pprof），或路径不同',
}
