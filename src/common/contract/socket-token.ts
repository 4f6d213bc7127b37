/**
 * How a page shows a server that it was let in: by a token among the protocols that its socket asks for. A cookie would
 * not do, for browsers send it to whatever listens on this machine, on any port; what a page says itself goes to
 * its own server alone.
 */
export function protocolsWith(token: string): string[] {
  return [socketProtocol, `${tokenMark}${token}`]
}

/** The one that a server agrees to. */
export const socketProtocol = 'lamella'

/** The token among the protocols that a socket asks for, as its header has them. */
export function tokenAmong(protocols: string | undefined): string | undefined {
  const asked = protocols?.split(',').map(name => name.trim()) ?? []
  return asked.find(name => name.startsWith(tokenMark))?.slice(tokenMark.length)
}

/** The fragment of the page's address that hands it the token. */
export function tokenFragment(token: string): string {
  return `token=${token}`
}

/** The token in a page's address, such as `#token=…`. */
export function tokenInFragment(hash: string): string | null {
  return /^#token=([\w-]+)$/.exec(hash)?.[1] ?? null
}

const tokenMark = 'token.'
