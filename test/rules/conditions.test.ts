import { expect, test } from 'vitest'
import { loadRules } from '../../judge/index.ts'
import { allRules } from '../../diagnosis/index.ts'
import { namesIn } from '../../diagnosis/rule/expression.ts'
import { remediesRows } from '../../bench/reports/remedies-report.ts'

const { ruleSet } = await loadRules()
const remedies = allRules(ruleSet).flatMap(({ id, texts }) =>
  texts.remedy.map(({ text, when }) => ({ id, text, asks: when === null ? [] : namesIn(when) })),
)

/** How a remedy begins that is true whatever the cause is: with its condition, or with what to look at. */
const CONDITION =
  /^(?:Where|If|When|Once|Else|Only (?:when|where)|In (?:a container whose|clusters of|its entry)|Scaling (?:up|down): where|See|Look|Find|Follow|Compare|Read|Time|Measure|Take|Nothing|Let it end)\b/
/** A condition after what the profile shows. */
const INNER = /[:;,.] (?:[a-z, ]*\b)?(?:where|if|when|find|look|see)\b/i

/** A later version does without what the profile shows. */
const isUpgrade = (text: string, asks: readonly string[]) =>
  text.startsWith('Upgrade') && asks.some((name) => name === 'kubernetes' || name === 'etcd')

test('a remedy states its condition, for the evidence shows what is slow and not why', () => {
  const bare = remedies
    .filter(({ text }) => !CONDITION.test(text.en) && !INNER.test(text.en.split('Costs:')[0] ?? ''))
    .filter(({ text, asks }) => !isUpgrade(text.en, asks))
    .map(({ id, text }) => `${id}: ${text.en}`)
  expect(bare).toEqual([])
})

test('a condition is stated in Chinese, too', () => {
  const bare = remedies
    .filter(({ text }) => /^(?:Where|If)\b/.test(text.en))
    .filter(({ text }) => !/[若如当对凡时]/.test(text.zh.split('代价')[0] ?? ''))
    .map(({ id, text }) => `${id}: ${text.zh}`)
  expect(bare).toEqual([])
})

test('no remedy states a habit as the cause', () => {
  const habits =
    /\b(?:often it is|often (?:one|a|the)|usually|mostly|nearly always|most likely|probably)\b/i
  const told = remedies.filter(({ text }) => habits.test(text.en))
  expect(told.map(({ id, text }) => `${id}: ${text.en}`)).toEqual([])
})

/** What names a client: the audit log, connections, or what the server says of each. */
const NAMES_CLIENTS =
  /audit\.log|\bss -|tcpdump|dump_requests|created by|kubeprof pprof|userAgent|user_agent/

/** Rules of what servers do for their clients. */
const SERVED = /^(?:apiserver|etcd|x\.(?:etcd|list|watch|webhook))\b/

test('advice for the clients of a server comes with a step that names them', () => {
  const silent = remediesRows(ruleSet)
    .filter(({ rule, component }) => SERVED.test(rule) && component !== 'my-operator')
    .filter(({ remedy }) => remedy.some((text) => /\bclients?\b/i.test(text)))
    .filter(({ next }) => !next.some((step) => NAMES_CLIENTS.test(step)))
    .map(({ rule, component }) => `${rule}: ${component}`)
  expect([...new Set(silent)]).toEqual([])
})

test('no step asks the kube-apiserver about another API server', () => {
  const asked = remediesRows(ruleSet)
    .filter(({ component }) => component === 'sample-apiserver')
    .flatMap(({ rule, next }) => next.map((step) => `${rule}: ${step}`))
    .filter(
      (step) => /kubectl get --raw|-C kube-apiserver/.test(step) && !/exec-credential/.test(step),
    )
  expect([...new Set(asked)]).toEqual([])
})

test('a step that lists connections names the process', () => {
  const steps = allRules(ruleSet).flatMap(({ id, texts }) =>
    texts.next.map(({ command }) => `${id}: ${command ?? ''}`),
  )
  const unnamed = steps.filter((step) => /\bss -\w*t\w*p/.test(step) && !step.includes('pid=PID,'))
  expect(unnamed).toEqual([])
})
