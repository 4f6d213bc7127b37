import { LamellaError } from '../model/errors.ts'
import { checkClientMessage, ExtentError } from './message-extent.ts'
import type { Transport } from './transport.ts'
import { decodeMessage, encodeMessage } from './wire.ts'

/** Why a socket is closed; of the codes that a protocol has itself, a browser may send none. */
export const tooMuch = 4009
export const notUnderstood = 4007

/** The part of a WebSocket that browsers and Node share. */
export interface SocketLike {
  binaryType: string
  readonly bufferedAmount: number
  send(data: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
}

/** The window's end of an open WebSocket. What it sends keeps to what a client may say. */
export function clientSocket(socket: SocketLike): Transport {
  const send = (bytes: Uint8Array<ArrayBuffer>) => {
    try {
      checkClientMessage(bytes)
    } catch (error) {
      const hint = 'Use the command line for what is larger.'
      throw new LamellaError('invalid-argument', `The request ${(error as Error).message}`, hint)
    }
    socket.send(bytes)
  }
  return transportOver(socket, send, () => undefined)
}

/**
 * The server's end of an open WebSocket. A message that says more than a client may closes it, and so does a reader who
 * leaves more than `mostBuffered` bytes waiting.
 */
export function serverSocket(socket: SocketLike, mostBuffered: number): Transport {
  const send = (bytes: Uint8Array<ArrayBuffer>) => {
    if (socket.bufferedAmount > mostBuffered) socket.close(1013, 'Reads too slowly')
    else socket.send(bytes)
  }
  return transportOver(socket, send, checkClientMessage)
}

/** Messages travel as MessagePack; one that cannot be read closes the socket. */
function transportOver(
  socket: SocketLike,
  send: (bytes: Uint8Array<ArrayBuffer>) => void,
  check: (received: Uint8Array) => void
): Transport {
  socket.binaryType = 'arraybuffer'
  const receive = (data: unknown): unknown => {
    if (!(data instanceof ArrayBuffer)) throw new TypeError('Not binary')
    check(new Uint8Array(data))
    return decodeMessage(data)
  }
  return {
    send: message => send(encodeMessage(message)),
    onMessage: listener =>
      socket.addEventListener('message', ({ data }) => {
        let message: unknown
        try {
          message = receive(data)
        } catch (error) {
          const isTooMuch = error instanceof ExtentError
          socket.close(
            isTooMuch ? tooMuch : notUnderstood,
            isTooMuch ? error.message : 'Not MessagePack'
          )
          return
        }
        listener(message)
      }),
    onClose: listener => socket.addEventListener('close', () => listener())
  }
}
