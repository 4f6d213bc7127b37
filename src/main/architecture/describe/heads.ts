import type { Asking } from './asking.ts'

/** How the widths of attention divide into heads. */
export interface Heads {
  readonly nHeads: number
  readonly nKeyValueHeads: number
  readonly dHead: number
}

/** Widths of a head, the commonest first; small models have narrow ones. */
const common = [64, 128, 32, 96, 80, 256, 48, 40, 16, 24, 8]
const commonInSmall = [32, 64, 16, 24, 48, 8]

/**
 * Asks for the number of heads.
 * @param known the width of a head, where a tensor tells
 */
export function headsOf(
  asking: Asking,
  queryWidth: number,
  keyWidth: number,
  known: number | null
): Heads {
  const heads = (dHead: number): Heads => ({
    nHeads: queryWidth / dHead,
    nKeyValueHeads: keyWidth / dHead,
    dHead
  })
  if (known !== null && divides(known, queryWidth, keyWidth)) return heads(known)
  const stated = statedHeads(asking, queryWidth)
  const given = asking.given('heads')
  const isGiven = given !== undefined && given !== String(stated?.count)
  if (stated !== null && !isGiven && divides(queryWidth / stated.count, queryWidth, keyWidth)) {
    const found = heads(queryWidth / stated.count)
    asking.settled({ label: 'Heads', text: headsText(found), field: stated.field })
    return found
  }
  const preferred = queryWidth < 320 ? commonInSmall : common
  const rank = (dHead: number) => preferred.indexOf(dHead) + 1 || Infinity
  const widths = Array.from({ length: keyWidth }, (_, i) => i + 2)
    .filter(dHead => divides(dHead, queryWidth, keyWidth))
    .sort((a, b) => compare(rank(a), rank(b)) || b - a)
    .slice(0, 24)
  const misfit =
    stated === null || isGiven
      ? ''
      : `The file says ${stated.count} (${stated.field}), which does not divide ${queryWidth}. `
  const nHeads = asking.choice(
    {
      id: 'heads',
      label: 'Heads',
      help: `${misfit}The matrices of all heads lie in one, so shapes do not tell how many there are.`,
      basis: 'open'
    },
    widths.map(dHead => ({
      value: String(queryWidth / dHead),
      text: headsText(heads(dHead)),
      note: `d_head ${dHead}`
    }))
  )
  return heads(queryWidth / Number(nHeads))
}

/** How many heads a file says there are, or how wide one is. */
function statedHeads(
  { says: { width } }: Asking,
  queryWidth: number
): { readonly count: number; readonly field: string } | null {
  const [heads, dHead] = [width('heads'), width('dHead')]
  if (heads !== null) return { count: Number(heads.value), field: heads.field }
  return dHead && { count: queryWidth / Number(dHead.value), field: dHead.field }
}

function headsText({ nHeads, nKeyValueHeads }: Heads): string {
  const heads = `${nHeads} ${nHeads === 1 ? 'head' : 'heads'}`
  return nKeyValueHeads === nHeads ? heads : `${heads}, ${nKeyValueHeads} of keys and values`
}

function divides(dHead: number, queryWidth: number, keyWidth: number): boolean {
  return (
    Number.isInteger(dHead) &&
    queryWidth % dHead === 0 &&
    keyWidth % dHead === 0 &&
    (queryWidth / dHead) % (keyWidth / dHead) === 0
  )
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}
