import { useCallback, useState } from 'react'
import type { ProfileType } from '../../api/index.ts'
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
  const [type, chooseType] = useState<ProfileType | null>(null)
  const sendFiles = useCallback(
    (files: readonly File[]) =>
      void send(files.map((file) => ({ name: file.name, blob: file, type }))),
    [send, type],
  )
  return (
    <div className={`page ${classes['page']}`}>
      <div className={classes['intro']}>
        <h1 className={classes['title']}>{texts.startTitle}</h1>
        <p className={classes['lead']}>{texts.startLead}</p>
      </div>
      <DropArea onFiles={sendFiles} type={type} chooseType={chooseType} />
      <UploadList uploads={uploads} />
      <div className={classes['columns']}>
        <RecentProfiles />
        <ExampleList uploads={uploads} />
      </div>
    </div>
  )
}
