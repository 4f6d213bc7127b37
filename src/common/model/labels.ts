import type { Token } from './token.ts'

/** Labels as tokens, for predictions of a model that classifies. */
export function labelTokens(labels: readonly string[], indices: readonly number[]): Token[] {
  return indices.map(id => {
    const text = labels[id] ?? `LABEL_${id}`
    return { id, piece: text, text, start: 0, end: 0, special: false }
  })
}

/**
 * The label that is typed: by its name, whose capitals do not matter where no other has it so, or by `#` and its number.
 * @returns in words why there is none
 */
export function typedLabel(labels: readonly string[], typed: string): Token | string {
  const name = typed.trim()
  const [, number] = /^#(\d+)$/.exec(name) ?? []
  const alike = [...labels.keys()].filter(id => labels[id]!.toLowerCase() === name.toLowerCase())
  const own = labels.indexOf(name)
  const id = own >= 0 ? own : number !== undefined ? Number(number) : alike[0]
  if (own < 0 && number === undefined && alike.length > 1)
    return `${alike.length} labels are “${name}” but for capitals: type one of them as it is`
  if (id === undefined || id >= labels.length)
    return `There is no label “${name}”: this model has ${someOf(labels)}`
  return labelTokens(labels, [id])[0]!
}

function someOf(labels: readonly string[]): string {
  const named = labels.slice(0, 4).map(label => `“${label}”`)
  const more = labels.length - named.length
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ')
}
