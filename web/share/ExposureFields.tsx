import { SegmentedControl, Switch, TextInput } from '@mantine/core'
import type { LinkExposure } from '../../api/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from './ShareDialog.module.css'

export interface LinkDraft {
  readonly name: string
  readonly exposure: LinkExposure
}

export const WHOLE_DRAFT: LinkDraft = {
  name: '',
  exposure: { scope: 'profile', labels: 'shown', source: true },
}

interface ExposureFieldsProps {
  readonly draft: LinkDraft
  /** True where the link always shows everything. */
  readonly isWhole: boolean
  readonly onChange: (draft: LinkDraft) => void
}

/** What a new link is for, and how much it shows. */
export function ExposureFields({ draft, isWhole, onChange }: ExposureFieldsProps) {
  const texts = useTexts()
  const { exposure } = draft
  const set = (change: Partial<LinkExposure>) =>
    onChange({ ...draft, exposure: { ...exposure, ...change } })
  const isLess = exposure.scope === 'view' || exposure.labels !== 'shown' || !exposure.source
  return (
    <>
      <TextInput
        label={texts.shareName}
        value={draft.name}
        maxLength={100}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
      />
      {!isWhole && (
        <>
          <div>
            <p className={classes['label']}>{texts.shareShows}</p>
            <SegmentedControl
              size="xs"
              value={exposure.scope}
              aria-label={texts.shareShows}
              onChange={(scope) => set({ scope: scope === 'view' ? 'view' : 'profile' })}
              data={[
                { value: 'profile', label: texts.shareScopeProfile },
                { value: 'view', label: texts.shareScopeView },
              ]}
            />
          </div>
          <div>
            <p className={classes['label']}>{texts.shareLabels}</p>
            <SegmentedControl
              size="xs"
              value={exposure.labels}
              aria-label={texts.shareLabels}
              onChange={(labels) =>
                set({ labels: labels === 'names' || labels === 'hidden' ? labels : 'shown' })
              }
              data={[
                { value: 'shown', label: texts.shareLabelsShown },
                { value: 'names', label: texts.shareLabelsNames },
                { value: 'hidden', label: texts.shareLabelsHidden },
              ]}
            />
          </div>
          <Switch
            checked={exposure.source}
            label={texts.shareSource}
            description={texts.shareSourceHint}
            onChange={(event) => set({ source: event.currentTarget.checked })}
          />
          {isLess && <p className={classes['hint']}>{texts.shareNoReport}</p>}
        </>
      )}
    </>
  )
}
