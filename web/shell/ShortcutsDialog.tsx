import { Kbd, Modal } from '@mantine/core'
import { useTexts } from '../texts/texts-context.ts'
import classes from './ShortcutsDialog.module.css'

interface ShortcutsDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function ShortcutsDialog(props: ShortcutsDialogProps) {
  const texts = useTexts()
  const rows: readonly (readonly [keys: string, text: string])[] = [
    ['/', texts.keySearch],
    ['Esc', texts.keyEscape],
    ['1 2 3 4', texts.keyViews],
    ['v', texts.keyDirection],
    ['← ↑ → ↓', texts.keyArrows],
    ['Enter', texts.keyZoom],
    ['Space', texts.keySelect],
    ['?', texts.keyHelp],
  ]
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={texts.shortcuts}
      closeButtonProps={{ 'aria-label': texts.close }}
      transitionProps={{ duration: 0 }}
    >
      <dl className={classes['list']}>
        {rows.map(([keys, text]) => (
          <div key={keys} className={classes['row']}>
            <dt>
              {keys.split(' ').map((key) => (
                <Kbd key={key} size="xs">
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
