import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  openView,
  profileFromFolded,
  repairForViews,
  samplesOfGroup,
  sumByName,
  sumOfName,
  totalOfType,
} from '../../../profile/index.ts'
import { arbitraryFolded, cpu } from './folded.ts'

test('a function has the sums that the call tree has for it, recursive or not', () => {
  fc.assert(
    fc.property(arbitraryFolded, (lines) => {
      const profile = repairForViews(profileFromFolded(lines.join('\n'), cpu))
      const options = { sampleTypeIndex: 0, granularity: 'functions', hasInlines: true } as const
      const { tree, total } = openView(profile, options)
      const { flat, cum } = sumByName(tree)
      for (const [row, name] of tree.names.slice(0, -1).entries()) {
        expect(sumOfName(profile, 0, name)).toEqual({ flat: flat[row], cum: cum[row] })
      }
      expect(totalOfType(profile, 0)).toEqual(total)
    }),
  )
})

test('a function that is not there has 0', () => {
  const profile = profileFromFolded('main;work 5', cpu)
  expect(sumOfName(profile, 0, 'root')).toEqual({ flat: 0, cum: 0 })
})

test('values past 2^53 are summed exactly before they are rounded', () => {
  const large = 2n ** 53n
  const profile = profileFromFolded(`f ${large}\nf;g 1\nf;h 1`, cpu)
  expect(sumOfName(profile, 0, 'f')).toEqual({ flat: Number(large), cum: Number(large + 2n) })
})

test('packages and subsystems count each stack once', () => {
  const etcd = 'k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList'
  const decode = 'k8s.io/apiserver/pkg/storage/etcd3.decode'
  const profile = profileFromFolded(
    `main.f;${etcd};${decode} 5\nmain.f;${etcd} 2\nmain.f;runtime.mallocgc 1`,
    cpu,
  )
  const counted = (by: 'package' | 'subsystem', name: string) => {
    const { isFlat, isCum } = samplesOfGroup(profile, { by, name })
    return [isFlat, isCum].map((column) => column.reduce((sum, one) => sum + one, 0))
  }
  expect(counted('package', 'k8s.io/apiserver/pkg/storage/etcd3')).toEqual([2, 2])
  expect(counted('package', 'main')).toEqual([0, 3])
  expect(counted('subsystem', 'storage')).toEqual([2, 2])
  expect(counted('subsystem', 'allocation')).toEqual([1, 1])
})
