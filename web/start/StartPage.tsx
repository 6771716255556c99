import { usePageTitle } from '../ui/use-page-title.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useUploadsContext } from '../uploads/uploads-context.ts'
import { DropArea } from './DropArea.tsx'
import { ExampleList } from './ExampleList.tsx'
import { RecentProfiles } from './RecentProfiles.tsx'
import classes from './StartPage.module.css'

export function StartPage() {
  const texts = useTexts()
  usePageTitle('')
  const { uploads, canUpload } = useUploadsContext()
  return (
    <div className={`page ${classes['page']}`}>
      <div className={classes['intro']}>
        <h1 className={classes['title']}>{texts.startTitle}</h1>
        <p className={classes['lead']}>{texts.startLead}</p>
      </div>
      <DropArea />
      <div className={classes['columns']}>
        <RecentProfiles />
        {canUpload && <ExampleList uploads={uploads} />}
      </div>
    </div>
  )
}
