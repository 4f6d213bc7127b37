import { type DesktopBridge, portMessage } from '#common/contract/desktop.ts'
import { LamellaError } from '#common/model/errors.ts'
import { portTransport } from '#common/contract/port-transport.ts'
import type { Client } from '#common/contract/rpc.ts'
import { socketTransport } from '#common/contract/socket-transport.ts'
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
 * @throws LamellaError when there is no workbench to reach
 */
export function connectWorkbench(
  onState: (state: ConnectionState) => void = () => undefined
): Promise<Client> {
  const { lamella } = window
  return reconnectingClient(lamella ? () => openPort(lamella) : openSocket, onState)
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

function openSocket(): Promise<Transport> {
  const url = new URL('/rpc', window.location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  const socket = new WebSocket(url)
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socketTransport(socket)))
    socket.addEventListener('error', () =>
      reject(new LamellaError('disconnected', 'The workbench does not answer'))
    )
  })
}
