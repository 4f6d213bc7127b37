import type { Transport } from './transport.ts'
import { decodeMessage, encodeMessage } from './wire.ts'

/** The part of a WebSocket that browsers and Node share. */
export interface SocketLike {
  binaryType: string
  readonly bufferedAmount: number
  send(data: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
}

/**
 * An open WebSocket as a transport of MessagePack messages. A message that cannot be read closes it, and
 * so does a reader who leaves more than `mostBuffered` bytes waiting.
 */
export function socketTransport(socket: SocketLike, mostBuffered = Infinity): Transport {
  socket.binaryType = 'arraybuffer'
  return {
    send: message => {
      const bytes = encodeMessage(message)
      if (socket.bufferedAmount > mostBuffered) socket.close(1013, 'Reads too slowly')
      else socket.send(bytes)
    },
    onMessage: listener =>
      socket.addEventListener('message', ({ data }) => {
        let message: unknown
        try {
          if (!(data instanceof ArrayBuffer)) throw new TypeError('Not binary')
          message = decodeMessage(data)
        } catch {
          socket.close(1007, 'Not MessagePack')
          return
        }
        listener(message)
      }),
    onClose: listener => socket.addEventListener('close', () => listener())
  }
}
