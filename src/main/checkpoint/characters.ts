import { asKind, type PickleValue } from './pickle-value.ts'

/** What scripts call the characters by their ids, or the ids by their characters. */
const usualNames = [
  ...['itos', 'stoi', 'chars', 'characters', 'alphabet'],
  ...['idx_to_char', 'idx2char', 'ix_to_char', 'int_to_char', 'id_to_char'],
  ...['char_to_idx', 'char2idx', 'char_to_ix', 'char_to_int', 'char_to_id'],
  ...['vocab', 'vocabulary']
]

/** Parts of a checkpoint that such a table may stand in. */
const partNames = ['meta', 'tokenizer', 'vocab', 'vocabulary', 'dataset', 'config', 'args']

/** More than any alphabet has. */
const limit = 2 ** 17

/**
 * What ids stand for, from 0, as nanoGPT's meta.pkl and checkpoints of home-made models say it: `itos`, `stoi`, `chars` and the
 * like, at the top or in a part for it.
 * @returns null where there is no such table, or its ids are not those from 0 on
 */
export function charactersIn(root: PickleValue): string[] | null {
  const top = entriesOf(root)
  const levels = [top, ...partNames.map(name => entriesOf(top?.get(name)))]
  for (const entries of levels)
    for (const name of usualNames) {
      const found = tableOf(entries?.get(name))
      if (found !== null) return found
    }
  return null
}

function entriesOf(value: PickleValue | undefined): ReadonlyMap<PickleValue, PickleValue> | null {
  const instance = asKind(value, 'instance')
  return (asKind(instance?.state, 'dict') ?? asKind(value, 'dict'))?.entries ?? null
}

function tableOf(value: PickleValue | undefined): string[] | null {
  if (typeof value === 'string') return ofIds([...value].entries())
  const list = asKind(value, 'list') ?? asKind(value, 'tuple')
  if (list) return ofIds(list.items.entries())
  const entries = asKind(value, 'dict')?.entries
  if (!entries) return null
  return ofIds([...entries].map(([a, b]) => (typeof a === 'string' ? [b, a] : [a, b])))
}

/** Each id once, from 0 on. */
function ofIds(entries: Iterable<readonly [PickleValue, PickleValue]>): string[] | null {
  const found: string[] = []
  let count = 0
  for (const [id, piece] of entries) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= limit) return null
    if (typeof piece !== 'string' || found[id] !== undefined) return null
    found[id] = piece
    count++
  }
  return count > 0 && count === found.length ? found : null
}
