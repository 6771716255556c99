import { FILTER_CHAIN_PATTERN } from '../../profile/index.ts'
import type { Texts } from '../texts/en.ts'
import type { FilterStep } from '../view-state/filters.ts'

/** A filter that fits the components of Kubernetes, offered where it matches something. */
export interface Preset {
  readonly id: 'hideChain' | 'onlyHandlers' | 'hideRuntime'
  readonly title: (texts: Texts) => string
  readonly step: FilterStep
}

export const PRESETS: readonly Preset[] = [
  {
    id: 'hideChain',
    title: (texts) => texts.presetHideChain,
    step: { kind: 'h', pattern: FILTER_CHAIN_PATTERN },
  },
  {
    id: 'onlyHandlers',
    title: (texts) => texts.presetOnlyHandlers,
    step: { kind: 'sf', pattern: String.raw`k8s\.io/apiserver/pkg/endpoints/handlers\.` },
  },
  {
    id: 'hideRuntime',
    title: (texts) => texts.presetHideRuntime,
    step: {
      kind: 'h',
      pattern: String.raw`^(runtime|internal/runtime/[a-z]+)\.|^[a-zA-Z0-9]+(body|Barrier\d?)$`,
    },
  },
]

/** The name of a filter that is a preset; its pattern would be too long to read. */
export function presetOf(step: FilterStep): Preset | null {
  return (
    PRESETS.find(({ step: { kind, pattern } }) => {
      return kind === step.kind && pattern === step.pattern
    }) ?? null
  )
}

/** The presets that match one of the functions. */
export function matchingPresets(names: Iterable<string>): readonly Preset[] {
  const all = [...names]
  return PRESETS.filter(({ step }) => {
    const pattern = new RegExp(step.pattern)
    return all.some((name) => pattern.test(name))
  })
}
