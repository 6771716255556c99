import { expect, test } from 'vitest'
import { makeSelfProfiler } from '../../../cli/service/observe/self-profiler.ts'
import { readProfile } from '../../../gzip/node.ts'
import type { Profile } from '../../../profile/index.ts'

const NS_PER_MS = 1_000_000n
const NEVER = new AbortController().signal

test('the CPU profile of this process opens as any other, with the functions that ran', async () => {
  const startMs = Date.now()
  const taking = makeSelfProfiler().cpu(0.5, NEVER)
  const timer = setInterval(keepProcessorBusy, 1)
  const profile = readProfile(await taking)
  clearInterval(timer)
  expect(profile.sampleTypes.map(({ unit }) => unit)).toEqual(['count', 'nanoseconds'])
  expect(functionsOf(profile)).toContainEqual(expect.stringContaining('keepProcessorBusy'))
  expect(profile.period).toBe(1_000_000n)
  expect(Number(profile.durationNs)).toBeGreaterThanOrEqual(500_000_000)
  expect(profile.timeNs / NS_PER_MS).toBeGreaterThanOrEqual(BigInt(startMs))
  const endMs = (profile.timeNs + profile.durationNs) / NS_PER_MS
  expect(endMs).toBeLessThanOrEqual(BigInt(Date.now()))
})

test('so does the profile of its memory', async () => {
  const profiler = makeSelfProfiler()
  const held: unknown[] = []
  const taking = profiler.heap(1, NEVER)
  const timer = setInterval(() => allocate(held), 1)
  await expect(profiler.cpu(0.1, NEVER)).rejects.toMatchObject({ code: 'OVERLOADED' })
  const profile = readProfile(await taking)
  clearInterval(timer)
  expect(profile.sampleTypes).toEqual([{ type: 'inuse_space', unit: 'bytes' }])
  expect(functionsOf(profile)).toContainEqual(expect.stringContaining('allocate'))
})

function functionsOf({ funcs, strings }: Profile): readonly string[] {
  return [...funcs.name].map((name) => strings[name] ?? '')
}

function keepProcessorBusy(): void {
  const endMs = performance.now() + 10
  while (performance.now() < endMs);
}

function allocate(held: unknown[]): void {
  for (let count = 0; count < 1000; count++) held.push(Array.from({ length: 10 }, () => ({})))
}
