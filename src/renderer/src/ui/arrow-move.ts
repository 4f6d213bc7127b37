const moves: Readonly<Record<string, readonly [layer: number, head: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1]
}

/** Where a key goes in a grid of layers and heads; null where it goes nowhere. */
export function arrowMove(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>
): readonly [layer: number, head: number] | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  return moves[event.key] ?? null
}
