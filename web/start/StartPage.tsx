import { useCallback } from 'react'
import { useTexts } from '../texts/texts-context.ts'
import { DropArea } from './DropArea.tsx'
import { ExampleList } from './ExampleList.tsx'
import { RecentProfiles } from './RecentProfiles.tsx'
import classes from './StartPage.module.css'
import { UploadList } from './UploadList.tsx'
import { useUploads } from './use-uploads.ts'

export function StartPage() {
  const texts = useTexts()
  const uploads = useUploads()
  const { send } = uploads
  const sendFiles = useCallback(
    (files: readonly File[]) => void send(files.map((file) => ({ name: file.name, blob: file }))),
    [send],
  )
  return (
    <div className={`page ${classes['page']}`}>
      <div className={classes['intro']}>
        <h1 className={classes['title']}>{texts.startTitle}</h1>
        <p className={classes['lead']}>{texts.startLead}</p>
      </div>
      <DropArea onFiles={sendFiles} />
      <UploadList uploads={uploads} />
      <div className={classes['columns']}>
        <RecentProfiles />
        <ExampleList uploads={uploads} />
      </div>
    </div>
  )
}
