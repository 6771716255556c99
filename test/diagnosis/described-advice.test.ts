import { expect, test } from 'vitest'
import { describeRule } from '../../diagnosis/index.ts'
import { makeRule } from './make-rule.ts'

const RULE = { where: { any: ['a'] }, levels: { info: 'share >= 0.1' } }

test("a rule's page says which versions and components advice is for", () => {
  const { rule } = makeRule({
    ...RULE,
    remedy: [
      { when: 'component == etcd and etcd < 3.6', en: 'Defragment {group}.', zh: '整理碎片。' },
      { when: 'share >= 0.5', en: 'Halve it[[ at {flags.qps}]].', zh: '减半。' },
    ],
  })
  expect(describeRule(rule).remedy.map(({ en }) => en)).toEqual([
    'etcd, up to etcd 3.5: Defragment ….',
    'If share ≥ 50%: Halve it.',
  ])
})

test.each([
  ['writes.of >= 0.2', 'If requests that write ≥ 20%: x', '若写请求 ≥ 20%：某'],
  ['not metrics.fsync >= 0', 'If average fsync is not known: x', '若 fsync 平均耗时未知：某'],
  ['not flags.v >= 0', 'If --v is not known: x', '若 --v 未知：某'],
  ['flags.v >= 0', 'If --v is known: x', '若已知 --v：某'],
  [
    'kubernetes >= 1.30 and (metrics.fsync >= 2 * 5ms or count > 3)',
    'From v1.30 on, if average fsync ≥ 2 × 5ms or count > 3: x',
    'v1.30 起，若 fsync 平均耗时 ≥ 2 × 5ms 或 count > 3：某',
  ],
  [
    'not (flags.qps < 5 and writes.cores < 1)',
    'If not (--qps < 5) or not (cores of requests that write < 1): x',
    '若非（--qps < 5） 或 非（写请求 的 cores < 1）：某',
  ],
  [
    'metrics.fsync >= 1ms and metrics.fsync < 2ms and count >= 1 and count < 2 and share >= 0.1 and share < 0.2 and cores > 1',
    'If the capture shows it: x',
    '若采集的数据如此显示：某',
  ],
])("a rule's page says in words when advice is given: %s", (when, en, zh) => {
  const { rule } = makeRule({
    ...RULE,
    measures: { all: { where: { any: ['a'] } }, writes: { where: { any: ['b'] } } },
    where: undefined,
    split: { writes: { en: 'Requests that write', zh: '写请求' } },
    metrics: [
      {
        as: 'fsync',
        en: 'Average fsync',
        zh: 'fsync 平均耗时',
        average: 'etcd_disk_wal_fsync_duration_seconds',
      },
    ],
    remedy: [
      {
        when,
        ...(when.startsWith('kubernetes') ? { since: 'https://example.com' } : {}),
        en: 'x',
        zh: '某',
      },
    ],
  })
  expect(describeRule(rule).remedy).toEqual([{ en, zh }])
})
