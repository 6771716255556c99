import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { ErrorPage } from './shell/ErrorPage.tsx'
import { NotFoundPage } from './shell/NotFoundPage.tsx'
import { Shell } from './shell/Shell.tsx'
import {
  formatQueryString,
  parseQueryString,
  type SearchParams,
} from './view-state/search-params.ts'

const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: ErrorPage,
  validateSearch: (search: Record<string, unknown>): SearchParams => textsOnly(search),
})

const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./start/StartPage.tsx'), 'StartPage'),
})

const profileRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/profiles/$id',
  component: lazyRouteComponent(() => import('./profile-page/ProfilePage.tsx'), 'ProfilePage'),
})

const sharedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/s/$token',
  component: lazyRouteComponent(() => import('./shared-page/SharedPage.tsx'), 'SharedPage'),
})

const embeddedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/e/$token',
  component: lazyRouteComponent(() => import('./shared-page/SharedPage.tsx'), 'SharedPage'),
})

const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/compare',
  component: lazyRouteComponent(() => import('./compare/ComparePage.tsx'), 'ComparePage'),
})

const capturesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/captures',
  component: lazyRouteComponent(() => import('./captures/CapturesPage.tsx'), 'CapturesPage'),
})

const captureRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/captures/$id',
  component: lazyRouteComponent(() => import('./captures/CapturePage.tsx'), 'CapturePage'),
})

const targetsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/targets',
  component: lazyRouteComponent(() => import('./targets/TargetsPage.tsx'), 'TargetsPage'),
})

const targetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/targets/$name',
  component: lazyRouteComponent(() => import('./targets/TargetPage.tsx'), 'TargetPage'),
})

const findingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/findings',
  component: lazyRouteComponent(() => import('./inbox/FindingsPage.tsx'), 'FindingsPage'),
})

const findingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/findings/$id',
  component: lazyRouteComponent(() => import('./inbox/FindingPage.tsx'), 'FindingPage'),
})

const profilesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/profiles',
  component: lazyRouteComponent(() => import('./profiles/ProfilesPage.tsx'), 'ProfilesPage'),
})

const rangesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ranges',
  component: lazyRouteComponent(() => import('./ranges/RangePage.tsx'), 'RangePage'),
})

const localRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/local',
  component: lazyRouteComponent(() => import('./local/LocalPage.tsx'), 'LocalPage'),
})

const localCompareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/local/compare',
  component: lazyRouteComponent(() => import('./local/LocalComparePage.tsx'), 'LocalComparePage'),
})

const localProfileRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/local/$id',
  component: lazyRouteComponent(() => import('./local/LocalProfilePage.tsx'), 'LocalProfilePage'),
})

const localCaptureRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/local/captures/$id',
  component: lazyRouteComponent(() => import('./local/LocalCapturePage.tsx'), 'LocalCapturePage'),
})

const rulesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules',
  component: lazyRouteComponent(() => import('./rules/RulesPage.tsx'), 'RulesPage'),
})

const ruleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/$id',
  component: lazyRouteComponent(() => import('./rules/RulePage.tsx'), 'RulePage'),
})

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
})

/**
 * The pages. Parameters of the address are plain text: the router's own reading of them as JSON is switched off.
 */
export function openRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([
      startRoute,
      capturesRoute,
      captureRoute,
      targetsRoute,
      targetRoute,
      findingsRoute,
      findingRoute,
      rangesRoute,
      localRoute,
      localCompareRoute,
      localProfileRoute,
      localCaptureRoute,
      profilesRoute,
      rulesRoute,
      ruleRoute,
      profileRoute,
      compareRoute,
      sharedRoute,
      embeddedRoute,
      settingsRoute,
    ]),
    parseSearch: parseQueryString,
    stringifySearch: (search) => {
      const query = formatQueryString(textsOnly(search))
      return query === '' ? '' : `?${query}`
    },
    defaultPreload: 'intent',
    // Inside the frame of the app, so that the way to other pages stays.
    defaultErrorComponent: ErrorPage,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof openRouter>
  }
}

function textsOnly(search: Readonly<Record<string, unknown>>): SearchParams {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string') texts[name] = value
  }
  return texts
}
