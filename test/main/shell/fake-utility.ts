/**
 * What Electron gives a utility process, for the Node process that stands in for one: loaded before its entry. Ports
 * are relayed by the process that `fake-electron.ts` runs in.
 */
import { EventEmitter } from 'node:events'

/** What crosses between the two, either way. */
export type Relayed =
  | { readonly kind: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'close'; readonly port: number }

const send = (message: Relayed) => void process.send?.(message)
const ports = new Map<number, RelayedPort>()

/** A MessagePortMain: an event emitter whose messages wait until it is started. */
class RelayedPort extends EventEmitter {
  readonly id: number
  private waiting: unknown[] | null = []
  constructor(id: number) {
    super()
    this.id = id
    ports.set(id, this)
  }
  postMessage(data: unknown) {
    send({ kind: 'port', port: this.id, data })
  }
  start() {
    const waiting = this.waiting ?? []
    this.waiting = null
    for (const data of waiting) this.emit('message', { data, ports: [] })
  }
  close() {
    send({ kind: 'close', port: this.id })
    ports.delete(this.id)
  }
  take(data: unknown) {
    if (this.waiting === null) this.emit('message', { data, ports: [] })
    else this.waiting.push(data)
  }
}

/** Its messages wait until somebody listens. */
class FakeParentPort extends EventEmitter {
  private waiting: unknown[] = []
  constructor() {
    super()
    this.on('newListener', (event: string) => {
      if (event !== 'message' || this.listenerCount('message') > 0) return
      const waiting = this.waiting.splice(0)
      queueMicrotask(() => {
        for (const event of waiting) this.emit('message', event)
      })
    })
  }
  postMessage(data: unknown) {
    send({ kind: 'message', data, ports: [] })
  }
  take(event: unknown) {
    if (this.listenerCount('message') === 0) this.waiting.push(event)
    else this.emit('message', event)
  }
}

const parentPort = new FakeParentPort()
Object.assign(process, { parentPort })

process.on('message', (message: Relayed) => {
  if (message.kind === 'message') {
    const given = message.ports.map(id => new RelayedPort(id))
    parentPort.take({ data: message.data, ports: given })
  } else if (message.kind === 'port') ports.get(message.port)?.take(message.data)
  else {
    ports.get(message.port)?.emit('close')
    ports.delete(message.port)
  }
})
// Chromium ends its processes with the browser's.
process.on('disconnect', () => process.exit(0))
