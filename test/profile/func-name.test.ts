import { expect, test } from 'vitest'
import {
  cutCppArguments,
  shortenFuncName,
  simplifyFuncName,
  trimFilePath,
} from '../../profile/index.ts'
import { hasVectors, readVectors } from './read-vectors.ts'

test.each([
  ['std::vector<int>::push_back(int)', 'std::vector::push_back'],
  ['main.(*T[...]).Method', 'main.(*T[...]).Method'],
  ['main.Foo[go.shape.func(int)]', 'main.Foo[go.shape.func]'],
  ['java.util.ArrayList.<init>', 'java.util.ArrayList.<init>'],
  ['a)b::c', 'a)b::c'],
])('%s is shown as %s', (name, shown) => {
  expect(cutCppArguments(name)).toBe(shown)
})

test.each([
  ['k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList', 'etcd3.(*store).GetList'],
  ['go.etcd.io/etcd/server/v3/mvcc.(*store).Range', 'mvcc.(*store).Range'],
  ['runtime.mallocgc', 'runtime.mallocgc'],
])('%s is short for %s', (name, short) => {
  expect(shortenFuncName(name)).toBe(short)
})

test.skipIf(!hasVectors)('names are what pprof makes of them', () => {
  expect(wrong('shorten_function_name.json', shortenFuncName)).toEqual([])
  expect(wrong('simplify_func.json', simplifyFuncName)).toEqual([])
  const shown = wrong('default_demangle.json', cutCppArguments)
  expect(shown.filter(({ In }) => !/^_{0,2}[ZR]/.test(In))).toEqual([])
})

test.skipIf(!hasVectors)('paths are trimmed as pprof trims them', () => {
  const wrong = readVectors('own/trim_path.json').filter(
    ({ Path, TrimPath, SearchPath, Out }) =>
      trimFilePath(Path, { trimPath: TrimPath, sourcePath: SearchPath }) !== Out,
  )
  expect(wrong).toEqual([])
})

function wrong(file: string, make: (name: string) => string) {
  return ['own', 'upstream-names'].flatMap((folder) =>
    readVectors(`${folder}/${file}`).filter(({ In, Out }) => make(In) !== Out),
  )
}
