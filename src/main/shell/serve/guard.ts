import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who may ask: whoever knows the token, from this machine, from this server's own pages. */
export interface Guard {
  readonly port: number
  readonly token: string
}

/** Why a request is turned away. */
export interface Refusal {
  readonly status: number
  readonly reason: string
}

/** The address a request asks for, or why it is turned away; the host is checked first. */
export function judge(guard: Guard, request: IncomingMessage): URL | Refusal {
  const target = request.url ?? '/'
  // `//x` would be read as a host; checkPath judges the target as it came.
  const url = URL.parse(target.replace(/^\/+/, '/'), 'http://127.0.0.1')
  return (
    checkHost(guard, request) ??
    checkToken(guard, request, url) ??
    checkPath(target) ??
    url ?? { status: 400, reason: 'Address is not valid' }
  )
}

/** Turns away a WebSocket, its host already checked, that a page of another origin, or none, opens. */
export function checkOrigin(request: IncomingMessage): Refusal | null {
  if (request.headers.origin === `http://${request.headers.host}`) return null
  return { status: 403, reason: 'Origin is not this server' }
}

/** The origins under which this server's own pages are seen. */
export function ownOrigins({ port }: Guard): string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].map(host => `http://${host}:${port}`)
}

/** The cookie's name; it holds the port because cookies do not keep ports apart. */
export function cookieName({ port }: Guard): string {
  return `lamella-${port}`
}

/** Turns away a Host that is not this machine's, so that no foreign name can be pointed at it. */
function checkHost(guard: Guard, request: IncomingMessage): Refusal | null {
  const host = request.headers.host
  if (host !== undefined && ownOrigins(guard).includes(`http://${host}`)) return null
  return { status: 403, reason: 'Host is not this server' }
}

/** Turns away a request without the token; one in a page's address counts before the cookie. */
function checkToken(guard: Guard, request: IncomingMessage, url: URL | null): Refusal | null {
  const addressed = request.headers.upgrade === undefined ? url?.searchParams.get('token') : null
  const given = addressed ?? cookie(request, cookieName(guard))
  if (given !== undefined && sameSecret(given, guard.token)) return null
  return { status: 401, reason: 'Open the address that Lamella printed when it started' }
}

/** Turns away a path that climbs, starts anew or hides a separator. */
function checkPath(target: string): Refusal | null {
  let path: string
  try {
    path = decodeURIComponent(target.split('?', 1)[0] ?? '')
  } catch {
    return { status: 400, reason: 'Address is not valid' }
  }
  const climbs = path.split('/').some(part => part === '..' || part === '.')
  if (!path.startsWith('/') || path.startsWith('//') || climbs || /[\\\0]|^\/[a-z]:/i.test(path))
    return { status: 403, reason: 'Path is outside the window' }
  return null
}

/** Compares by digest, so that neither length nor content shows in the time taken. */
function sameSecret(given: string, expected: string): boolean {
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
