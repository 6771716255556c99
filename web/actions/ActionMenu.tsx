import { Menu } from '@mantine/core'
import { Fragment, useEffect, useState } from 'react'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ACTION_KEYS, type ActionId } from '../key-table.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import classes from './ActionMenu.module.css'
import type { ScreenPoint } from './actions-context.ts'
import type { Action } from './actions-of.ts'
import type { Subject } from './subject.ts'

interface ActionMenuProps {
  readonly subject: Subject
  readonly point: ScreenPoint
  readonly groups: readonly (readonly Action[])[]
  readonly onPerform: (action: Action) => void
  readonly onClose: () => void
}

/** Where neither above nor below the point has room for it, it covers the point. */
const IN_SIGHT = { flip: true, shift: { crossAxis: true, padding: 8 } }

/** The menu of what can be done with a frame, row, package, tag or legend entry, each with its key. */
export function ActionMenu({ subject, point, groups, onPerform, onClose }: ActionMenuProps) {
  const texts = useTexts()
  useFocusReturn()
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={2}
      middlewares={IN_SIGHT}
      transitionProps={{ duration: 0 }}
      aria-label={texts.actionsOf(nameOf(subject))}
    >
      <Menu.Target>
        <span
          className={classes['point']}
          style={{ left: point.xPx, top: point.yPx }}
          aria-hidden="true"
        />
      </Menu.Target>
      <Menu.Dropdown className={classes['menu'] ?? ''}>
        <Menu.Label className={classes['name'] ?? ''}>
          <UntrustedText text={nameOf(subject)} />
        </Menu.Label>
        {groups
          .filter((group) => group.length > 0)
          .map((group, row) => (
            <Fragment key={group[0]?.id}>
              {row > 0 && <Menu.Divider />}
              {group.map((action) => (
                <Menu.Item
                  key={action.id}
                  className={classes['item'] ?? ''}
                  onClick={() => onPerform(action)}
                  rightSection={<kbd className={classes['key']}>{keyOf(action.id)}</kbd>}
                >
                  {texts.act[action.id]}
                  <span className={classes['hint']}>{hintOf(action.id, texts)}</span>
                </Menu.Item>
              ))}
            </Fragment>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The keyboard goes on where it was before the menu, unless the chosen action moved it. */
function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      const isNowhere = document.activeElement === document.body
      if (isNowhere && before instanceof HTMLElement) before.focus({ preventScroll: true })
    },
    [before],
  )
}

function nameOf(subject: Subject): string {
  if (subject.kind === 'func') return shortFuncName(subject.name)
  if (subject.kind === 'package') return subject.path
  return subject.kind === 'tag' ? `${subject.key}=${subject.value}` : subject.title
}

function keyOf(id: ActionId): string {
  return ACTION_KEYS.find((shortcut) => shortcut.id === id)?.keys[0] ?? ''
}

function hintOf(id: ActionId, { actHints }: Texts): string {
  return new Map(Object.entries(actHints)).get(id) ?? ''
}
