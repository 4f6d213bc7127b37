import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { LamellaError } from '#common/model/errors.ts'
import { type ApiSource, serveApi } from '#common/contract/rpc.ts'
import { clientMessage } from '#common/contract/message-extent.ts'
import { socketProtocol } from '#common/contract/socket-token.ts'
import { serverSocket } from '#common/contract/socket-transport.ts'
import { boundConnections } from './connections.ts'
import { type Guard, judgeSocket, type Refusal } from './guard.ts'
import { type FileHandler, respond } from './respond.ts'

/** What a client may take of the server; times in ms, sizes in bytes. */
export interface ServerLimits {
  /** Connections that are no window's. */
  readonly connections: number
  /** Most that may wait for a client to read. */
  readonly buffered: number
  /** Longest that a connection may take to say what it wants. */
  readonly request: number
  /** How often a socket must show that its other side is there. */
  readonly ping: number
}

type SocketHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export interface ServerOptions {
  readonly source: ApiSource
  readonly files: FileHandler
  /** 0 or absent: any free one. */
  readonly port?: number | undefined
  /** Folder that the window opens at first. */
  readonly folder?: string | undefined
  readonly limits?: Partial<ServerLimits>
  /** Takes WebSockets that are not the API's, such as the development server's. */
  readonly otherSocket?: SocketHandler | undefined
}

export interface RunningServer extends Guard {
  /** The address that lets a browser in. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the window over HTTP and the API over a WebSocket at `/rpc`, on loopback only, to those alone that its token
 * has let in.
 * @throws LamellaError when the port is taken
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const limits = { ...defaultLimits, ...options.limits }
  const server = createServer({
    headersTimeout: limits.request,
    requestTimeout: limits.request,
    connectionsCheckingInterval: Math.min(limits.request, 5_000),
    keepAliveTimeout: 5_000,
    maxHeaderSize: 16 * 1024
  })
  const connections = boundConnections(server, limits.connections)
  server.setTimeout(limits.request * 2)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: clientMessage.whole,
    perMessageDeflate: false,
    handleProtocols: () => socketProtocol
  })
  const accept: SocketHandler = (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, client => {
      // A client that breaks the protocol or the limits is closed by ws; that concerns nobody else.
      client.on('error', () => client.terminate())
      pingClient(client, limits.ping)
      connections.admit(socket)
      serveApi(options.source, serverSocket(client, limits.buffered))
    })

  const port = await listen(server, options.port ?? 0)
  const guard: Guard = { port, token: secret(), pass: secret() }
  server.on('request', (request, response) =>
    respond(guard, options, request, response, connections)
  )
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const url = judgeSocket(guard, request)
    if (!(url instanceof URL)) refuse(socket, url)
    else if (url.pathname === '/rpc') accept(request, socket, head)
    else if (options.otherSocket) options.otherSocket(request, socket, head)
    else refuse(socket, { status: 404, reason: 'Not Found' })
  })

  return {
    ...guard,
    url: `http://127.0.0.1:${port}/?token=${guard.token}`,
    close: () => {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    }
  }
}

const defaultLimits: ServerLimits = {
  connections: 256,
  buffered: 512 * 2 ** 20,
  request: 5_000,
  ping: 30_000
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = ({ message }: Error) =>
      reject(new LamellaError('invalid-argument', `port ${port}: ${message}`))
    server.once('error', fail)
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function refuse(socket: Duplex, { status, reason }: Refusal): void {
  const head = `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
  socket.end(head, () => socket.destroy())
}

/** Ends a socket whose other side no longer answers. */
function pingClient(client: WebSocket, every: number): void {
  let answered = true
  client.on('pong', () => {
    answered = true
  })
  const timer = setInterval(() => {
    if (!answered) return client.terminate()
    answered = false
    client.ping()
  }, every)
  client.on('close', () => clearInterval(timer))
}
