import { expect, test } from 'vitest'
import { shortFuncName } from '../../../web/untrusted/short-func-name.ts'
import { visibleText } from '../../../web/untrusted/visible-text.ts'

test('characters that reorder or hide text are named', () => {
  expect(visibleText('a\u202Eb\u200Bc\nd')).toBe('a[U+202E]b[U+200B]c[U+000A]d')
  expect(visibleText('读取 (*store).GetList é')).toBe('读取 (*store).GetList é')
})

test.each([
  ['k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList', 'etcd3.(*store).GetList'],
  ['runtime.mallocgc', 'runtime.mallocgc'],
  ['a/b.Map[c/d.Key]', 'b.Map[c/d.Key]'],
  ['', ''],
])('%s is %s in short', (name, short) => {
  expect(shortFuncName(name)).toBe(short)
})
