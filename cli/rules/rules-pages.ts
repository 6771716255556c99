import { relative } from 'node:path'
import { RULE_SECTIONS, type RuleSection } from '../../api/rule-sections.ts'
import {
  allRules,
  type CombinedRule,
  plainAdvice,
  plainText,
  plainNext,
  readsOf,
  type Rule,
  type RuleDocument,
  type RuleHead,
  type RuleSet,
  type RuleSources,
} from '../../diagnosis/index.ts'
import { BUILT_IN_RULES, pageOfRule } from '../../judge/index.ts'

/** What a rule finds in a capture of a real process. */
export interface RealExample {
  readonly process: string
  /** What was done to the process. */
  readonly scenario: string
  readonly level: string
  readonly title: string
  /** The rule whose finding includes it as the same cause; `null` where it is a separate finding. */
  readonly foldedInto: string | null
  readonly numbers: string
  /** The hottest stack, root first; empty when the finding has none. */
  readonly stack: readonly string[]
  /** How many of its first frames were inferred, where Go had truncated it. */
  readonly inferredCount: number
}

/** `docs/rules/`: a page per rule and an index, by file name. Made from the rules by `npm run docs:rules`. */
export function rulesPages(
  ruleSet: RuleSet,
  sources: RuleSources,
  examples: ReadonlyMap<string, RealExample>,
): ReadonlyMap<string, string> {
  const documents = new Map(sources.rules.map((rule) => [rule.file, rule]))
  const pages = allRules(ruleSet).map((rule): [string, string] => [
    `${pageOfRule(rule.id)}.md`,
    rulePage(rule, documents.get(rule.file), examples.get(rule.id) ?? null),
  ])
  return new Map([...pages, ['README.md', indexPage(ruleSet)]])
}

/** The text of a rule's page in one language, without patterns and examples. */
export function explainRule(rule: Rule | CombinedRule, language: 'en' | 'zh'): string {
  const [, ...lines] = languageLines(rule, language)
  const sources = rule.texts.sources.map((source) => `- <${source}>`)
  return [`# ${rule.id}`, ...lines, `### ${HEADINGS[language].sources}`, '', ...sources, ''].join(
    '\n',
  )
}

const MADE = 'Made from `rules/` by `npm run docs:rules`; edit the rule.'

function indexPage(ruleSet: RuleSet): string {
  const rules = allRules(ruleSet)
  const families = Map.groupBy(rules, ({ id }) => id.slice(0, id.indexOf('.')))
  return [
    '# Rules',
    '',
    `What kubeprof looks for: ${rules.length} rules, each a file in [\`rules/\`](../../rules). ${MADE}`,
    'How to write one, and the language of patterns: [language.md](language.md). How good they are on real captures:',
    '[diagnosis-report.md](../diagnosis-report.md).',
    '',
    ...[...families].flatMap(([family, members]) => [
      `## ${family}`,
      '',
      '| rule | reads | finds |',
      '|---|---|---|',
      ...members.map((rule) => {
        const { id, texts } = rule
        return `| [${id}](${pageOfRule(id)}.md) | ${readsOf(rule).join(', ')} | ${plainText(texts.title).en} |`
      }),
      '',
    ]),
  ].join('\n')
}

function rulePage(
  rule: Rule | CombinedRule,
  document: RuleDocument | undefined,
  example: RealExample | null,
): string {
  const { id, texts } = rule
  const { sources } = texts
  const path = relative(BUILT_IN_RULES, rule.file)
  return [
    `# ${id}`,
    '',
    `[English](#english) · [中文](#中文) · [\`rules/${path}\`](../../../rules/${path}) · ${MADE}`,
    '',
    ...scopeLines(rule, document),
    ...conditionLines(document),
    ...languageLines(rule, 'en'),
    ...languageLines(rule, 'zh'),
    '## Sources',
    '',
    ...sources.map((source) => `- <${source}>`),
    '',
    ...(example === null ? [] : realExampleLines(example)),
    ...exampleLines(rule),
  ].join('\n')
}

/** Components, versions and profiles. */
function scopeLines(rule: Rule | CombinedRule, document: RuleDocument | undefined) {
  const { versions, goVersions } = pick(document?.document, ['versions', 'goVersions'])
  const scope = [
    ...('components' in rule ? [`Applies to: ${code(rule.components)}`] : []),
    ...(typeof versions === 'string' ? [`Kubernetes: \`${versions}\``] : []),
    ...(typeof goVersions === 'string' ? [`Go: \`${goVersions}\``] : []),
    'parts' in rule ? 'Reads: what other rules found' : `Reads: ${code(readsOf(rule))}`,
  ]
  return [scope.join(' · '), '']
}

