import { type DesktopBridge, portMessage } from '#common/contract/desktop.ts'
import { LamellaError } from '#common/model/errors.ts'
import { portTransport } from '#common/contract/port-transport.ts'
import type { Client } from '#common/contract/rpc.ts'
import { protocolsWith, tokenInFragment } from '#common/contract/socket-token.ts'
import { clientSocket } from '#common/contract/socket-transport.ts'
import type { Transport } from '#common/contract/transport.ts'
import { type ConnectionState, reconnectingClient } from './reconnect.ts'

declare global {
  interface Window {
    /** Present in the desktop shell only. */
    readonly lamella?: DesktopBridge
  }
}

/**
 * The workbench this window belongs to: the desktop's over a MessagePort, else the server's over a
 * WebSocket. Either is connected again by itself.
 * @param onRefused is told where a server answers that does not let this tab in: it is another than the one that did
 * @throws LamellaError when there is no workbench to reach
 */
export function connectWorkbench(
  onState: (state: ConnectionState) => void = () => undefined,
  onRefused: () => void = () => undefined
): Promise<Client> {
  const { lamella } = window
  const open = lamella ? () => openPort(lamella) : () => openSocket(onRefused)
  return reconnectingClient(open, onState)
}

/** A port to the desktop's workbench, which comes once that answers. */
function openPort(bridge: DesktopBridge): Promise<Transport> {
  return new Promise(resolve => {
    const receive = (event: MessageEvent<unknown>) => {
      const [port] = event.ports
      if (event.source !== window || event.data !== portMessage || port === undefined) return
      window.removeEventListener('message', receive)
      resolve(portTransport(port))
    }
    window.addEventListener('message', receive)
    bridge.connect()
  })
}

function openSocket(onRefused: () => void): Promise<Transport> {
  const token = tabToken()
  if (token === null) return Promise.reject(notLetIn())
  const url = new URL('/rpc', window.location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  const socket = new WebSocket(url, protocolsWith(token))
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(clientSocket(socket)))
    socket.addEventListener('error', () => {
      void isAnswered().then(refused => {
        if (refused) onRefused()
        reject(refused ? notLetIn() : notAnswered())
      })
    })
  })
}

/** Whether a server answers where a socket was not opened: why it was not the page is not told. */
async function isAnswered(): Promise<boolean> {
  try {
    const { ok, status } = await fetch('/', { method: 'HEAD', signal: AbortSignal.timeout(5000) })
    return ok || status === 401
  } catch {
    return false
  }
}

/**
 * The token that this tab was let in with: it comes with the address, and is kept for reloads of the tab. In the
 * address it would stay in the browser's history.
 */
function tabToken(): string | null {
  const { hash, pathname, search } = window.location
  const given = tokenInFragment(hash)
  if (given !== null) {
    window.sessionStorage.setItem(tokenKey, given)
    window.history.replaceState(null, '', `${pathname}${search}`)
  }
  return window.sessionStorage.getItem(tokenKey)
}

const tokenKey = 'token'
const printedAddress = 'Open the address that Lamella printed when it started.'

function notAnswered(): LamellaError {
  return new LamellaError('disconnected', 'The workbench does not answer', printedAddress)
}

function notLetIn(): LamellaError {
  return new LamellaError('disconnected', 'This tab was not let in by its address', printedAddress)
}
