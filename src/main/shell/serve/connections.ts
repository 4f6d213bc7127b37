import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Tells who has shown what on its connection. */
export interface Connections {
  /** It may read the window's files: it gives way after those that have shown nothing. */
  visit(connection: Duplex): void
  /** It is a window: it never gives way, and is not counted. */
  admit(connection: Duplex): void
}

/**
 * Keeps the connections that are no window's few: with one too many the oldest of those that have shown nothing ends, else
 * the oldest of all. Whoever opens many keeps nobody out that shows at once who it is.
 */
export function boundConnections(server: Server, most: number): Connections {
  /** The oldest first. */
  const strangers = new Set<Duplex>()
  const visitors = new Set<Duplex>()
  const forget = (connection: Duplex) => {
    strangers.delete(connection)
    visitors.delete(connection)
  }
  server.on('connection', connection => {
    if (strangers.size + visitors.size >= most) {
      const [oldest] = [...strangers.values().take(1), ...visitors.values().take(1)]
      forget(oldest!)
      oldest!.destroy()
    }
    strangers.add(connection)
    connection.once('close', () => forget(connection))
  })
  return {
    visit(connection) {
      if (strangers.delete(connection)) visitors.add(connection)
    },
    admit: forget
  }
}
