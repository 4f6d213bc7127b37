import type { Transport } from './transport.ts'

/** The part of a MessagePort that browsers and Node share. */
export interface PortLike {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: () => void): void
  start(): void
}

/** A MessagePort as a transport. Messages wait in the port until someone listens. */
export function portTransport(port: PortLike): Transport {
  return {
    send: message => port.postMessage(message),
    onMessage: listener => {
      port.addEventListener('message', event => listener(event.data))
      port.start()
    },
    onClose: listener => port.addEventListener('close', () => listener())
  }
}
