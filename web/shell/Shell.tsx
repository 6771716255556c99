import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { Link, Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { apiDocsPath } from '../paths.ts'
import { SessionGate } from '../session/SessionGate.tsx'
import { SignOutButton } from '../session/SignOutButton.tsx'
import { useLanguage } from '../texts/texts-context.ts'
import { Logo, UploadIcon } from '../ui/icons.tsx'
import classes from './Shell.module.css'
import { ShortcutsDialog } from './ShortcutsDialog.tsx'
import { ThemeToggle } from './ThemeToggle.tsx'
import { useKeys } from '../ui/use-keys.ts'

/** The frame around every page. */
export function Shell() {
  const { texts, language, setLanguage } = useLanguage()
  const [hasHelp, setHasHelp] = useState(false)
  useKeys({ '?': () => setHasHelp(true) })
  return (
    <>
      <header className={classes['header']}>
        <Link to="/" className={classes['brand']}>
          <Logo />
          <span className={classes['name']}>kubeprof</span>
        </Link>
        <nav className={classes['pages']} aria-label={texts.navMain}>
          <Link to="/captures" className={classes['link']}>
            {texts.navCaptures}
          </Link>
          <Link to="/targets" className={classes['link']}>
            {texts.navTargets}
          </Link>
          <Link to="/rules" className={classes['link']}>
            {texts.navRules}
          </Link>
        </nav>
        <nav className={classes['actions']}>
          <a href={apiDocsPath} className={`${classes['link']} ${classes['docs']}`}>
            {texts.apiDocs}
          </a>
          <Tooltip label={texts.shortcuts}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={texts.shortcuts}
              className={classes['keys'] ?? ''}
              onClick={() => setHasHelp(true)}
            >
              ?
            </ActionIcon>
          </Tooltip>
          <Tooltip label={texts.otherLanguageTitle}>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-label={texts.otherLanguageTitle}
              onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
            >
              {texts.otherLanguage}
            </Button>
          </Tooltip>
          <ThemeToggle />
          <SignOutButton />
          <Button
            component={Link}
            to="/"
            size="compact-sm"
            variant="default"
            className={classes['open'] ?? ''}
            aria-label={texts.openProfile}
          >
            <UploadIcon size={14} />
            <span className={classes['openText']}>{texts.openProfile}</span>
          </Button>
        </nav>
      </header>
      <main>
        <SessionGate>
          <Outlet />
        </SessionGate>
      </main>
      <ShortcutsDialog isOpen={hasHelp} onClose={() => setHasHelp(false)} />
    </>
  )
}
