/** The order in which a rule is explained, on its page, by `kubeprof rules explain` and in docs/rules; each has what it shows. */
export const RULE_SECTIONS = ['meaning', 'remarks', 'remedy', 'next', 'levels', 'sources'] as const
export type RuleSection = (typeof RULE_SECTIONS)[number]
