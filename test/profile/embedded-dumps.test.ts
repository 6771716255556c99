import { expect, test } from 'vitest'
import { checkProfile, decodeTextDump, type Profile } from '../../profile/index.ts'
import { labelsOf, namedStacksOf } from './named-stacks.ts'

const DUMP = [
  'goroutine 12 [chan receive, 33 minutes]:',
  'main.(*T[...]).wait(0x1, {0x2, 0x3})',
  '\t/src/my app/main.go:9 +0x1f',
  'main.start(...)',
  '\t/src/my app/main.go:19',
  'created by main.main in goroutine 1',
  '\t/src/my app/main.go:39 +0x2',
  '',
  'goroutine 1 [select]:',
  'main.main()',
  '\tC:/src/main.go:29 +0x85',
  '',
]
const TEXT = DUMP.join('\n')
const STACKS = {
  'main.start /src/my app/main.go:19;main.(*T[...]).wait /src/my app/main.go:9': 1,
  'main.main C:/src/main.go:29': 1,
}

const at = (index: number) => `2026-03-02T08:11:43.${String(index * 1_000_007).padStart(9, '0')}`
/** As Go's RFC3339Nano prints it: the zeros at the end are left out. */
const shortAt = (index: number) => at(index).replace(/\.?0+$/, '')
const each = (write: (line: string, index: number) => string) => DUMP.map(write).join('\n')
const jsonLine = (fields: object) => JSON.stringify(fields)

const PLACES: Readonly<Record<string, string>> = {
  'as it is': TEXT,
  'with blanks for tabs': TEXT.replaceAll('\t', '    '),
  'without tabs': TEXT.replaceAll('\t', ''),
  'with blanks that do not break': TEXT.replaceAll('\t', '\u00a0\u00a0').replaceAll(' ', '\u00a0'),
  'with Windows line ends': TEXT.replaceAll('\n', '\r\n'),
  'without empty lines': DUMP.filter((line) => line !== '').join('\n'),
  'with blanks behind lines': each((line) => `${line}  `),
  'indented, as in Markdown': each((line) => `    ${line}`),
  'with one line indented': `  ${TEXT}`,
  'quoted, as in a mail': each((line) => (line === '' ? '>' : `> ${line}`)),
  'after klog lines': `I0302 08:11:43.123456       1 server.go:101] Starting (v1)\n${TEXT}`,
  'after a panic': `panic: runtime error: index out of range [5] with length 3\n\n${TEXT}exit status 2\n`,
  'after a fatal error': `fatal error: all goroutines are asleep - deadlock!\n\n${TEXT}`,
  'behind a text on its line': `panic: boom [recovered] ${TEXT}`,
  'after SIGQUIT': `SIGQUIT: quit\nPC=0x468461 m=0 sigcode=0\n\ngoroutine 0 gp=0xab m=0 mp=0xcd [idle]:\nruntime.futex(0x1)\n\t/go/sys.s:557 +0x21 fp=0x7ffe sp=0x7ff0 pc=0x468461\n\n${TEXT.replace('1 [select]', '1 gp=0xc0002380 m=nil [select]').replace('+0x85', '+0x85 fp=0x1 sp=0x2 pc=0x3')}\nrax    0xca\nrip    0x468461\n`,
  'in a log of containerd': `time="2026-03-02T08:11:43Z" level=info msg="=== BEGIN goroutine stack dump ===\n${TEXT}=== END goroutine stack dump ==="\n`,
  'in a CRI log': each((line, index) => `${at(index)}Z stderr F ${line}`),
  'in a CRI log whose empty lines are trimmed': each((line, index) =>
    `${at(index)}Z stderr F ${line}`.trimEnd(),
  ),
  'in a log of the journal': each((line) =>
    `Mar 02 08:11:43 node-1 containerd[1203]: ${line}`.trimEnd(),
  ),
  'behind kubectl logs --timestamps': each((line, index) => `${shortAt(index)}Z ${line}`),
  'behind kubectl logs --prefix': each((line) => `[pod/etcd-0/etcd] ${line}`),
  'behind both': each((line, index) => `[pod/a-x1/c] ${shortAt(index)}Z ${line}`),
  'behind docker compose': each((line) => `apiserver-1  | ${line}`),
  'behind syslog': each((line) => `<14>1 2026-03-02T08:11:43Z host app 1203 - - ${line}`),
  'between lines of other pods': each(
    (line) => `[pod/a-1/c] ${line}\n[pod/b-x/c] main.other(0x1)\n[pod/b-x/c] \t/src/o.go:1 +0x1`,
  ),
  'escaped in a line of logfmt': `time="2026" level=error msg="panic: x\\n${escaped(TEXT)}" pod=a\n`,
  'escaped without quotes': `E0302 08:11:43 runtime.go:79] Observed a panic: ${escaped(TEXT)}`,
  'in JSON': jsonLine({ level: 'error', stack: `boom\n${TEXT}`, pod: 'a' }),
  'in JSON in JSON': jsonLine({ log: `${jsonLine({ msg: TEXT })}\n`, stream: 'stderr' }),
  'in JSON over several lines': JSON.stringify({ items: [{ message: TEXT }] }, null, 2),
  'in JSON behind a CRI prefix': `${at(1)}Z stderr F ${jsonLine({ msg: TEXT })}`,
  'in a json-file log of Docker': each((line, index) =>
    jsonLine({ log: `${line}\n`, stream: 'stderr', time: at(index) }),
  ),
  'in JSON lines of other order': each((line, index) =>
    jsonLine(index % 2 === 0 ? { t: index, msg: line } : { msg: line, t: index }),
  ),
  'in lines of logfmt': each((line, index) => `t=${index} msg="${escaped(line)}" level=info`),
  'in a multi-line value of klog': `E0302 1 a.go:1] "Panic" stack=<\n${each((line) => `\t${line}`)}\n >\n`,
}

