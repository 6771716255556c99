import * as client from 'openid-client'
import { AppError, isRecord, listAt, textAt } from '../../api/index.ts'
import type { AccountsOptions } from '../accounts-options.ts'

const CLOCK_SKEW_SECONDS = 30
const ANSWER_SECONDS_MAX = 10

/** What a browser keeps, sealed, between going to the provider and coming back. */
export interface LoginAttempt {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** The path to show afterwards. */
  readonly returnTo: string
  readonly expiresAtMs: number
}

/** A user as the provider describes it. */
export interface OidcUser {
  readonly name: string
  readonly groups: readonly string[]
  readonly idToken: string | null
}

/** The identity provider: the authorization code flow with PKCE, state and nonce. */
export interface OidcClient {
  /** The address that starts a sign-in at the provider. */
  readonly authorizationUrl: (attempt: LoginAttempt, redirectUri: string) => Promise<URL>
  /** The user, after the provider sent the browser to `url`. Throws SIGN_IN_FAILED. */
  readonly finish: (attempt: LoginAttempt, url: URL) => Promise<OidcUser>
  /** The address that also signs out at the provider, or `null` when it has none. */
  readonly signOutUrl: (idToken: string, returnTo: string) => Promise<URL | null>
}

export const newState = client.randomState
export const newNonce = client.randomNonce
export const newCodeVerifier = client.randomPKCECodeVerifier

export function makeOidcClient(options: AccountsOptions): OidcClient {
  let discovered: Promise<client.Configuration> | null = null

  /** The provider may be down when the server starts, so it is asked at the first sign-in. */
  async function configuration(): Promise<client.Configuration> {
    discovered ??= discover(options)
    try {
      return await discovered
    } catch (cause) {
      discovered = null
      throw failure('The identity provider does not answer.', cause)
    }
  }

  return {
    async authorizationUrl({ state, nonce, codeVerifier }, redirectUri) {
      return client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: options.oidcScopes.join(' '),
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
    },
    async finish({ state, nonce, codeVerifier }, url) {
      const config = await configuration()
      try {
        const tokens = await client.authorizationCodeGrant(config, url, {
          pkceCodeVerifier: codeVerifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (claims === undefined) throw new TypeError('the provider sent no id token')
        const more = await furtherClaims(config, tokens, claims.sub)
        return userOf({ ...more, ...claims }, options, tokens.id_token ?? null)
      } catch (cause) {
        throw failure('The identity provider did not confirm the sign-in.', cause)
      }
    },
    async signOutUrl(idToken, returnTo) {
      const config = await configuration()
      if (config.serverMetadata().end_session_endpoint === undefined) return null
      return client.buildEndSessionUrl(config, {
        id_token_hint: idToken,
        post_logout_redirect_uri: returnTo,
      })
    },
  }
}

async function discover(options: AccountsOptions): Promise<client.Configuration> {
  const issuer = new URL(options.oidcIssuer)
  const config = await client.discovery(
    issuer,
    options.oidcClientId,
    { [client.clockTolerance]: CLOCK_SKEW_SECONDS },
    // A public client has no secret; PKCE protects its code.
    options.oidcClientSecret === ''
      ? client.None()
      : client.ClientSecretBasic(options.oidcClientSecret),
    {
      timeout: ANSWER_SECONDS_MAX,
      // Plain http is for a provider on loopback; the settings refuse it elsewhere.
      ...(issuer.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {}),
    },
  )
  return config
}

/** Many providers put groups into the answer of the userinfo endpoint alone. */
async function furtherClaims(
  config: client.Configuration,
  { access_token: accessToken }: client.TokenEndpointResponse,
  subject: string,
): Promise<Readonly<Record<string, unknown>>> {
  if (config.serverMetadata().userinfo_endpoint === undefined) return {}
  return await client.fetchUserInfo(config, accessToken, subject)
}

function userOf(
  claims: Readonly<Record<string, unknown>>,
  { oidcNameClaim, oidcGroupsClaim }: AccountsOptions,
  idToken: string | null,
): OidcUser {
  const groups = listAt(claims, ...oidcGroupsClaim.split('.'))
  return {
    name: textAt(claims, oidcNameClaim) ?? textAt(claims, 'sub') ?? '',
    groups: groups.filter((group): group is string => typeof group === 'string'),
    idToken,
  }
}

function failure(message: string, cause: unknown): AppError {
  return new AppError('SIGN_IN_FAILED', { message, cause })
}

/** An attempt from its JSON, or `null` when it has expired. */
export function readAttempt(json: string | null): LoginAttempt | null {
  const value: unknown = json === null ? null : JSON.parse(json)
  return isAttempt(value) && value.expiresAtMs > Date.now() ? value : null
}

function isAttempt(value: unknown): value is LoginAttempt {
  return (
    isRecord(value) && typeof value['expiresAtMs'] === 'number' && textAt(value, 'state') !== null
  )
}
