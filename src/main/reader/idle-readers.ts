/** What can be idle: it ends its process, and starts another when it is asked again. */
export interface Resting {
  rest(): void
}

/** Readers that nobody asks. Of those, the ones that were asked last keep their processes. */
export interface IdleReaders {
  /** One is asked, or gone. */
  busy(reader: Resting): void
  /** Nobody asks one any more. */
  idle(reader: Resting): void
}

/** @param most of them that keep their processes */
export function createIdleReaders(most: number): IdleReaders {
  /** In the order in which they became idle. */
  const idle = new Set<Resting>()
  return {
    busy: reader => void idle.delete(reader),
    idle(reader) {
      idle.delete(reader)
      idle.add(reader)
      for (const longest of idle) {
        if (idle.size <= most) return
        idle.delete(longest)
        longest.rest()
      }
    }
  }
}
