import type { TensorTable } from './tensor-table.ts'

/** Names as the model itself says them, of tensors that were stored from inside of something. */
export interface Naming {
  /** The words that every name begins with in the file and not in the model, such as `module.`; empty for none. */
  readonly prefix: string
  /** Wrappers' words that were left out inside of names. */
  readonly words: readonly string[]
  /** The stored name of every tensor by the model's own; what stands beside the model keeps its name. */
  readonly stored: ReadonlyMap<string, string>
}

/** Words that compiling, sharding and checkpointing put into names, wherever they wrap a module. */
const wrapping = new Set([
  '_orig_mod',
  '_fsdp_wrapped_module',
  '_fpw_module',
  '_checkpoint_wrapped_module',
  '_forward_module'
])

/** Words before a whole model that are tried, and how many of them may stand one after another. */
const mostPrefixes = 32
const mostWords = 8

/** Names that all tries together go through: of a million tensors, which are no model's, there are few. */
const mostNames = 300_000

/**
 * The ways in which a checkpoint's names may be a model's own behind words of what wrapped it, the likeliest first: those with
 * the most tensors, and of as many those that leave out least.
 */
export function* namings(tensors: TensorTable): Generator<Naming> {
  const names = [...tensors.keys()]
  const words = [...wrapping].filter(word => names.some(name => hasWord(name, word)))
  const bare = new Map(names.map(name => [withoutWrapping(name), name]))
  // Two copies of a tensor, one of them wrapped: neither is the other's.
  if (bare.size < names.length) return
  if (words.length > 0) yield { prefix: '', words, stored: bare }
  for (const prefix of prefixesOf([...bare.keys()])) {
    const own = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name)
    const stored = new Map([...bare].map(([name, of]) => [own(name), of]))
    if (stored.size === bare.size) yield { prefix, words, stored }
  }
}

function hasWord(name: string, word: string): boolean {
  return name.includes(word) && name.split('.').includes(word)
}

function withoutWrapping(name: string): string {
  const words = name.split('.')
  return words.filter(word => !wrapping.has(word)).join('.')
}

/** Beginnings that several names share, those of the most names first. */
function prefixesOf(names: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const name of names) {
    let end = 0
    for (let words = 0; words < mostWords; words++) {
      end = name.indexOf('.', end) + 1
      if (end === 0) break
      const prefix = name.slice(0, end)
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1)
    }
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort(([a, of], [b, others]) => others - of || a.length - b.length)
    .slice(0, Math.min(mostPrefixes, Math.floor(mostNames / names.length)))
    .map(([prefix]) => prefix)
}
