interface Place {
  readonly x: number
  readonly y: number
}

const directions: Readonly<Record<string, Place>> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 }
}

/** What lies aside counts so many times as far as what lies ahead. */
const aside = 2

/** The point that an arrow key goes to: the nearest ahead; null where there is none, or the key is no arrow. */
export function nextPoint(places: readonly Place[], from: number, key: string): number | null {
  const direction = directions[key]
  const own = places[from]
  if (!direction || !own) return null
  let best: { readonly at: number; readonly far: number } | null = null
  for (const [at, { x, y }] of places.entries()) {
    const [right, down] = [x - own.x, y - own.y]
    const ahead = right * direction.x + down * direction.y
    if (at === from || ahead <= 0) continue
    const far = ahead + aside * Math.abs(right * direction.y + down * direction.x)
    if (best === null || far < best.far) best = { at, far }
  }
  return best?.at ?? null
}
