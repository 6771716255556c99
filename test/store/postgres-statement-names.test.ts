import { expect, test } from 'vitest'
import { openStatementNames } from '../../store/database/postgres-dialect.ts'

test('a statement keeps its name, and another has another', () => {
  const nameOf = openStatementNames()
  const insert = 'insert into "blob" ("id", "kind") values ($1, $2)'
  const select = 'select "id" from "blob" where "id" = $1'
  expect([insert, select, insert].map(nameOf)).toEqual([
    { name: 'kubeprof_0' },
    { name: 'kubeprof_1' },
    { name: 'kubeprof_0' },
  ])
})

test.each([
  ['select * from "blob"'],
  ['select count(*) from "blob"'],
  ['select "id" from "blob" where "id" in ($1, $2)'],
  ['insert into "blob" ("id") values ($1), ($2), ($3)'],
  ['create table "blob" ("id" text)'],
  ['start transaction isolation level serializable'],
])('%s has no name', (text) => {
  expect(openStatementNames()(text)).toEqual({})
})

test('when a process runs many texts, the later ones have no name', () => {
  const nameOf = openStatementNames()
  const texts = Array.from({ length: 300 }, (_, row) => `select ${row} from "blob"`)
  expect(texts.map(nameOf).filter(({ name }) => name !== undefined).length).toBe(200)
  expect(nameOf(texts[0] ?? '')).toEqual({ name: 'kubeprof_0' })
})
