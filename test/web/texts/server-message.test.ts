import { beforeAll, expect, test } from 'vitest'
import { AppError, ERRORS } from '../../../api/errors.ts'
import { explainFailure } from '../../../collect/reach/net/explain-failure.ts'
import { loadServerTexts, serverMessage, serverText } from '../../../web/texts/server-message.ts'

beforeAll(loadServerTexts)

const PLAIN = { code: 'TARGET_BUSY', message: ERRORS.TARGET_BUSY.say }
const DETAILED = { code: 'TARGET_TIMEOUT', message: 'api-0 did not answer within 5 s.' }

test('in English the server speaks for itself', () => {
  expect(serverMessage(PLAIN, 'en')).toBe(PLAIN.message)
  expect(serverMessage(DETAILED, 'en')).toBe(DETAILED.message)
})

test.each([
  ['ECONNREFUSED', 'etcd 10.0.0.1:2379 拒绝连接：那里没有程序在监听，ECONNREFUSED。'],
  ['CERT_HAS_EXPIRED', 'etcd 10.0.0.1:2379 的证书已过期，CERT_HAS_EXPIRED。'],
])('in Chinese it is said why a process cannot be asked: %s', (code, text) => {
  const cause = Object.assign(new Error('no'), { code })
  const error = explainFailure(cause, 'etcd at 10.0.0.1:2379')
  if (!(error instanceof AppError)) throw new Error('it is not explained')
  expect(serverMessage(error, 'zh')).toBe(text)
})

test('in Chinese it is said how a process refuses, with what it says itself', () => {
  const disabled =
    'kube-scheduler at 10.0.0.1:10259 answered 404 to /debug/pprof/heap. Profiling is switched off there (--profiling=false, enableProfilingHandler: false, no --enable-pprof), or it has another path.'
  expect(say(disabled)).not.toContain('switched off')
  expect(say('The process at [::1]:80 answered 500 to /debug/pprof/heap: no luck.')).toContain(
    '进程 [::1]:80 对 /debug/pprof/heap 返回 500：no luck',
  )
  expect(say('etcd at 1.1.1.1:1 answered 500 to /x. Something new.')).toBe(
    '目标关闭了性能分析。（etcd at 1.1.1.1:1 answered 500 to /x. Something new.）',
  )
})

test("in Chinese the code is explained, and words that are not the server's own follow", () => {
  expect(serverMessage(PLAIN, 'zh')).toBe('目标正在被其他人采样。')
  expect(serverMessage(DETAILED, 'zh')).toBe('api-0 在 5 秒内没有响应。')
  expect(serverMessage({ ...DETAILED, message: 'Go away.' }, 'zh')).toBe(
    '目标未及时响应。（Go away.）',
  )
  expect(serverMessage({ code: 'toString', message: 'x' }, 'zh')).toBe('x')
})

test('in Chinese sentences in a row and phrases in a sentence are read one by one', () => {
  const refused =
    'The API server of prod answered 403 when asked to list pods in kube-system: pods is forbidden: User "v" cannot list resource "pods" in API group "" in the namespace "kube-system". A Role in kube-system grants it with the rule {verbs: ["list"]}'
  expect(serverMessage({ code: 'TARGET_FORBIDDEN', message: refused }, 'zh')).toBe(
    'prod 的 API server 对“列出 kube-system 中的 pods”返回 403：pods 被拒绝：用户“v”无权在命名空间“kube-system”中对 API 组“”的资源“pods”执行 list。可用 kube-system 中 Role 的这条规则授权：{verbs: ["list"]}',
  )
  const twice = 'location 1 has the id 1 of another location (at byte 33)'
  expect(serverText(twice, 'zh')).toBe('location 1 的 id 1 与另一个 location 重复（第 33 字节处）')
  const label = 'a label of sample 0: field 1 is string 70, but there are 9 strings (at byte 16)'
  expect(serverText(label, 'zh')).toContain('样本 0 的标签的字段 1')
  const pattern = 'error parsing regexp: missing closing ): `(`'
  expect(serverText(pattern, 'zh')).toBe('缺少右括号 )：`(`')
  expect(serverText(pattern, 'en')).toBe(pattern)
})

test('what others say is left as it is, also where it reads like a message', () => {
  expect(serverText('The bytes are text, not a profile: "a key is missing".', 'zh')).toBe(
    '这些内容是文本，不是 profile：“a key is missing”。',
  )
  expect(serverText('rolled out v2', 'zh')).toBe('rolled out v2')
})

function say(message: string): string {
  return serverMessage({ code: 'TARGET_PROFILING_DISABLED', message }, 'zh')
}
