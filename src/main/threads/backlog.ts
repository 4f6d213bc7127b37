/** What a thread has been handed and has not done. */
export interface Backlog {
  /** Counts some bytes until their work has ended, however it ends. */
  add(bytes: number, work: Promise<unknown>): void
  /** Waits until less is left than the most there may be. */
  room(): Promise<void>
}

/** @param most bytes; who hands over more waits */
export function createBacklog(most: number): Backlog {
  const waiting: (() => void)[] = []
  let left = 0

  return {
    add(bytes, work) {
      left += bytes
      const done = () => {
        left -= bytes
        for (const goOn of waiting.splice(0)) goOn()
      }
      work.then(done, done)
    },
    async room() {
      while (left > most) await new Promise<void>(resolve => waiting.push(resolve))
    }
  }
}
