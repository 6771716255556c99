import { Skeleton } from '@mantine/core'
import { FleetOverview, useFleet } from '../fleet/FleetOverview.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import { useUploadsContext } from '../uploads/uploads-context.ts'
import { DropArea } from './DropArea.tsx'
import { ExampleList } from './ExampleList.tsx'
import { RecentList } from './RecentList.tsx'
import classes from './StartPage.module.css'

/** The fleet, once anything is captured or followed; before that, what kubeprof is and where files go. */
export function StartPage() {
  const texts = useTexts()
  usePageTitle('')
  const { uploads, canUpload } = useUploadsContext()
  const fleet = useFleet()
  const isEmpty =
    fleet !== undefined &&
    fleet.error === null &&
    fleet.findings.length === 0 &&
    fleet.targets.length === 0
  return (
    <div className={`page ${classes['page']}`}>
      {fleet === undefined && <Skeleton height={220} radius="md" mb={24} />}
      {fleet !== undefined && !isEmpty && <FleetOverview fleet={fleet} />}
      {isEmpty && (
        <div className={classes['intro']}>
          <h1 className={classes['title']}>{texts.startTitle}</h1>
          <p className={classes['lead']}>{texts.startLead}</p>
        </div>
      )}
      <div className={isEmpty ? '' : classes['below']}>
        <DropArea />
      </div>
      <div className={classes['columns']}>
        <RecentList />
        {canUpload && <ExampleList uploads={uploads} />}
      </div>
    </div>
  )
}
