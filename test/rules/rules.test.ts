import { relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  allRules,
  diagnose,
  type DiagnosisInput,
  profileOfCase,
  runCase,
} from '../../diagnosis/index.ts'
import { BUILT_IN_RULES, loadRules, rulesIn } from '../../judge/load-rules.ts'

const { ruleSet, faults } = await loadRules()
const rules = allRules(ruleSet)
const ids = new Set(rules.map(({ id }) => id))

test('every rule file can be used', () => {
  expect(faults).toEqual([])
})

test('a rule lies in a file of its name', () => {
  for (const { id, file } of rules) {
    const [family, ...folders] = relative(BUILT_IN_RULES, file).split('/')
    expect(`${family}.${folders.at(-1)}`).toBe(`${id}.yaml`)
  }
  expect(rulesIn(BUILT_IN_RULES)).toHaveLength(rules.length)
})

describe.each(rules)('$id', (rule) => {
  const { title, meaning, remedy, next, sources, cases } = rule.texts

  test.each(cases)('$name', (ruleCase) => {
    expect(runCase(rule, ruleCase, ruleSet)).toBe(ruleCase.fires)
  })

  test('fills in all numbers that its texts have places for', () => {
    for (const { fires, profiles, metrics } of cases) {
      if (fires === null) continue
      const inputs = profiles.map((profile): DiagnosisInput => ({
        path: profile.reads,
        component: profile.component,
        profile: profileOfCase(profile, profile.earlier.length),
        history: profile.earlier.map((stacks, hour) => profileOfCase({ ...profile, stacks }, hour)),
      }))
      const page = Object.entries(metrics).map(([name, value]) => `${name} ${value}\n`)
      const { findings } = diagnose(inputs, ruleSet, { language: 'en', metrics: page.join('') })
      const texts = findings.flatMap((finding) => [
        finding.title,
        finding.meaning,
        ...finding.evidence.map(({ text }) => text),
        ...finding.next.map(({ what, command, metric }) => `${what} ${command ?? metric ?? ''}`),
      ])
      const places =
        /\{(?:[a-z]+\.)?(?:share|count|value|lo|hi|cores|rate|mean|growth|within|group|resource|snapshots)\}|\[\[|\{pprof/
      expect(texts.filter((line) => places.test(line))).toEqual([])
    }
  })

  test('has a case that fires and one that nearly does', () => {
    expect(cases.filter(({ fires }) => fires !== null)).not.toEqual([])
    expect(cases.filter(({ fires }) => fires === null)).not.toEqual([])
  })

  test('says what to do, where to look and where it is from', () => {
    expect(remedy).not.toEqual([])
    expect(next).not.toEqual([])
    expect(sources.filter((source) => !isPublicSource(source))).toEqual([])
    expect(sources).not.toEqual([])
  })

  test('says what a remedy costs', () => {
    expect(
      remedy.filter(({ text: { en, zh } }) => /\bcosts?\b/i.test(en) && zh.includes('代价')),
    ).not.toEqual([])
  })

  test('speaks Chinese where it says Chinese', () => {
    const texts = [
      title,
      meaning,
      ...remedy.map(({ text }) => text),
      ...next.map(({ what }) => what),
    ]
    expect(texts.filter(({ zh }) => !/\p{Script=Han}/u.test(zh))).toEqual([])
    expect(texts.filter(({ en }) => /\p{Script=Han}/u.test(en))).toEqual([])
  })

  test('explains other rules, and those exist', () => {
    expect(rule.explains.filter((id) => id === rule.id || !ids.has(id))).toEqual([])
  })
})

test('what rules explain exists', () => {
  const named = rules.flatMap(({ explains, confirmedBy, texts: { remarks, remedy, next } }) => [
    ...explains,
    ...confirmedBy,
    ...[...remarks, ...remedy, ...next].flatMap(({ found, notFound }) =>
      [found ?? [], notFound ?? []].flat(),
    ),
  ])
  const parts = ruleSet.combined
    .flatMap((rule) => [...rule.parts.values()])
    .flatMap((part) => (part.kind === 'rule' ? [part.rule, part.within ?? part.rule] : []))
  const unknown = [...named, ...parts].filter((id) => !ids.has(id.replace(/\[.*\]$/, '')))
  expect([...new Set(unknown)]).toEqual([])
})

/** Rules over CPU profiles that say how much is spent; the others say that little is, or what waits. */
const busy = ruleSet.combined.filter(({ parts }) => {
  const [lead] = [...parts.values()]
  const rule = ruleSet.rules.find(({ id }) => lead?.kind === 'rule' && id === lead.rule)
  return rule?.signals[0]?.reads === 'cpu'
})

test.each(busy)('$id gives no more than info for what takes next to no CPU', (rule) => {
  for (const ruleCase of rule.texts.cases) {
    const profiles = ruleCase.profiles.map((profile) => ({
      ...profile,
      seconds: profile.reads === 'cpu' ? profile.seconds * 1000 : profile.seconds,
    }))
    expect(runCase(rule, { ...ruleCase, profiles }, ruleSet) ?? 'info').toBe('info')
  }
})

const HOSTS = ['github.com', 'kubernetes.io', 'go.dev', 'pkg.go.dev', 'etcd.io', 'prometheus.io']
/** Issues and pull requests by number, files and folders of a release or a document that is kept up. */
const GITHUB =
  /^\/[\w.-]+\/[\w.-]+(?:\/(?:issues|pull)\/\d+|\/(?:blob|tree)\/(?:v\d[\w.]*|main|master)\/[\w./-]+)?$/

/** Nothing is opened here: that an address is well formed and of a host that stays is all that can be known. */
function isPublicSource(source: string): boolean {
  if (!/^https:\/\/[!-~]+$/.test(source) || !URL.canParse(source)) return false
  const { hostname, pathname, search, hash } = new URL(source)
  if (!HOSTS.includes(hostname) || search !== '') return false
  return hostname === 'github.com' ? GITHUB.test(pathname) && hash === '' : true
}
