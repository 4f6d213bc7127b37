/** Who is there: windows and scripts, each over a connection, or over none for a moment. */
export interface Clients {
  /**
   * Says that a client has a connection.
   * @returns what says that this connection has ended
   */
  connected(client: string): () => void
  /** Whether a client has a connection now. */
  isConnected(client: string): boolean
  /** Tells of a client that has had no connection for as long as a reload or a break in the line may take. */
  onGone(listener: (client: string) => void): void
  close(): void
}

/** @param grace how long a client may be without a connection, in ms */
export function createClients(grace = 30_000): Clients {
  /** Connections of each client that is there. */
  const connections = new Map<string, number>()
  const leaving = new Map<string, NodeJS.Timeout>()
  const listeners: ((client: string) => void)[] = []

  function leave(client: string): void {
    leaving.delete(client)
    for (const listener of listeners) listener(client)
  }

  function disconnected(client: string): void {
    const left = (connections.get(client) ?? 1) - 1
    if (left > 0) return void connections.set(client, left)
    connections.delete(client)
    // Nobody waits for it: the program may end meanwhile.
    leaving.set(client, setTimeout(leave, grace, client).unref())
  }

  return {
    connected(client) {
      clearTimeout(leaving.get(client))
      leaving.delete(client)
      connections.set(client, (connections.get(client) ?? 0) + 1)
      let isOver = false
      return () => {
        if (!isOver) disconnected(client)
        isOver = true
      }
    },
    isConnected: client => connections.has(client),
    onGone: listener => void listeners.push(listener),
    close() {
      for (const timer of leaving.values()) clearTimeout(timer)
    }
  }
}
