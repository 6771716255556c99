import { Loader } from '@mantine/core'
import { useTexts } from '../texts/texts-context.ts'
import classes from './AnalysingNotice.module.css'

export function AnalysingNotice() {
  const texts = useTexts()
  return (
    <div className={classes['notice']} role="status">
      <Loader size="sm" />
      <div>
        <p className={classes['title']}>{texts.analysingTitle}</p>
        <p className="muted">{texts.analysingLead}</p>
      </div>
    </div>
  )
}
