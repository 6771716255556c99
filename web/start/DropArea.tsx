import { UnstyledButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { CopyButton } from '../ui/CopyButton.tsx'
import { UploadIcon } from '../ui/icons.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { useUploadsContext } from '../uploads/uploads-context.ts'
import classes from './DropArea.module.css'
import { TypeSelect } from './TypeSelect.tsx'

const CAPTURE_COMMAND = "kubectl get --raw '/debug/pprof/profile?seconds=30' > cpu.pb.gz"

/** Says that files can be dropped, and opens the dialog to choose them. Drops are taken on the whole page. */
export function DropArea() {
  const texts = useTexts()
  const { canUpload, chooseFiles, type, chooseType } = useUploadsContext()
  if (!canUpload) return null
  return (
    <div className={`card ${classes['card']}`}>
      <UnstyledButton className={classes['zone'] ?? ''} onClick={chooseFiles}>
        <span className={classes['inner']}>
          <span className={classes['icon']}>
            <UploadIcon size={20} />
          </span>
          <span>
            <span className={classes['title']}>{texts.dropTitle}</span>
            <span className={classes['lead']}>{texts.dropHint}</span>
          </span>
        </span>
      </UnstyledButton>
      <div className={classes['hint']}>
        <span className="muted">{texts.captureHint}</span>
        <span className={classes['copied']}>
          <code className={classes['command']}>{CAPTURE_COMMAND}</code>
          <CopyButton text={CAPTURE_COMMAND} />
        </span>
      </div>
      <div className={classes['hint']}>
        <Link to="/local">{texts.localOffer}</Link>
        <span className="muted">{texts.localOfferHint}</span>
      </div>
      <div className={classes['hint']}>
        <span className="muted">{texts.uploadType}</span>
        <TypeSelect chosen={type} choose={chooseType} />
      </div>
    </div>
  )
}
