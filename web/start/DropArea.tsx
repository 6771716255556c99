import { Dropzone } from '@mantine/dropzone'
import { useEffect } from 'react'
import type { ProfileType } from '../../api/index.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { UploadIcon } from '../ui/icons.tsx'
import { useTexts } from '../texts/texts-context.ts'
import classes from './DropArea.module.css'
import { TypeSelect } from './TypeSelect.tsx'

const CAPTURE_COMMAND = "kubectl get --raw '/debug/pprof/profile?seconds=30' > cpu.pb.gz"

interface DropAreaProps {
  readonly onFiles: (files: readonly File[]) => void
  /** The profile type of files that do not contain it. */
  readonly type: ProfileType | null
  readonly chooseType: (type: ProfileType | null) => void
}

/** Accepts files that are dropped anywhere on the page, chosen, or pasted. */
export function DropArea(props: DropAreaProps) {
  const texts = useTexts()
  const { onFiles } = props
  useEffect(() => {
    const stop = new AbortController()
    document.addEventListener(
      'paste',
      (event) => {
        const files = [...(event.clipboardData?.files ?? [])]
        if (files.length > 0) onFiles(files)
      },
      { signal: stop.signal },
    )
    return () => stop.abort()
  }, [onFiles])
  return (
    <div className={`card ${classes['card']}`}>
      <Dropzone
        onDrop={onFiles}
        className={classes['zone'] ?? ''}
        inputProps={{ 'aria-label': texts.dropTitle }}
      >
        <div className={classes['inner']}>
          <span className={classes['icon']}>
            <UploadIcon size={20} />
          </span>
          <div>
            <p className={classes['title']}>{texts.dropTitle}</p>
            <p className="muted">{texts.dropHint}</p>
          </div>
        </div>
      </Dropzone>
      <div className={classes['hint']}>
        <span className="muted">{texts.captureHint}</span>
        <code className={classes['command']}>{CAPTURE_COMMAND}</code>
        <CopyButton text={CAPTURE_COMMAND} />
      </div>
      <div className={classes['hint']}>
        <span className="muted">{texts.uploadType}</span>
        <TypeSelect chosen={props.type} choose={props.chooseType} />
      </div>
      <Dropzone.FullScreen onDrop={onFiles}>
        <p className={classes['full']}>{texts.dropAnywhere}</p>
      </Dropzone.FullScreen>
    </div>
  )
}
