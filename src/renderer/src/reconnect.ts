import type { EventName, EventPayload } from '#common/contract/api.ts'
import { type Client, clientName, connectApi, connectionLost } from '#common/contract/rpc.ts'
import type { Transport } from '#common/contract/transport.ts'

export type ConnectionState = 'connected' | 'reconnecting'

/**
 * A client that opens a new transport when one closes. Calls under way when it closes are rejected once and
 * not repeated; subscriptions last.
 * @param open opens a transport, or rejects when the other side cannot be reached
 * @param firstWait time in ms before the second try; doubled with each, up to 5 s
 * @throws what `open` throws the first time
 */
export async function reconnectingClient(
  open: () => Promise<Transport>,
  onState: (state: ConnectionState) => void,
  firstWait = 250
): Promise<Client> {
  const name = clientName()
  const subscriptions = new Set<(client: Client) => void>()
  let current: Client | null = null

  function use(transport: Transport): void {
    const client = connectApi(transport, name)
    for (const subscribe of subscriptions) subscribe(client)
    transport.onClose(() => {
      current = null
      onState('reconnecting')
      void reconnect(firstWait)
    })
    current = client
    onState('connected')
  }

  async function reconnect(wait: number): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, wait))
    const transport = await open().catch(() => null)
    if (transport === null) await reconnect(Math.min(wait * 2, 5_000))
    else use(transport)
  }

  use(await open())
  return {
    call: (method, params, options) =>
      current?.call(method, params, options) ?? Promise.reject(connectionLost()),
    on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void) {
      let end: (() => void) | undefined
      const subscribe = (client: Client) => {
        end = client.on(event, listener)
      }
      subscriptions.add(subscribe)
      if (current !== null) subscribe(current)
      return () => {
        subscriptions.delete(subscribe)
        end?.()
      }
    }
  }
}
