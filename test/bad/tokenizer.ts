/** A pattern of groups within groups, which V8 takes until it compiles it. */
export function groups(depth: number): string {
  return `${'(a|'.repeat(depth)}b${')'.repeat(depth)}`
}

/** A pattern of words that begin alike. */
export function alternatives(count: number): string {
  return Array.from({ length: count }, (_, i) => `a${i.toString(36)}`).join('|')
}

/** A tokenizer.json of two letters that is split by a pattern. */
export function tokenizerSplitAt(pattern: string): string {
  return JSON.stringify({
    model: { type: 'WordLevel', vocab: { a: 0, b: 1 }, unk_token: 'a' },
    pre_tokenizer: { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated' },
    decoder: { type: 'Fuse' }
  })
}
