import { Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { RuleSummary } from '../../api/index.ts'
import { findingFacetsQuery } from '../requests/finding-queries.ts'
import { rulesQuery } from '../requests/rule-queries.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useLanguage } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { levelText } from '../ui/LevelMark.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import classes from './RulesPage.module.css'
import rows from '../lists/Rows.module.css'

/** All rules, by component. */
export function RulesPage() {
  const { texts, language } = useLanguage()
  usePageTitle(texts.rulesTitle)
  const { data, error, refetch } = useQuery(rulesQuery())
  const openCounts = useOpenCounts()
  const { q = '' } = useSearch({ from: '/rules' })
  const navigate = useNavigate()
  // The address follows the typing; it is read once, where Back leads here.
  const [filter, setFilter] = useState(q)
  const change = (text: string) => {
    setFilter(text)
    const search = text === '' ? {} : { q: text }
    void navigate({ to: '/rules', search, replace: true, resetScroll: false })
  }
  const wanted = filter.trim().toLowerCase()
  const rules = (data?.items ?? []).filter(({ id, title }) =>
    `${id} ${title[language]}`.toLowerCase().includes(wanted),
  )
  const families = [...Map.groupBy(rules, ({ id }) => id.slice(0, id.indexOf('.')))]
  return (
    <div className={`page ${classes['page']}`}>
      <header className={classes['header']}>
        <div>
          <h1 className="page-title">{texts.rulesTitle}</h1>
          <p className="muted">{texts.rulesLead}</p>
        </div>
        <TextInput
          value={filter}
          placeholder={texts.rulesFilter}
          aria-label={texts.rulesFilter}
          onChange={(event) => change(event.currentTarget.value)}
        />
      </header>
      {data === undefined && error === null && <Skeleton height={320} radius="md" />}
      {error !== null && (
        <RequestFailure title={texts.rulesFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && rules.length === 0 && <p className="muted">{texts.rulesNone}</p>}
      {families.map(([family, members]) => (
        <section key={family} className={classes['family']}>
          <h2 className={classes['heading']}>
            <UntrustedText text={texts.rulesFamily[family] ?? family} />{' '}
            <span className="numbers">({members.length})</span>
          </h2>
          <ul className={`card ${rows['list']}`}>
            {members.map((rule) => (
              <RuleRow key={rule.id} rule={rule} openCount={openCounts.get(rule.id) ?? 0} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

/** How many findings of each rule wait for someone. */
function useOpenCounts(): ReadonlyMap<string | null, number> {
  const { data } = useQuery(findingFacetsQuery({ state: ['open'] }))
  return useMemo(
    () => new Map(data?.rule.map(({ value, count }) => [value, count] as const)),
    [data],
  )
}

interface RuleRowProps {
  readonly rule: RuleSummary
  readonly openCount: number
}

function RuleRow({ rule, openCount }: RuleRowProps) {
  const { texts, language } = useLanguage()
  return (
    <li>
      <Link to="/rules/$id" params={{ id: rule.id }} className={`${rows['row']} ${classes['row']}`}>
        <span className={classes['title']}>
          <UntrustedText text={rule.title[language]} />
          {openCount > 0 && <span className={classes['open']}>{texts.ruleOpen(openCount)}</span>}
          {rule.isOwn && <span className={classes['own']}>{texts.ruleOwn}</span>}
        </span>
        <code className={classes['id']}>
          <UntrustedText text={rule.id} />
        </code>
        <span className={classes['reads']}>
          {texts.ruleUpTo(levelText(rule.worstLevel, texts))}
        </span>
        <span className={classes['reads']}>{rule.reads.map(texts.ruleReads).join(', ')}</span>
      </Link>
    </li>
  )
}
