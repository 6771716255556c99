import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Report } from '../../api/index.ts'
import { diagnose } from '../../diagnosis/index.ts'
import { decodeProfile, NONE, type Profile } from '../../profile/index.ts'
import { loadRules } from '../../judge/load-rules.ts'
import { encodeWithProtobufjs, type ProfileDraft } from '../profile/profile-drafts.ts'
import { cpuProfile } from './make-rule.ts'

const { ruleSet } = await loadRules()

const funcName = fc.constantFrom(
  'net/http.(*conn).serve',
  'k8s.io/apiserver/pkg/endpoints/handlers.ListResource.func1',
  'k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList',
  'k8s.io/apiserver/pkg/storage/etcd3.decodeListItem',
  'k8s.io/api/core/v1.(*Pod).Unmarshal',
  'k8s.io/client-go/tools/cache.ListAll',
  'k8s.io/klog/v2.InfoSDepth',
  'compress/gzip.(*Writer).Write',
  'crypto/tls.(*Conn).serverHandshake',
  'runtime.mallocgc',
  'runtime.gcAssistAlloc',
  'runtime.systemstack',
  'runtime.gcBgMarkWorker',
  'runtime.gcDrainMarkWorkerIdle',
  'runtime.(*sweepLocked).sweep',
  'runtime.schedule',
  'main.work',
)
const stack = fc.array(funcName, { minLength: 1, maxLength: 8 })
const samples = fc.array(fc.tuple(stack, fc.integer({ min: 1, max: 300 })), {
  minLength: 1,
  maxLength: 12,
})

type Samples = readonly (readonly [readonly string[], number])[]

function profileOf(list: Samples): Profile {
  return cpuProfile(list.map(([names, ticks]) => `${names.join('; ')} ${ticks}`).join('\n'))
}

function reportOn(list: Samples): Report {
  return diagnose([{ path: '-', profile: profileOf(list) }], ruleSet, { language: 'en' })
}

test('the order of samples changes nothing', () => {
  fc.assert(
    fc.property(samples, (list) => {
      // The order of samples is that of strings, functions, locations and stacks as well.
      expect(reportOn([...list].reverse())).toEqual(reportOn(list))
    }),
  )
})

test('a sample in two parts is the same', () => {
  fc.assert(
    fc.property(samples, (list) => {
      const halves = list.flatMap(([names, ticks]): Samples => {
        const part = Math.floor(ticks / 2)
        return part === 0
          ? [[names, ticks]]
          : [
              [names, part],
              [names, ticks - part],
            ]
      })
      expect(reportOn(halves)).toEqual(reportOn(list))
    }),
  )
})

function draftOf(list: Samples): ProfileDraft {
  const funcs = [...new Set(list.flatMap(([names]) => names))]
  return {
    types: [
      ['samples', 'count'],
      ['cpu', 'nanoseconds'],
    ],
    samples: list.map(([names, ticks]) => ({
      locations: names.map((name) => funcs.indexOf(name)).reverse(),
      values: [BigInt(ticks), BigInt(ticks) * 10_000_000n],
      labels: [],
    })),
    mappings: [],
    locations: funcs.map((_, func) => ({
      mapping: NONE,
      address: BigInt(4096 + func),
      lines: [{ func, line: 1 }],
    })),
    funcs: funcs.map((name) => ({ name, file: `${name}.go` })),
    timeNs: 0n,
    comments: [],
  }
}

test('other ids for functions and locations change nothing', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 1000 }), (list, offset) => {
      const draft = draftOf(list)
      const [plain, renumbered] = [
        (row: number) => BigInt(row + 1),
        // The other way round, with gaps.
        (row: number) => BigInt(offset + 7 * (draft.funcs.length - row)),
      ].map((idOf) => {
        const profile = decodeProfile(encodeWithProtobufjs(draft, idOf))
        return diagnose([{ path: '-', profile }], ruleSet, { language: 'en' })
      })
      expect(renumbered).toEqual(plain)
    }),
  )
})

test('the classes of the account add up to all', () => {
  fc.assert(
    fc.property(samples, (list) => {
      const { gc } = reportOn(list)
      const sum = gc?.classes.reduce((total, { share }) => total + share, 0) ?? 0
      expect(sum).toBeCloseTo(1, 9)
    }),
  )
})

test('every share lies between its bounds, and every stack holds what matched', () => {
  fc.assert(
    fc.property(samples, (list) => {
      for (const finding of reportOn(list).findings) {
        expect(finding.shareLow).toBeLessThanOrEqual(finding.share)
        expect(finding.shareHigh).toBeGreaterThanOrEqual(finding.share - 1e-12)
        expect(finding.share).toBeLessThanOrEqual(1)
        for (const { stack: names = [], matched = [], value = 0 } of finding.evidence) {
          expect(matched.every((row) => row < names.length)).toBe(true)
          expect(value).toBeLessThanOrEqual(finding.value)
        }
      }
    }),
  )
})
