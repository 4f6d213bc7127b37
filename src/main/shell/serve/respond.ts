import type { IncomingMessage, ServerResponse } from 'node:http'
import { tokenFragment } from '#common/contract/socket-token.ts'
import { contentPolicy } from '../content-policy.ts'
import type { Connections } from './connections.ts'
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
  response: ServerResponse,
  connections: Pick<Connections, 'visit'>
): void {
  setSecurityHeaders(guard, response)
  const url = judge(guard, request)
  if (url instanceof URL) connections.visit(request.socket)
  if (!(url instanceof URL)) finish(response, url.status, url.reason)
  else if (request.method !== 'GET' && request.method !== 'HEAD')
    finish(response.setHeader('Allow', 'GET, HEAD'), 405, 'Method Not Allowed')
  else if (hasBody(request)) finish(response, 413, 'No body is expected')
  else if (url.searchParams.has('token')) letIn(guard, window.folder, request, response)
  else window.files(request, response, () => finish(response, 404, 'Not Found'))
}

/**
 * Gives a browser that knows the token the cookie, and the page the token, in the part of its address that is sent to
 * nobody: the page keeps it for its tab and takes it out of the address.
 */
function letIn(
  guard: Guard,
  folder: string | undefined,
  request: IncomingMessage,
  response: ServerResponse
): void {
  const query = folder === undefined ? '' : `?open=${encodeURIComponent(folder)}`
  const step = `/${query}#${tokenFragment(guard.token)}`
  response.setHeader(
    'Set-Cookie',
    `${cookieName(guard)}=${guard.pass}; HttpOnly; SameSite=Strict; Path=/`
  )
  const from = request.headers['sec-fetch-site']
  if (from === 'cross-site' || from === 'same-site') {
    // A strict cookie does not follow a redirect that began elsewhere, but does a page's own step.
    response.setHeader('Refresh', `0; url=${step}`)
    finish(response, 200, 'Opening Lamella')
  } else {
    response.setHeader('Location', step)
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
