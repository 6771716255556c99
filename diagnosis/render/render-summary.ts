import type { Coverage, Gap } from '../judge/verdict/coverage.ts'
import type { Language, ReportSummary } from '../../api/index.ts'
import { formatCount } from '../../profile/index.ts'

/** What may be concluded where no rule found anything: what was looked for, what was not, and why. */
export function renderSummary(coverages: readonly Coverage[], language: Language): ReportSummary {
  const phrases = PHRASES[language]
  const judged = coverages.filter(({ gap }) => gap === null)
  const isClear = judged.some(
    ({ ownRules, clientRules, prepared }) => isKnown(prepared) && ownRules + clientRules > 0,
  )
  const lines = [
    isClear ? phrases.clear(typesOf(judged)) : phrases.unclear,
    ...judged.map((coverage) => lookedFor(coverage, language)),
    ...coverages.flatMap(({ gap, prepared }) =>
      gap === null ? [] : phrases.gap(prepared.subject.type, phrases.gaps[gap]),
    ),
  ]
  return { isClear, text: [...new Set(lines)].join(phrases.between) }
}

function isKnown({ subject }: Coverage['prepared']): boolean {
  return subject.component !== null
}

function typesOf(coverages: readonly Coverage[]): string {
  return [...new Set(coverages.map(({ prepared }) => prepared.subject.type))].join(', ')
}

function lookedFor(
  { prepared, ownRules, clientRules, generalRules }: Coverage,
  language: Language,
): string {
  const { type, component } = prepared.subject
  const { unknown, noOwn, rules, own, clients } = PHRASES[language].looked
  if (component === null) return unknown(type, formatCount(ownRules + clientRules + generalRules))
  if (ownRules + clientRules === 0) return noOwn(type, component, formatCount(generalRules))
  const special = [
    ...(ownRules === 0 ? [] : [own(formatCount(ownRules), component)]),
    ...(clientRules === 0 ? [] : [clients(formatCount(clientRules))]),
  ]
  return rules(type, special, formatCount(generalRules))
}

interface SummaryPhrases {
  readonly clear: (types: string) => string
  readonly unclear: string
  readonly looked: {
    readonly rules: (type: string, special: readonly string[], general: string) => string
    readonly own: (rules: string, component: string) => string
    readonly clients: (rules: string) => string
    readonly noOwn: (type: string, component: string, general: string) => string
    readonly unknown: (type: string, rules: string) => string
  }
  readonly gap: (type: string, reason: string) => string
  readonly gaps: Readonly<Record<Gap, string>>
  readonly between: string
}

const PHRASES: Readonly<Record<Language, SummaryPhrases>> = {
  en: {
    clear: (types) => `Nothing stands out in ${types}.`,
    unclear: 'No finding, but this is not an all-clear.',
    looked: {
      rules: (type, special, general) =>
        `${type}: ${special.join(', ')} and ${general} for any Go program looked at it.`,
      own: (rules, component) => `${rules} rules for ${component}`,
      clients: (rules) => `${rules} rules for clients of Kubernetes`,
      noOwn: (type, component, general) =>
        `${type}: ${general} rules for any Go program looked at it; none that read it are for ${component}.`,
      unknown: (type, rules) =>
        `${type}: all ${rules} rules looked at it, but the component is unknown.`,
    },
    gap: (type, reason) => `${type} was not judged: ${reason}.`,
    gaps: {
      no_samples: 'it has no samples',
      too_few_samples: 'it has too few samples',
      no_symbols: 'it has no function names',
      no_rules: 'no rule reads it',
      partial_stacks: 'it is a printed report without whole stacks',
      since_start: 'alone it counts since the process started, and does not show what goes on now',
    },
    between: ' ',
  },
  zh: {
    clear: (types) => `${types} 中未发现异常。`,
    unclear: '没有发现问题，但不能据此认为一切正常。',
    looked: {
      rules: (type, special, general) =>
        `${type}：${special.join('、')}和 ${general} 条通用规则检查了它。`,
      own: (rules, component) => `${rules} 条针对 ${component} 的规则`,
      clients: (rules) => `${rules} 条针对 Kubernetes 客户端的规则`,
      noOwn: (type, component, general) =>
        `${type}：${general} 条适用于任何 Go 程序的规则检查了它，其中没有针对 ${component} 的规则。`,
      unknown: (type, rules) => `${type}：全部 ${rules} 条规则检查了它，但组件未知。`,
    },
    gap: (type, reason) => `${type} 未能判断：${reason}。`,
    gaps: {
      no_samples: '没有样本',
      too_few_samples: '样本太少',
      no_symbols: '没有函数名',
      no_rules: '没有规则读取它',
      partial_stacks: '它是打印出的报告，没有完整的调用栈',
      since_start: '单独一份自进程启动起累计，不能说明当前情况',
    },
    between: '',
  },
}
