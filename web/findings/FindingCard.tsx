import { Button, UnstyledButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode, useId, useState } from 'react'
import type { Finding } from '../../api/index.ts'
import { formatCores, formatCount, formatShare } from '../../profile/index.ts'
import { ChevronIcon, FlameIcon } from '../ui/icons.tsx'
import { LevelMark } from '../ui/LevelMark.tsx'
import type { Texts } from '../texts/en.ts'
import { isLocalPage, isSharedPage } from '../paths.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { decidingMetric } from './deciding-metric.ts'
import { EvidenceList } from './EvidenceList.tsx'
import classes from './FindingCard.module.css'
import { NextSteps } from './NextSteps.tsx'
import { Sources } from './Sources.tsx'

interface FindingCardProps {
  readonly finding: Finding
  /** `brief` is the meaning and the first step; `closed` is one line. */
  readonly opensAs: 'whole' | 'brief' | 'closed'
  /** True where the views mark this finding's frames. */
  readonly isMarked: boolean
  readonly onMark: (finding: Finding) => void
}

/** One finding: level, amount and meaning; when open also the evidence and what to do. */
export function FindingCard(props: FindingCardProps) {
  const texts = useTexts()
  const { finding } = props
  const [shown, setShown] = useState(props.opensAs)
  const bodyId = useId()
  const isOpen = shown !== 'closed'
  return (
    <article className={classes['card']} data-level={finding.level} data-rule={finding.rule}>
      <h2 className={classes['head']}>
        <UnstyledButton
          className={classes['toggle'] ?? ''}
          aria-expanded={isOpen}
          aria-controls={bodyId}
          onClick={() => setShown(isOpen ? 'closed' : 'whole')}
        >
          <span className={classes['chevron']}>
            <ChevronIcon isDown={isOpen} />
          </span>
          <LevelMark level={finding.level} />
          <span className={classes['title']}>
            <UntrustedText text={finding.title} />
          </span>
          <ShareBar finding={finding} />
        </UnstyledButton>
      </h2>
      <div id={bodyId} hidden={!isOpen} className={classes['body']} data-shown={shown}>
        {isOpen && <Lead {...props} />}
        {shown === 'brief' && <FirstStep finding={finding} onMore={() => setShown('whole')} />}
        {shown === 'whole' && <FindingBody finding={finding} texts={texts} />}
      </div>
    </article>
  )
}

function Lead({ finding, isMarked, onMark }: FindingCardProps) {
  const texts = useTexts()
  return (
    <div className={classes['lead']}>
      <p className={classes['meaning']}>
        <UntrustedText text={finding.meaning} />
      </p>
      {finding.frames.length > 0 && (
        <Button
          size="compact-sm"
          variant={isMarked ? 'filled' : 'light'}
          leftSection={<FlameIcon size={14} />}
          onClick={() => onMark(finding)}
        >
          {isMarked ? texts.shownInFlame : texts.showInFlame}
        </Button>
      )}
    </div>
  )
}

interface FirstStepProps {
  readonly finding: Finding
  readonly onMore: () => void
}

function FirstStep({ finding, onMore }: FirstStepProps) {
  const texts = useTexts()
  const [first, ...others] = finding.remedy
  return (
    <p className={classes['first']}>
      {first !== undefined && (
        <span className={classes['step']}>
          <strong>{texts.remedy}</strong> <UntrustedText text={first} />{' '}
        </span>
      )}
      <Button size="compact-xs" variant="subtle" onClick={onMore}>
        {texts.findingMore(others.length, finding.next.length)}
      </Button>
    </p>
  )
}

function FindingBody({ finding, texts }: { readonly finding: Finding; readonly texts: Texts }) {
  return (
    <>
      <div className={classes['columns']}>
        <section>
          <h3 className={classes['heading']}>{texts.remedy}</h3>
          <ol className={classes['remedy']}>
            {finding.remedy.map((step) => (
              <li key={step}>
                <UntrustedText text={step} />
              </li>
            ))}
          </ol>
          {finding.next.length > 0 && (
            <>
              <h3 className={classes['heading']}>{texts.next}</h3>
              <NextSteps steps={finding.next} />
            </>
          )}
        </section>
        <section>
          <h3 className={classes['heading']}>{texts.evidence}</h3>
          <EvidenceList evidence={finding.evidence} unit={finding.unit} />
        </section>
      </div>
      {finding.also.length > 0 && (
        <p className={classes['also']}>
          <span className="muted">{texts.alsoTitle}: </span>
          {finding.also.map(({ rule, group, profile, title, share }, row) => (
            <Fragment key={`${rule} ${group ?? ''} ${profile}`}>
              {row > 0 && ' · '}
              <RuleLink rule={rule}>
                <UntrustedText text={title} />
              </RuleLink>{' '}
              ({formatShare(share)})
            </Fragment>
          ))}
        </p>
      )}
      <footer className={classes['footer']}>
        <span className={classes['rule']}>
          {texts.rule}{' '}
          <RuleLink rule={finding.rule}>
            <code className="mono">{finding.rule}</code>
          </RuleLink>
        </span>
        <Sources sources={finding.sources} />
      </footer>
    </>
  )
}

/** The page of a rule. The page of a link has readers who may not open the pages of rules. */
function RuleLink(props: { readonly rule: string; readonly children: ReactNode }) {
  const { pathname } = location
  if (isSharedPage(pathname)) return props.children
  return (
    <Link
      to="/rules/$id"
      params={{ id: props.rule }}
      preload={isLocalPage(pathname) ? false : 'intent'}
    >
      {props.children}
    </Link>
  )
}

/**
 * The amount: a share of time or memory, but a number of goroutines, because a few waiting ones can
 * matter; what the metrics say where they decided.
 */
function ShareBar(props: { readonly finding: Finding }) {
  const texts = useTexts()
  const { share, shareLow, cores, profile, count } = props.finding
  const percent = Math.min(Math.max(share, 0), 1) * 100
  const isCounted = profile === 'goroutine'
  const metric = decidingMetric(props.finding)
  if (metric !== null) {
    return (
      <span className={classes['share']} title={metric}>
        <span className={`numbers ${classes['metric']}`}>
          <UntrustedText text={metric} />
        </span>
      </span>
    )
  }
  return (
    <span className={classes['share']} title={texts.atLeast(formatShare(shareLow))}>
      {!isCounted && (
        <span className={classes['bar']} aria-hidden="true">
          <span className={classes['fill']} style={{ width: `${percent}%` }} />
        </span>
      )}
      <span className={`numbers ${classes['number']}`}>
        {isCounted ? texts.goroutines(formatCount(count)) : formatShare(share)}
      </span>
      <span className={`numbers ${classes['of']}`}>
        {isCounted ? formatShare(share) : ofWhat(profile, texts)}
        {cores !== null && ` · ${texts.cores(formatCores(cores))}`}
      </span>
    </span>
  )
}

function ofWhat(profile: Finding['profile'], texts: Texts): string {
  if (profile === 'cpu') return texts.ofCpu
  if (profile === 'heap' || profile === 'allocs') return texts.ofHeap
  return profile === 'block' || profile === 'mutex' ? texts.ofWaiting : texts.ofTotal
}
