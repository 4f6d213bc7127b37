import { readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { protocol } from 'electron'
import { contentPolicy } from '../content-policy.ts'

const scheme = 'lamella'

/** The origin of the desktop's window. */
export const windowOrigin = `${scheme}://app`

/** Makes the window's scheme a standard and secure one; before the app is ready. */
export function registerWindowScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }
  ])
}

/** What answers `lamella://app/…`: the window's files in `folder` and nothing else. */
export function serveWindowFiles(
  folder: string
): [scheme: string, handler: (request: Request) => Promise<Response>] {
  return [
    scheme,
    async request => {
      const { host, pathname } = new URL(request.url)
      const path = pathname === '/' ? '/index.html' : pathname
      const file = join(folder, decoded(path))
      const type = types[extname(file)]
      if (host !== 'app' || request.method !== 'GET' || type === undefined) return notFound()
      if (!file.startsWith(folder + sep) || file.includes('\0')) return notFound()
      const bytes = await readFile(file).catch(() => null)
      return bytes === null ? notFound() : new Response(bytes, { headers: headers(type) })
    }
  ]
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm'
}

function headers(type: string): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': contentPolicy(),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer'
  }
}

function notFound(): Response {
  return new Response('Not Found', { status: 404, headers: headers('text/plain') })
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