test.each(Object.entries(PLACES))('goroutines %s are read', (_, text) => {
  const profile = read(text)
  expect(namedStacksOf(profile)).toEqual(STACKS)
  expect(profile.warnings).toEqual([])
  const labels = profile.samples.length === 2 ? [labelsOf(profile, 0), labelsOf(profile, 1)] : []
  expect(labels).toContainEqual({ createdBy: 'main.main', minutes: 33n, state: 'chan receive' })
  expect(labels).toContainEqual({ state: 'select' })
})

test('labels of goroutines are separated from their state', () => {
  const labels = String.raw`labels:{"req": "1", "tenant": "a b\"c];d", "x": "\u00e9\x00"}`
  const profile = read(
    `goroutine 1 [select, 2 minutes, locked to thread ${labels}]:\nmain.main()\n\t/a.go:1 +0x1\n`,
  )
  expect(labelsOf(profile, 0)).toEqual({
    state: 'select',
    minutes: 2n,
    lockedToThread: 'true',
    req: '1',
    tenant: 'a b"c];d',
    x: 'é\0',
  })
})

test('of several dumps the one with the most goroutines is read', () => {
  const profile = read(`${TEXT}\n${TEXT}goroutine 3 [select]:\nmain.a()\n\ta.go:1 +0x1\n\n${TEXT}`)
  expect(profile.samples.values[0].length).toBe(3)
  expect(profile.warnings.map(({ code }) => code)).toEqual(['several_dumps'])
})

test('lines of others between goroutines are passed over, and counted', () => {
  const profile = read(TEXT.replace('\n\n', '\nI0302 08:11:43 1 a.go:1] busy\n\nmore\n'))
  expect(namedStacksOf(profile)).toEqual(STACKS)
  expect(profile.warnings.map(({ text }) => text)).toEqual([
    '2 lines between the goroutines are not part of the dump and were skipped.',
  ])
})

test('counts of stacks are found behind lines that a person wrote', () => {
  const text =
    'On node 3:\n\n$ curl localhost\ngoroutine profile: total 2\n2 @ 0x1\n#\t0x1\tmain.a+0x1\ta.go:1\n'
  expect(namedStacksOf(read(text))).toEqual({ 'main.a a.go:1': 2 })
})

test.each([
  'goroutine 1 [running]',
  'see goroutine 7 [select] above',
  'created by main.main in goroutine 1\n',
  `{"msg": "goroutine ${'9'.repeat(50)}"}`,
])('%j holds no dump', (text) => {
  expect(decodeTextDump(Buffer.from(text))).toBeNull()
})

test.each([
  ['what looks like headers', 'goroutine 1 [a '],
  ['headers in one line', 'goroutine 1 [a]:'],
  ['escaped headers', String.raw`"goroutine 1 [a]:\n`],
  ['headers in JSON', '{"a":"goroutine 1 [a]:"'],
  ['blanks', ' \t'],
])('a large text of %s does not take minutes', (_, piece) => {
  // What takes time in proportion to its square would not be done before the test is given up.
  const text = piece.repeat(16_000_000 / piece.length)
  expect(() => decodeTextDump(Buffer.from(text))).not.toThrow()
})

test('the colours of a terminal are left out', () => {
  const coloured = each((line) => `\u001b[1;31m${line}\u001b[0m`)
  expect(namedStacksOf(read(coloured))).toEqual(STACKS)
})

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function read(text: string): Profile {
  const profile = decodeTextDump(Buffer.from(text))
  if (profile === null) throw new Error('this is no dump')
  checkProfile(profile)
  return profile
}
