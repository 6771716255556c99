import { expect, test } from 'vitest'
import { type CaptureFacts, diagnose, profileOfCase } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'

const { ruleSet } = await loadRules()

/** A page of etcd that has handled these, while some watch streams are open. */
function pageOf(streams: number, methods: readonly string[]): string {
  const handled = methods.map((each) => `grpc_server_handled_total{grpc_method="${each}"} 900\n`)
  const start = 'process_start_time_seconds 1\n'
  return `${handled.join('')}etcd_debugging_mvcc_watch_stream_total ${streams}\n${start}`
}

const APISERVER = pageOf(50, ['Range', 'Txn', 'LeaseGrant'])
const OTHERS = pageOf(3, ['Range', 'Put', 'Txn', 'LeaseGrant'])
const BOTH = pageOf(50, ['Range', 'Put', 'Txn', 'LeaseGrant'])
const NO_LEASE_YET = `${pageOf(49, ['Range', 'Txn'])}etcd_debugging_mvcc_watcher_total 49\n`
/** Without the versions that etcd's own clients send. */
const TRACED = `${NO_LEASE_YET}etcd_server_client_requests_total{client_api_version="unknown",type="unary"} 900\n`
const VERSION = 'etcd_server_version{server_version="3.5.17"} 1\n'

/** What each rule of etcd says of its own cases: remedies, remarks and steps. */
function saidWith(facts: CaptureFacts) {
  return ruleSet.rules
    .filter(({ id }) => id.startsWith('etcd.'))
    .flatMap((rule) =>
      rule.texts.cases
        .filter(({ fires }) => fires !== null)
        .flatMap(({ profiles }) => {
          const inputs = profiles.map((profile) => ({
            path: profile.reads,
            profile: profileOfCase(profile),
            component: 'etcd',
          }))
          const { findings } = diagnose(inputs, ruleSet, { language: 'en', ...facts })
          return findings
            .filter((finding) => finding.rule === rule.id)
            .map(({ remedy, next, evidence }) => {
              const remarks = evidence.filter(({ kind }) => kind === 'limits')
              return `${rule.id}: ${JSON.stringify([remedy, next, remarks])}`
            })
        }),
    )
}

const saysApiserver = (said: readonly string[]) => said.filter((each) => /apiserver/i.test(each))

test('an etcd that no apiserver asks is told nothing of apiservers', () => {
  const said = saidWith({ metrics: OTHERS + VERSION })
  expect(said.length).toBeGreaterThan(20)
  expect(saysApiserver(said)).toEqual([])
})

test('where an apiserver may ask, the advice names it', () => {
  for (const metrics of [null, BOTH, APISERVER, NO_LEASE_YET, TRACED]) {
    expect(saysApiserver(saidWith({ metrics })).length).toBeGreaterThan(8)
  }
})

test('an apiserver is not told to read in pages, to watch once, or to use a proxy', () => {
  const OF_OTHERS = /in pages|read whole prefixes|grpc-proxy|watch one prefix|prev_kv/
  const said = (metrics: string) => saidWith({ metrics }).filter((each) => OF_OTHERS.test(each))
  expect(said(APISERVER).filter((each) => !each.startsWith('etcd.watch-sync'))).toEqual([])
  expect(said(TRACED)).toEqual(said(APISERVER))
  expect(said(BOTH).length).toBeGreaterThan(3)
  const versions = TRACED.replace('"unknown"', '"3.5"')
  expect(said(versions)).toEqual(said(NO_LEASE_YET))
  expect(said(versions).length).toBeGreaterThan(said(TRACED).length)
})

/** Lines that etcd has logged of slow requests. */
const slow = (count: number) => `etcd_server_slow_apply_total ${count}\netcd_mvcc_range_total 9\n`
const linesAsked = (metrics: string) =>
  saidWith({ metrics }).filter((each) => /"log":"apply request took/.test(each)).length

test('a line that etcd has not logged is not looked for', () => {
  expect(linesAsked(BOTH)).toBeGreaterThan(0)
  expect(linesAsked(BOTH + slow(0))).toBe(0)
})
