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
  const preferred = queryWidth < 320 ? commonInSmall : common
  const rank = (dHead: number) => preferred.indexOf(dHead) + 1 || Infinity
  const widths = Array.from({ length: keyWidth }, (_, i) => i + 2)
    .filter(dHead => divides(dHead, queryWidth, keyWidth))
    .sort((a, b) => compare(rank(a), rank(b)) || b - a)
    .slice(0, 24)
  const nHeads = asking.choice(
    {
      id: 'heads',
      label: 'Heads',
      help: 'The matrices of all heads lie in one, so shapes do not tell how many there are.',
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

function headsText({ nHeads, nKeyValueHeads }: Heads): string {
  const heads = `${nHeads} ${nHeads === 1 ? 'head' : 'heads'}`
  return nKeyValueHeads === nHeads ? heads : `${heads}, ${nKeyValueHeads} of keys and values`
}

function divides(dHead: number, queryWidth: number, keyWidth: number): boolean {
  return (
    queryWidth % dHead === 0 &&
    keyWidth % dHead === 0 &&
    (queryWidth / dHead) % (keyWidth / dHead) === 0
  )
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}
