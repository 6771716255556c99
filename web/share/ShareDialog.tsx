import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { createLink, linksQuery, revokeLink } from '../requests/link-queries.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ExposureFields, WHOLE_DRAFT } from './ExposureFields.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { formatQueryString } from '../view-state/search-params.ts'
import { formatViewState, type ViewState } from '../view-state/view-state.ts'
import classes from './ShareDialog.module.css'

interface ShareDialogProps {
  readonly profileId: string
  /** What the link will show. */
  readonly state: ViewState
  readonly onClose: () => void
}

const DAY_SECONDS = 86_400
const EXPIRY_DAYS = [1, 7, 30] as const

/** Creates a link to the current view, and revokes existing links. */
export function ShareDialog(props: ShareDialogProps) {
  const texts = useTexts()
  const { profileId } = props
  const [days, setDays] = useState('7')
  const [draft, setDraft] = useState(WHOLE_DRAFT)
  const queryClient = useQueryClient()
  const creation = useMutation({
    mutationFn: () =>
      createLink({
        profileId,
        view: formatQueryString(formatViewState(props.state)),
        expiresInSeconds: Number(days) * DAY_SECONDS,
        exposure: draft.exposure,
        ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['links', profileId] }),
  })
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={texts.shareTitle}
      closeButtonProps={{ 'aria-label': texts.close }}
      transitionProps={{ duration: 0 }}
    >
      <div className={classes['body']}>
        <p className="muted">{texts.shareLead}</p>
        <ExposureFields draft={draft} onChange={setDraft} />
        <div className={classes['create']}>
          <div>
            <p className={classes['label']}>{texts.shareExpires}</p>
            <SegmentedControl
              size="xs"
              value={days}
              onChange={setDays}
              aria-label={texts.shareExpires}
              data={EXPIRY_DAYS.map((count) => ({
                value: String(count),
                label: texts.shareDays(count),
              }))}
            />
          </div>
          <Button loading={creation.isPending} onClick={() => creation.mutate()}>
            {texts.shareCreate}
          </Button>
        </div>
        {creation.error !== null && (
          <RequestFailure title={texts.shareFailed} error={creation.error} />
        )}
        {creation.data !== undefined && (
          <div>
            <TextInput
              readOnly
              value={creation.data.url}
              aria-label={texts.shareTitle}
              data-link-url=""
              onFocus={(event) => event.currentTarget.select()}
              rightSection={<CopyButton text={creation.data.url} />}
            />
            <p className={classes['hint']}>{texts.shareOnce}</p>
          </div>
        )}
        <ExistingLinks profileId={profileId} />
      </div>
    </Modal>
  )
}

function ExistingLinks(props: { readonly profileId: string }) {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const [openedAtMs] = useState(() => Date.now())
  const { data } = useQuery(linksQuery(props.profileId))
  const revocation = useMutation({
    mutationFn: revokeLink,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['links', props.profileId] }),
  })
  if (data === undefined || data.items.length === 0) return null
  return (
    <section>
      <h3 className={classes['label']}>{texts.shareExisting}</h3>
      <ul className={classes['links']}>
        {data.items.map((link) => {
          const isEnded = Date.parse(link.expiresAt) <= openedAtMs
          const isUsable = link.revokedAt === null && !isEnded
          return (
            <li key={link.id} className={classes['link']}>
              <span title={link.exposes.join('\n')}>
                {link.name !== null && (
                  <>
                    <UntrustedText text={link.name} />{' '}
                  </>
                )}
                <TimeAgo time={link.createdAt} />
              </span>
              <span className="muted">
                {link.revokedAt !== null && texts.shareRevoked}
                {link.revokedAt === null && isEnded && texts.shareEnded}
                {isUsable && (
                  <>
                    {texts.linkEnds} <TimeAgo time={link.expiresAt} />
                  </>
                )}
              </span>
              {isUsable && (
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
    </section>
  )
}
