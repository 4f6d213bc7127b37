import { withoutIsolates } from '../text/token-text.ts'

/** What stands above figures beside each other: above all of them, null for nothing, and above each. */
export interface Headings {
  readonly title: string | null
  readonly names: readonly string[]
}

/**
 * Says once what the titles of figures beside each other have in common, and of each beneath that what tells it from the others.
 * @param titles of each, such as `gpt2 · Head 1.3`; null of one that has none
 * @param names of each, which may say some of that again
 */
export function saidOnce(titles: readonly (string | null)[], names: readonly string[]): Headings {
  const [first = [], ...others] = titles.map(piecesOf)
  const shared = first.filter(piece => others.every(own => has(own, piece)))
  const told = names.map((name, i) => {
    const own = piecesOf(name).filter(piece => !has(shared, piece))
    const rest = piecesOf(titles[i] ?? null).filter(
      piece => !has(shared, piece) && !withoutIsolates(name).includes(withoutIsolates(piece))
    )
    return [...own, ...rest].join(between)
  })
  // Where a name says no more than all do it still stands above its own.
  const isTold = told.every(text => text !== '')
  return {
    title: shared.length === 0 ? null : shared.join(between),
    names: isTold ? told : names
  }
}

const between = ' · '

function piecesOf(text: string | null): string[] {
  return text === null || text === '' ? [] : text.split(between)
}

function has(pieces: readonly string[], piece: string): boolean {
  return pieces.some(own => withoutIsolates(own) === withoutIsolates(piece))
}