/** The filters of an HTTP request alone are some forty frames. */
const EXAMPLE_FRAMES_MAX = 16

function realExampleLines(example: RealExample): readonly string[] {
  const { process, scenario, level, title, foldedInto, numbers, stack, inferredCount } = example
  const cutCount = Math.max(0, stack.length - EXAMPLE_FRAMES_MAX)
  const inferred = inferredCount > cutCount ? ' (`~`: inferred, Go had cut the stack there)' : ''
  return [
    '## A real one',
    '',
    `${process}. ${scenario}`,
    '',
    `**${level}: ${title}**${numbers === '' ? '' : ` (${numbers})`}`,
    '',
    ...(foldedInto === null
      ? []
      : [`Reported as the same cause as [${foldedInto}](../${pageOfRule(foldedInto)}.md).`, '']),
    ...(stack.length === 0
      ? []
      : [
          `The stack most of it is on, root first${inferred}:`,
          '',
          '```',
          ...(cutCount > 0 ? [`... ${cutCount} more`] : []),
          ...stack.map((name, row) => (row < inferredCount ? `~ ${name}` : name)).slice(cutCount),
          '```',
          '',
        ]),
  ]
}

const HEADINGS = {
  en: {
    language: 'English',
    meaning: 'What it means',
    remarks: 'What to bear in mind',
    remedy: 'What to change',
    next: 'How to confirm it, and where to look next',
    sources: 'Sources',
  },
  zh: {
    language: '中文',
    meaning: '含义',
    remarks: '注意',
    remedy: '如何处理',
    next: '如何确认与进一步查看',
    sources: '来源',
  },
} as const

function languageLines(rule: Rule | CombinedRule, language: 'en' | 'zh'): readonly string[] {
  const headings = HEADINGS[language]
  const { title, meaning, remarks, remedy, next } = rule.texts
  const sections: Readonly<Record<RuleSection, readonly string[]>> = {
    meaning: [plainText(meaning)[language], ''],
    remarks: listed(remarks.map((remark) => `- ${plainAdvice(remark, rule)[language]}`)),
    remedy: listed(remedy.map((step, row) => `${row + 1}. ${plainAdvice(step, rule)[language]}`)),
    next: next.flatMap(({ when, what, command, metric, log }) => [
      `- ${plainAdvice({ when, text: what }, rule)[language]}${language === 'en' ? ':' : '：'}`,
      '',
      '  ```',
      ...plainNext(rule, command ?? metric ?? log ?? '')
        .split('\n')
        .map((line) => `  ${line}`),
      '  ```',
      '',
    ]),
    // Once for both languages.
    levels: [],
    sources: [],
  }
  return [
    `## ${headings.language}`,
    '',
    `**${plainText(title)[language]}**`,
    '',
    ...RULE_SECTIONS.flatMap((name) =>
      name === 'levels' || name === 'sources' || (name === 'remarks' && remarks.length === 0)
        ? []
        : [`### ${headings[name]}`, '', ...sections[name]],
    ),
  ]
}

function listed(lines: readonly string[]): readonly string[] {
  return [...lines, '']
}

/** The levels and patterns as written in the rule's file. */
function conditionLines(document: RuleDocument | undefined): readonly string[] {
  const parts = pick(document?.document, ['levels', 'where', 'measures', 'by', 'also', 'combine'])
  return [
    '<details><summary>When it fires</summary>',
    '',
    '```json',
    JSON.stringify(parts, null, 2),
    '```',
    '',
    '</details>',
    '',
  ]
}

function pick(value: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)))
}

function exampleLines({ texts }: RuleHead): readonly string[] {
  const example = texts.cases.find(({ fires }) => fires !== null)
  if (example === undefined) return []
  return [
    '## A small one',
    '',
    `${example.name}: ${example.fires}. Each line is a stack, root first, with its samples.`,
    '',
    ...example.profiles.flatMap(({ reads, component, stacks }) => [
      ...(example.profiles.length > 1 ? [`${[component, reads].join(' ').trim()}:`, ''] : []),
      '```',
      ...stacks.trim().split('\n'),
      '```',
      '',
    ]),
  ]
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}
