import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import type { RuleReply } from '../../api/index.ts'
import { RULE_SECTIONS, type RuleSection } from '../../api/rule-sections.ts'
import { NextSteps } from '../findings/NextSteps.tsx'
import { Sources } from '../findings/Sources.tsx'
import { ruleQuery } from '../requests/rule-queries.ts'
import { LevelMark } from '../ui/LevelMark.tsx'
import { PageFailure } from '../ui/PageFailure.tsx'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import classes from './RulePage.module.css'

/** What one rule means, how to confirm it and what to change. */
export function RulePage() {
  const { id } = useParams({ from: '/rules/$id' })
  const texts = useTexts()
  const { data, error, refetch } = useQuery(ruleQuery(id))
  if (error !== null && data === undefined) {
    return (
      <PageFailure
        error={error}
        unknown={{ title: texts.ruleUnknown }}
        failed={texts.ruleFailed}
        onRetry={() => void refetch()}
      >
        <Link to="/rules">{texts.ruleAll}</Link>
      </PageFailure>
    )
  }
  return (
    <div className={`page ${classes['page']}`}>
      <p className={classes['up']}>
        <Link to="/rules">{texts.ruleAll}</Link>
      </p>
      {data === undefined ? <Skeleton height={320} radius="md" /> : <RuleBody rule={data} />}
    </div>
  )
}

function RuleBody({ rule }: { readonly rule: RuleReply }) {
  const { texts, language } = useLanguage()
  usePageTitle(rule.title[language])
  const sections = sectionsOf(rule, { texts, language })
  return (
    <article className={classes['body']}>
      <header>
        <h1 className="page-title">
          <UntrustedText text={rule.title[language]} />
        </h1>
        <RuleScope rule={rule} />
      </header>
      {RULE_SECTIONS.map((name) => (
        <Fragment key={name}>{sections[name]}</Fragment>
      ))}
      <RuleCases cases={rule.cases} />
      <details>
        <summary>{texts.ruleFile}</summary>
        <pre className={classes['code']}>
          <UntrustedText text={rule.file} />
        </pre>
      </details>
    </article>
  )
}

type Shown = ReturnType<typeof useLanguage>

/** What the page has in each section; nothing where the rule has nothing for it. */
function sectionsOf(
  rule: RuleReply,
  { texts, language }: Pick<Shown, 'texts' | 'language'>,
): Readonly<Record<RuleSection, ReactNode>> {
  return {
    meaning: (
      <div>
        <p className={classes['meaning']}>
          <UntrustedText text={rule.meaning[language]} />
        </p>
        {hasBlanks(rule) && <p className={`muted ${classes['blanks']}`}>{texts.ruleAmounts}</p>}
      </div>
    ),
    remarks: rule.remarks.length > 0 && (
      <Section heading={texts.ruleRemarks}>
        <ul className={classes['steps']}>
          <Steps texts={rule.remarks} />
        </ul>
      </Section>
    ),
    remedy: (
      <Section heading={texts.ruleRemedy}>
        <ol className={classes['steps']}>
          <Steps texts={rule.remedy} />
        </ol>
      </Section>
    ),
    next: (
      <Section heading={texts.ruleNext}>
        <NextSteps
          steps={rule.next.map(({ what, kind, text }) => ({ what: what[language], [kind]: text }))}
        />
      </Section>
    ),
    levels: (
      <Section heading={texts.ruleLevels}>
        <RuleLevels rule={rule} />
        <RuleNumbers rule={rule} />
      </Section>
    ),
    sources: <Sources sources={rule.sources} />,
  }
}

function Steps({ texts }: { readonly texts: RuleReply['remedy'] }) {
  const { language } = useLanguage()
  return texts.map((step) => (
    <li key={step.en}>
      <UntrustedText text={step[language]} />
    </li>
  ))
}

/** Whether its advice has places for what a profile shows. */
function hasBlanks({ meaning, remedy, remarks }: RuleReply): boolean {
  return [meaning, ...remedy, ...remarks].some(({ en }) => /\bN\b|…/.test(en))
}

function Section(props: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <section>
      <h2 className={classes['heading']}>{props.heading}</h2>
      {props.children}
    </section>
  )
}

function RuleScope({ rule }: { readonly rule: RuleReply }) {
  const texts = useTexts()
  const { id, components, versions, goVersions, reads, isOwn } = rule
  const parts = [
    ...(components.length === 0 ? [] : [`${texts.ruleScope} ${components.join(', ')}`]),
    ...(versions === null ? [] : [texts.ruleVersions(versions)]),
    ...(goVersions === null ? [] : [texts.ruleGoVersions(goVersions)]),
    reads.map(texts.ruleReads).join(', '),
    ...(isOwn ? [texts.ruleOwn] : []),
  ]
  return (
    <p className={classes['scope']}>
      <code>
        <UntrustedText text={id} />
      </code>
      <span>
        <UntrustedText text={parts.join(' · ')} />
      </span>
    </p>
  )
}

function RuleLevels({ rule }: { readonly rule: RuleReply }) {
  const hasSeveral = new Set(rule.levels.map(({ reads }) => reads)).size > 1
  return (
    <ul className={classes['levels']}>
      {rule.levels.map(({ reads, level, condition }) => (
        <li key={`${reads} ${level} ${condition}`}>
          <LevelMark level={level} />
          <code>
            <UntrustedText text={hasSeveral ? `${reads}: ${condition}` : condition} />
          </code>
        </li>
      ))}
    </ul>
  )
}

/** What the numbers in its conditions are. */
function RuleNumbers({ rule }: { readonly rule: RuleReply }) {
  const texts = useTexts()
  const used = new Set(rule.levels.flatMap(({ condition }) => condition.match(/[a-z]+/gi) ?? []))
  const numbers = Object.entries(texts.ruleNumbers).filter(([name]) => used.has(name))
  if (numbers.length === 0) return null
  return (
    <dl className={classes['numbers']}>
      {numbers.map(([name, text]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}

function RuleCases({ cases }: Pick<RuleReply, 'cases'>) {
  const texts = useTexts()
  if (cases.length === 0) return null
  return (
    <details>
      <summary>{texts.ruleCases}</summary>
      {cases.map(({ name, fires, profiles }) => (
        <div key={name} className={classes['case']}>
          <p>
            <strong>{fires === null ? texts.ruleCaseSilent : texts.ruleCaseFires}</strong>
            <CaseName name={name} />
          </p>
          {profiles.map(({ reads, stacks }) => (
            <pre key={reads + stacks} className={classes['code']}>
              <UntrustedText text={stacks} />
            </pre>
          ))}
        </div>
      ))}
    </details>
  )
}

/** What a case is of. One that came without its Chinese is told by its stacks alone. */
function CaseName({ name }: { readonly name: string }) {
  const { language } = useLanguage()
  const { data: chinese } = useQuery({
    queryKey: ['rule-cases', 'zh'],
    queryFn: async () => (await import('../texts/zh/rule-cases.json')).default,
    enabled: language === 'zh',
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (language === 'en') return `: ${name}`
  const known = new Map(Object.entries(chinese ?? {})).get(name)
  return known === undefined ? null : `：${known}`
}
