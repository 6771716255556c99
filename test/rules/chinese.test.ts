import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allRules } from '../../diagnosis/index.ts'
import { loadRules } from '../../judge/load-rules.ts'

const { ruleSet } = await loadRules()
const HAN = /[\u4E00-\u9FFF]/
/** Code, and what a log says. */
const QUOTED = /`[^`]*`|“[^”]*”|"[^"]*"|\{[^}]*\}/g

describe.each(allRules(ruleSet))('$id', ({ texts }) => {
  const all = textsIn(texts)

  test('says in Chinese what it says in English', () => {
    expect(all.filter(({ en, zh }) => isProse(en) && !HAN.test(zh))).toEqual([])
    const left = all.flatMap(({ en, zh }) =>
      // What a program logs is in both.
      [...zh.replaceAll(QUOTED, '·').matchAll(/[A-Za-z]+(?: [a-z]{2,}){3,}/g)].filter(
        ([words]) => !en.includes(words),
      ),
    )
    expect(left.map(([words]) => words)).toEqual([])
  })

  test('has no blanks between Chinese, nor before its signs', () => {
    const blank = /[\u4E00-\u9FFF，。；：、（）] [\u4E00-\u9FFF，。；：、（）]|\S [，。；：、）]/
    expect(all.filter(({ zh }) => blank.test(zh))).toEqual([])
    expect(all.filter(({ zh }) => /[\u4E00-\u9FFF][,;?!](?: |[\u4E00-\u9FFF]|$)/.test(zh))).toEqual(
      [],
    )
  })
})

test('every case of a rule has a Chinese name, and no name is left over', () => {
  const file = new URL('../../web/texts/zh/rule-cases.json', import.meta.url)
  const chinese = Object.keys(JSON.parse(readFileSync(file, 'utf8')))
  const cases = allRules(ruleSet).flatMap(({ texts }) => texts.cases.map(({ name }) => name))
  expect(chinese.toSorted()).toEqual([...new Set(cases)].toSorted())
})

interface Text {
  readonly en: string
  readonly zh: string
}

/** Names and commands are the same in both. */
function isProse(english: string): boolean {
  return /[a-z]+ [a-z]+ [a-z]+/.test(english.replaceAll(QUOTED, '·'))
}

function textsIn(value: unknown): readonly Text[] {
  if (typeof value !== 'object' || value === null) return []
  if ('en' in value && 'zh' in value && typeof value.en === 'string') {
    return [{ en: value.en, zh: String(value.zh) }]
  }
  return Object.values(value).flatMap(textsIn)
}
