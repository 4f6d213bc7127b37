import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { tokenAmong } from '#common/contract/socket-token.ts'

/** Who may ask: whoever knows a secret of this server, from this machine, from this server's own pages. */
export interface Guard {
  readonly port: number
  /** In the address that lets a browser in; the page shows it when it opens its socket to the API. */
  readonly token: string
  /**
   * In the cookie, which shows the window's files and no more: browsers send it to whatever listens on this machine, on
   * any port.
   */
  readonly pass: string
}

/** Why a request is turned away. */
export interface Refusal {
  readonly status: number
  readonly reason: string
}

/** The address a request asks for, or why it is turned away; the host is checked first. */
export function judge(guard: Guard, request: IncomingMessage): URL | Refusal {
  const url = address(request)
  // A token in the address counts before the cookie.
  const token = url?.searchParams.get('token') ?? null
  const known = token === null ? knowsPass(guard, request) : sameSecret(token, guard.token)
  return checkHost(guard, request) ?? (known ? null : notKnown) ?? checkPath(request) ?? url ?? bad
}

/** Where a WebSocket wants to, or why it is turned away: the API's takes the token, any other the cookie. */
export function judgeSocket(guard: Guard, request: IncomingMessage): URL | Refusal {
  const url = address(request)
  const known =
    url?.pathname === '/rpc'
      ? sameSecret(tokenAmong(request.headers['sec-websocket-protocol']), guard.token)
      : knowsPass(guard, request)
  return (
    checkHost(guard, request) ??
    (known ? null : notKnown) ??
    checkPath(request) ??
    checkOrigin(request) ??
    url ??
    bad
  )
}

const notKnown: Refusal = {
  status: 401,
  reason: 'Open the address that Lamella printed when it started'
}
const bad: Refusal = { status: 400, reason: 'Address is not valid' }

/** The origins under which this server's own pages are seen. */
export function ownOrigins({ port }: Pick<Guard, 'port'>): string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].map(host => `http://${host}:${port}`)
}

/** The cookie's name; it holds the port because cookies do not keep ports apart. */
export function cookieName({ port }: Pick<Guard, 'port'>): string {
  return `lamella-${port}`
}

/** Turns away a Host that is not this machine's, so that no foreign name can be pointed at it. */
function checkHost(guard: Guard, request: IncomingMessage): Refusal | null {
  const host = request.headers.host
  if (host !== undefined && ownOrigins(guard).includes(`http://${host}`)) return null
  return { status: 403, reason: 'Host is not this server' }
}

/** Turns away a WebSocket that a page of another origin, or none, opens. */
function checkOrigin(request: IncomingMessage): Refusal | null {
  if (request.headers.origin === `http://${request.headers.host}`) return null
  return { status: 403, reason: 'Origin is not this server' }
}

function address({ url = '/' }: IncomingMessage): URL | null {
  // `//x` would be read as a host; checkPath judges the target as it came.
  return URL.parse(url.replace(/^\/+/, '/'), 'http://127.0.0.1')
}

/** Turns away a path that climbs, starts anew or hides a separator. */
function checkPath({ url = '/' }: IncomingMessage): Refusal | null {
  let path: string
  try {
    path = decodeURIComponent(url.split('?', 1)[0] ?? '')
  } catch {
    return bad
  }
  const climbs = path.split('/').some(part => part === '..' || part === '.')
  if (!path.startsWith('/') || path.startsWith('//') || climbs || /[\\\0]|^\/[a-z]:/i.test(path))
    return { status: 403, reason: 'Path is outside the window' }
  return null
}

function knowsPass(guard: Guard, request: IncomingMessage): boolean {
  return sameSecret(cookie(request, cookieName(guard)), guard.pass)
}

/** Compares by digest, so that neither length nor content shows in the time taken. */
function sameSecret(given: string | undefined, expected: string): boolean {
  if (given === undefined) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function cookie(request: IncomingMessage, name: string): string | undefined {
  return request.headers.cookie
    ?.split(';')
    .map(pair => pair.trim())
    .find(pair => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)
}
