import type { IncomingMessage, ServerResponse } from 'node:http'
import { contentPolicy } from '../content-policy.ts'
import { cookieName, type Guard, judge, ownOrigins } from './guard.ts'

/** Answers requests for the window's files; calls `next` for what it has not. */
export type FileHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void
) => void

/** Answers a request: refuses it, lets a browser in, or hands it to the window's files. */
export function respond(
  guard: Guard,
  window: { readonly files: FileHandler; readonly folder?: string | undefined },
  request: IncomingMessage,
  response: ServerResponse
): void {
  setSecurityHeaders(guard, response)
  const url = judge(guard, request)
  if (!(url instanceof URL)) finish(response, url.status, url.reason)
  else if (request.method !== 'GET' && request.method !== 'HEAD')
    finish(response.setHeader('Allow', 'GET, HEAD'), 405, 'Method Not Allowed')
  else if (hasBody(request)) finish(response, 413, 'No body is expected')
  else if (url.searchParams.has('token')) letIn(guard, window.folder, request, response)
  else window.files(request, response, () => finish(response, 404, 'Not Found'))
}

/** Turns the token in the address into a cookie and shows the window under a clean address. */
function letIn(
  guard: Guard,
  folder: string | undefined,
  request: IncomingMessage,
  response: ServerResponse
): void {
  const clean = folder === undefined ? '/' : `/?open=${encodeURIComponent(folder)}`
  response.setHeader(
    'Set-Cookie',
    `${cookieName(guard)}=${guard.token}; HttpOnly; SameSite=Strict; Path=/`
  )
  const from = request.headers['sec-fetch-site']
  if (from === 'cross-site' || from === 'same-site') {
    // A strict cookie does not follow a redirect that began elsewhere, but does a page's own step.
    response.setHeader('Refresh', `0; url=${clean}`)
    finish(response, 200, 'Opening Lamella')
  } else {
    response.setHeader('Location', clean)
    finish(response, 303, 'Opening Lamella')
  }
}

function setSecurityHeaders(guard: Guard, response: ServerResponse): void {
  // A policy cannot name an IPv6 host; there, 'self' has to do.
  const sockets = ownOrigins(guard)
    .filter(origin => !origin.includes('['))
    .map(origin => origin.replace('http', 'ws'))
  response.setHeader('Content-Security-Policy', contentPolicy(sockets))
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Cache-Control', 'no-store')
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
}

function finish(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  if (status >= 400) response.setHeader('Connection', 'close')
  response.end(`${text}\n`)
}
