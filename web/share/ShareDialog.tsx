import { Button, Modal, NumberInput, SegmentedControl } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createLink, LINKS_KEY, linksQuery } from '../requests/link-queries.ts'
import { ExposureFields, WHOLE_DRAFT } from './ExposureFields.tsx'
import { LinkList } from './LinkList.tsx'
import { NewLink } from './NewLink.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import classes from './ShareDialog.module.css'

/** What a link shows: a view of a profile, a capture with one of its profiles, or a comparison. */
export interface ShareSubject {
  readonly profileId: string
  readonly captureId?: string
  /** The profile that the other is compared with. */
  readonly beforeId?: string
}

interface ShareDialogProps {
  readonly subject: ShareSubject
  /** The query string of the shared view, without `?`. */
  readonly view: string
  readonly onClose: () => void
}

const DAY_SECONDS = 86_400
const EXPIRY_DAYS = [1, 7, 30, 90] as const
const EXPIRY_DAYS_MAX = 90

/** Creates a link to the current view, and revokes existing links. */
export function ShareDialog(props: ShareDialogProps) {
  const texts = useTexts()
  const { subject, view } = props
  const { profileId } = subject
  const [days, setDays] = useState<number>(7)
  const [draft, setDraft] = useState(WHOLE_DRAFT)
  const queryClient = useQueryClient()
  const creation = useMutation({
    mutationFn: () =>
      createLink({
        ...subject,
        view,
        expiresInSeconds: days * DAY_SECONDS,
        exposure: draft.exposure,
        ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: LINKS_KEY }),
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
        {subject.captureId !== undefined && <p className="muted">{texts.shareOfCapture}</p>}
        {subject.beforeId !== undefined && <p className="muted">{texts.shareOfComparison}</p>}
        <ExposureFields
          draft={draft}
          isWhole={subject.captureId !== undefined}
          onChange={setDraft}
        />
        <div className={classes['create']}>
          <div>
            <p className={classes['label']}>{texts.shareExpires}</p>
            <div className={classes['days']}>
              <SegmentedControl
                size="xs"
                value={String(days)}
                onChange={(value) => setDays(Number(value))}
                aria-label={texts.shareExpires}
                data={EXPIRY_DAYS.map((count) => ({
                  value: String(count),
                  label: texts.shareDays(count),
                }))}
              />
              <NumberInput
                size="xs"
                w={64}
                min={1}
                max={EXPIRY_DAYS_MAX}
                clampBehavior="strict"
                allowDecimal={false}
                value={days}
                onChange={(value) => setDays(Number(value))}
                aria-label={texts.shareDaysOwn}
              />
            </div>
          </div>
          <Button
            loading={creation.isPending}
            disabled={days < 1}
            onClick={() => creation.mutate()}
          >
            {texts.shareCreate}
          </Button>
        </div>
        {creation.error !== null && (
          <RequestFailure title={texts.shareFailed} error={creation.error} />
        )}
        {creation.data !== undefined && <NewLink {...creation.data} />}
        <ExistingLinks profileId={profileId} />
      </div>
    </Modal>
  )
}

function ExistingLinks(props: { readonly profileId: string }) {
  const texts = useTexts()
  const { data } = useQuery(linksQuery(props.profileId))
  if (data === undefined || data.items.length === 0) return null
  return (
    <section>
      <h3 className={classes['label']}>{texts.shareExisting}</h3>
      <LinkList links={data.items} />
    </section>
  )
}
