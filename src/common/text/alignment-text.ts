import { counted, exactCount } from './number-text.ts'

/** How two rows of tokens match, position by position, in one line; null where either has none. */
export function alignmentText(
  a: readonly { readonly id: number }[],
  b: readonly { readonly id: number }[]
): string | null {
  if (a.length === 0 || b.length === 0) return null
  const parting = differing(a, b)
  const [first] = parting
  if (a.length !== b.length) {
    const from = first === undefined ? '' : `: positions no longer match from ${first} on`
    return `${exactCount(a.length)} and ${exactCount(b.length)} tokens${from}`
  }
  const count = counted(a.length, 'token')
  if (first === undefined) return `${count}, all the same`
  const told = parting.slice(0, mostTold).join(', ')
  const more = parting.length - mostTold
  const where = `${parting.length === 1 ? 'position' : 'positions'} ${told}`
  return `${count} each, which differ at ${where}${more > 0 ? ` and ${exactCount(more)} more` : ''}`
}

const mostTold = 4

/** Positions that both have, with other tokens; where one goes on, the first that only it has comes last. */
function differing(
  a: readonly { readonly id: number }[],
  b: readonly { readonly id: number }[]
): number[] {
  const shorter = Math.min(a.length, b.length)
  const both = Array.from({ length: shorter }, (_, i) => i).filter(i => a[i]!.id !== b[i]!.id)
  return a.length === b.length ? both : [...both, shorter]
}
