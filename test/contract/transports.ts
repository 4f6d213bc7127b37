import { MessageChannel } from 'node:worker_threads'
import { WebSocket } from 'ws'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { type PortLike, portTransport } from '#common/contract/port-transport.ts'
import { type ApiSource, serveApi } from '#common/contract/rpc.ts'
import { protocolsWith } from '#common/contract/socket-token.ts'
import { clientSocket } from '#common/contract/socket-transport.ts'
import type { Transport } from '#common/contract/transport.ts'
import { cookieName } from '../../src/main/shell/serve/guard.ts'
import { type RunningServer, startServer } from '../../src/main/shell/serve/server.ts'

/** A source served over one kind of transport. */
export interface Served {
  readonly client: Transport
  close(): Promise<void>
}

/** Every way the API travels, by name. */
export const transports: Record<string, (source: ApiSource) => Promise<Served>> = {
  memory: source => {
    const pair = memoryTransport()
    serveApi(source, pair.server)
    return Promise.resolve({ client: pair.client, close: () => Promise.resolve(pair.close()) })
  },
  port: source => {
    const { port1, port2 } = new MessageChannel()
    serveApi(source, portTransport(port1 as unknown as PortLike))
    return Promise.resolve({
      client: portTransport(port2 as unknown as PortLike),
      close: () => Promise.resolve(port1.close())
    })
  },
  socket: async source => {
    const server = await startServer({ source, files: (_request, _response, next) => next() })
    const socket = await openSocket(server)
    return { client: clientSocket(socket), close: () => server.close() }
  }
}

/** The headers of this server's own page. */
export function ownHeaders(server: Pick<RunningServer, 'port' | 'pass'>): Record<string, string> {
  return { origin: originOf(server), cookie: `${cookieName(server)}=${server.pass}` }
}

export function originOf({ port }: Pick<RunningServer, 'port'>): string {
  return `http://127.0.0.1:${port}`
}

/**
 * A socket to the server's API, open.
 * @throws Error holding the status when the server refuses
 */
export function openSocket(
  server: Pick<RunningServer, 'port' | 'token'>,
  headers: Record<string, string> = { origin: originOf(server) },
  path = '/rpc',
  protocols = protocolsWith(server.token)
): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocols, { headers })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}
