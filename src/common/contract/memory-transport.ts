import type { Transport } from './transport.ts'

/**
 * Two ends of a channel inside one program: what one end sends, the other receives, later and in order.
 * Messages are handed over as they are, not copied.
 */
export function memoryTransport(): TransportPair {
  const client = end()
  const server = end()
  let open = true
  const connect = (own: End, other: End): Transport => ({
    send: message => {
      if (open) void Promise.resolve().then(() => other.deliver(message))
    },
    onMessage: listener => void own.messageListeners.push(listener),
    onClose: listener => void own.closeListeners.push(listener)
  })
  return {
    client: connect(client, server),
    server: connect(server, client),
    close: () => {
      if (!open) return
      open = false
      for (const listener of [...client.closeListeners, ...server.closeListeners]) listener()
    }
  }
}

/** The two ends, and the way to end both. */
export interface TransportPair {
  readonly client: Transport
  readonly server: Transport
  readonly close: () => void
}

interface End {
  readonly messageListeners: ((message: unknown) => void)[]
  readonly closeListeners: (() => void)[]
  deliver(message: unknown): void
}

function end(): End {
  const messageListeners: End['messageListeners'] = []
  return {
    messageListeners,
    closeListeners: [],
    deliver: message => {
      for (const listener of messageListeners) listener(message)
    }
  }
}
