import { Kbd, Modal } from '@mantine/core'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FRAME_KEYS, PAGE_KEYS, type ShortcutId, VIEW_KEYS } from '../key-table.ts'
import classes from './ShortcutsDialog.module.css'

interface ShortcutsDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** All keys of the app, from the table that the listeners read. */
export function ShortcutsDialog(props: ShortcutsDialogProps) {
  const texts = useTexts()
  const groups = [
    { title: texts.keysOfViews, shortcuts: VIEW_KEYS },
    { title: texts.keysOfFrames, shortcuts: FRAME_KEYS },
    { title: texts.keysOfPage, shortcuts: PAGE_KEYS },
  ]
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      size="xl"
      title={texts.shortcuts}
      closeButtonProps={{ 'aria-label': texts.close }}
      transitionProps={{ duration: 0 }}
    >
      <div className={classes['groups']}>
        {groups.map(({ title, shortcuts }) => (
          <section key={title}>
            <h3 className={classes['title']}>{title}</h3>
            <dl className={classes['list']}>
              {shortcuts.map(({ id, keys }) => (
                <div key={id} className={classes['row']}>
                  <dt>
                    {keys.map((key) => (
                      <Kbd key={key} size="xs">
                        {key}
                      </Kbd>
                    ))}
                  </dt>
                  <dd>{textOf(id, texts)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}

function textOf(id: ShortcutId, { act, keys }: Texts): string {
  return new Map(Object.entries({ ...act, ...keys })).get(id) ?? id
}
