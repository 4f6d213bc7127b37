import type { Page } from 'playwright-core'

/** Calls of the page that wait at its connection until they are let on. */
export interface HeldCalls {
  /** Holds the calls of a method from now on. */
  hold(method: string): void
  /** How many are held now. */
  count(): number
  /** Lets on what is held, in its order, and all that comes. */
  pass(): void
}

/**
 * Takes the page's next connection between, so that the page is to be loaded anew.
 * @param delay milliseconds that each answer comes later
 */
export async function holdCalls(page: Page, delay = 0): Promise<HeldCalls> {
  const held: (() => void)[] = []
  let wanted: string | null = null
  await page.routeWebSocket(/./, socket => {
    const server = socket.connectToServer()
    socket.onMessage(message => {
      const pass = () => server.send(message)
      if (wanted !== null && Buffer.from(message).includes(wanted)) held.push(pass)
      else pass()
    })
    if (delay > 0) server.onMessage(message => void setTimeout(() => socket.send(message), delay))
  })
  return {
    hold: method => void (wanted = method),
    count: () => held.length,
    pass() {
      wanted = null
      for (const pass of held.splice(0)) pass()
    }
  }
}
