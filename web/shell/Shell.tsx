import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { apiDocsPath, isEmbeddedPage, isLocalPage, isSharedPage, pageOfEmbedded } from '../paths.ts'
import { sessionQuery } from '../requests/session-queries.ts'
import { SessionGate } from '../session/SessionGate.tsx'
import { SettingsLink } from '../session/SettingsLink.tsx'
import { SignOutButton } from '../session/SignOutButton.tsx'
import { SpaceChooser } from '../session/SpaceChooser.tsx'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { useUploadsContext } from '../uploads/uploads-context.ts'
import { UploadsProvider } from '../uploads/UploadsProvider.tsx'
import { TimeZoneSelect } from '../ui/TimeZoneSelect.tsx'
import { Logo, UploadIcon } from '../ui/icons.tsx'
import classes from './Shell.module.css'
import { ShortcutsDialog } from './ShortcutsDialog.tsx'
import { ServerNotice } from './ServerNotice.tsx'
import { ThemeToggle } from './ThemeToggle.tsx'
import { useKeys } from '../ui/use-keys.ts'

/** The frame around every page. The router renders it in one task; what is in it is then rendered in short ones. */
export function Shell() {
  const isStarted = useDeferredValue(true, false)
  return isStarted ? <StartedShell /> : null
}

/** The page of a link has no ways to pages that its reader may not open. */
function StartedShell() {
  const texts = useTexts()
  const [hasHelp, setHasHelp] = useState(false)
  useKeys({ '?': () => setHasHelp(true) })
  // Not the whole location: the address changes with every zoom and every letter of a search.
  const pathname = useLocation({ select: (location) => location.pathname })
  const isLocal = isLocalPage(pathname)
  const isEmbedded = isEmbeddedPage(pathname)
  const isShared = isSharedPage(pathname)
  const main = useFocusOnPage(pathname)
  return (
    <UploadsProvider isLocal={isLocal}>
      <a href="#content" className={classes['skip']}>
        {texts.skipToContent}
      </a>
      {isEmbedded ? (
        <EmbeddedHeader pathname={pathname} />
      ) : (
        <header className={classes['header']} data-plain={isShared}>
          {isShared ? (
            <span className={classes['brand']}>
              <Logo />
              <span className={classes['name']}>{texts.productName}</span>
            </span>
          ) : (
            <Link to="/" className={classes['brand']} aria-label={texts.home}>
              <Logo />
              <span className={classes['name']}>{texts.productName}</span>
            </Link>
          )}
          {isLocal && (
            <span className={classes['pages']}>
              <strong className={classes['local']}>{texts.localBadge}</strong>
            </span>
          )}
          {!isShared && !isLocal && <PageLinks />}
          <HeaderActions isShared={isShared} isLocal={isLocal} onHelp={() => setHasHelp(true)} />
        </header>
      )}
      {!isLocal && <ServerNotice />}
      <main
        id="content"
        ref={main}
        tabIndex={-1}
        className={classes['main']}
        data-embedded={isEmbedded}
      >
        <SessionGate>
          <Outlet />
        </SessionGate>
      </main>
      <ShortcutsDialog isOpen={hasHelp} onClose={() => setHasHelp(false)} />
    </UploadsProvider>
  )
}

/** In a frame of another page: where the picture comes from, and the way to a page of its own. */
function EmbeddedHeader({ pathname }: { readonly pathname: string }) {
  const texts = useTexts()
  return (
    <header className={classes['embedded']}>
      <span className={classes['brand']}>
        <Logo />
        <span className={classes['name']}>{texts.productName}</span>
      </span>
      <a href={pageOfEmbedded(pathname)} target="_blank" rel="noopener">
        {texts.embeddedOpen}
      </a>
    </header>
  )
}

/** Nothing before the sign-in, to which each of them would lead. */
function PageLinks() {
  const texts = useTexts()
  const { data: session } = useQuery(sessionQuery())
  if (session?.role === null) return <span className={classes['pages']} />
  return (
    <nav className={classes['pages']} aria-label={texts.navMain}>
      <Link to="/findings" className={classes['link']}>
        {texts.navFindings}
      </Link>
      <Link to="/captures" className={classes['link']}>
        {texts.navCaptures}
      </Link>
      <Link
        to="/profiles"
        activeOptions={{ exact: true, includeSearch: false }}
        className={classes['link']}
      >
        {texts.navProfiles}
      </Link>
      <Link to="/targets" className={classes['link']}>
        {texts.navTargets}
      </Link>
      <Link to="/ranges" className={classes['link']}>
        {texts.navRanges}
      </Link>
      <Link to="/rules" className={classes['link']}>
        {texts.navRules}
      </Link>
    </nav>
  )
}

interface HeaderActionsProps {
  readonly isShared: boolean
  readonly isLocal: boolean
  readonly onHelp: () => void
}

function HeaderActions({ isShared, isLocal, onHelp }: HeaderActionsProps) {
  const { texts, language, setLanguage } = useLanguage()
  const { canUpload, chooseFiles } = useUploadsContext()
  const hasAccount = !isShared && !isLocal
  return (
    <nav className={classes['actions']} aria-label={texts.navActions}>
      {hasAccount && (
        <a href={apiDocsPath} className={`${classes['link']} ${classes['docs']}`}>
          {texts.apiDocs}
        </a>
      )}
      <Tooltip label={texts.shortcuts}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={texts.shortcuts}
          className={classes['keys'] ?? ''}
          onClick={onHelp}
        >
          ?
        </ActionIcon>
      </Tooltip>
      <TimeZoneSelect className={classes['zone']} />
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
      {hasAccount && <SpaceChooser />}
      {hasAccount && <SettingsLink className={classes['link']} />}
      {hasAccount && <SignOutButton />}
      {!isShared && canUpload && (
        <Button
          size="compact-sm"
          variant="default"
          className={classes['open'] ?? ''}
          aria-label={texts.openProfile}
          onClick={chooseFiles}
        >
          <UploadIcon size={14} />
          <span className={classes['openText']}>{texts.openProfile}</span>
        </Button>
      )}
    </nav>
  )
}

/** After going to another page the keyboard is at its content, not where the link was. */
function useFocusOnPage(pathname: string) {
  const main = useRef<HTMLElement>(null)
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return main
}
