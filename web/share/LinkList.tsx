import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type LinkExposure, type LinkSummary, showsReport } from '../../api/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { LINKS_KEY, revokeLink } from '../requests/link-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { parseQueryString } from '../view-state/search-params.ts'
import classes from './LinkList.module.css'

/** Links with what they show, until when, and how often they were opened. */
export function LinkList({ links }: { readonly links: readonly LinkSummary[] }) {
  const texts = useTexts()
  const canOperate = useCanOperate()
  const queryClient = useQueryClient()
  const [openedAtMs] = useState(() => Date.now())
  const revocation = useMutation({
    mutationFn: revokeLink,
    onSettled: () => queryClient.invalidateQueries({ queryKey: LINKS_KEY }),
  })
  return (
    <>
      {revocation.error !== null && (
        <RequestFailure title={texts.actionFailed} error={revocation.error} />
      )}
      <ul className={classes['links']}>
        {links.map((link) => {
          const isEnded = link.revokedAt !== null || Date.parse(link.expiresAt) <= openedAtMs
          return (
            <li key={link.id} className={classes['link']} data-ended={isEnded}>
              <div>
                <p className={classes['name']}>
                  <UntrustedText text={link.name ?? texts.shareNoName} />
                </p>
                <p className="muted" title={exposes(link.exposure, texts).join('\n')}>
                  <Subject link={link} />
                </p>
              </div>
              <p className={`numbers ${classes['facts']}`}>
                <span>
                  {texts.shareMade} <TimeAgo time={link.createdAt} />
                  {link.createdBy !== null && (
                    <>
                      {' '}
                      <UntrustedText text={texts.findingBy(link.createdBy)} />
                    </>
                  )}
                </span>
                <span>{texts.shareViews(link.viewCount)}</span>
                <span>
                  {link.revokedAt !== null && texts.shareRevoked}
                  {link.revokedAt === null && isEnded && texts.shareEnded}
                  {!isEnded && (
                    <>
                      {texts.linkEnds} <TimeAgo time={link.expiresAt} />
                    </>
                  )}
                </span>
              </p>
              {!isEnded && canOperate && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="red"
                  onClick={() => revocation.mutate(link.id)}
                >
                  {texts.shareRevoke}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}

/** What the link shows, as its maker sees it. */
function Subject({ link }: { readonly link: LinkSummary }) {
  const texts = useTexts()
  const { profileId, captureId, beforeId, view } = link
  if (captureId !== null) {
    return (
      <Link to="/captures/$id" params={{ id: captureId }}>
        {texts.shareKinds.capture}
      </Link>
    )
  }
  if (beforeId !== null) {
    return (
      <Link to="/compare" search={{ a: beforeId, b: profileId }}>
        {texts.shareKinds.comparison}
      </Link>
    )
  }
  return (
    <Link to="/profiles/$id" params={{ id: profileId }} search={parseQueryString(view)}>
      {texts.shareKinds.profile}
    </Link>
  )
}

/** What the holder of a link sees, in sentences. */
function exposes(exposure: LinkExposure, { shareExposes: says }: Texts): readonly string[] {
  const { scope, labels, source } = exposure
  return [
    says.scope[scope],
    says.labels[labels],
    source ? says.source : says.noSource,
    says.facts,
    showsReport(exposure) ? says.report : says.noReport,
    says.noRaw,
  ]
}
