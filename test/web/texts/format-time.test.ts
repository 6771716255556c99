import { expect, test } from 'vitest'
import { formatTimeAgo } from '../../../web/format/format-time.ts'
import { formatKubernetesVersion, formatVersion } from '../../../web/format/format-version.ts'

test('times are relative to the given clock, in the language of the reader', () => {
  const nowMs = Date.parse('2026-03-01T12:00:00Z')
  expect(formatTimeAgo('2026-03-01T11:57:00Z', nowMs, 'en')).toBe('3 minutes ago')
  expect(formatTimeAgo('2026-03-08T12:00:00Z', nowMs, 'zh')).toBe('7 天后')
  expect(formatTimeAgo('no time', nowMs, 'en')).toBe('–')
})

test('a version that is only bounded names its product', () => {
  expect(formatVersion('Kubernetes', 'v1.30.4')).toBe('v1.30.4')
  expect(formatVersion('Go', '>=1.26')).toBe('Go ≥ 1.26')
  expect(formatVersion('Go', 'go1.26.8')).toBe('Go 1.26.8')
  expect(formatVersion('Kubernetes', '1.30-1.31')).toBe('Kubernetes 1.30-1.31')
})

test('a program that only links client-go is not headed by a Kubernetes release', () => {
  expect(formatKubernetesVersion('kubelet', 'v1.24.17')).toBe('v1.24.17')
  expect(formatKubernetesVersion('kubelet', '>=1.33')).toBe('Kubernetes ≥ 1.33')
  expect(formatKubernetesVersion('my-operator', 'v1.24.17')).toBe('k8s.io libraries v0.24.17')
  expect(formatKubernetesVersion(null, '1.30-1.31')).toBe('k8s.io libraries 0.30-0.31')
  expect(formatKubernetesVersion(null, '>=1.33')).toBe('k8s.io libraries ≥ 0.33')
})
