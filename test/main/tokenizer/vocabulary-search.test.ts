import { describe, expect, it } from 'vitest'
import { VocabularyQuery } from '#common/model/vocabulary.ts'
import { idToken } from '#common/model/token.ts'
import { vocabularySearch } from '../../../src/main/tokenizer/vocabulary-search.ts'

const pieces = ['[CLS]', 'Ġthe', 'The', 'שלום', 'Ã', '123', null, 'abיי']
const texts = ['[CLS]', ' the', 'The', 'שלום', '\ufffd', '123', null, 'abיי']
const tokenizer = {
  vocabularySize: pieces.length,
  describe: (ids: readonly number[]) =>
    ids.map(id => {
      const [piece, text] = [pieces[id], texts[id]]
      return piece == null || text == null
        ? idToken(id)
        : { id, piece, text, start: 0, end: 0, special: id === 0 }
    })
}
const found = (query: Partial<VocabularyQuery>, rows: number | null = 10) =>
  vocabularySearch(tokenizer, rows)(VocabularyQuery.parse(query))
const ids = (query: Partial<VocabularyQuery>) => [...found(query).ids]

describe('a search in a vocabulary', () => {
  it.each([
    [{}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [{ search: 'the' }, [1, 2]],
    [{ search: 'ġ' }, [1]],
    [{ search: '#5' }, [5]],
    [{ search: '^T', pattern: true }, [2]],
    [{ search: '^\\p{N}+$', pattern: true }, [5]],
    [{ kind: 'special' as const }, [0]],
    [{ kind: 'bytes' as const }, [4]],
    [{ kind: 'unused' as const }, [6, 8, 9]],
    [{ script: 'Hebrew' }, [3]],
    [{ script: 'several' }, [7]],
    [{ least: 4, most: 4 }, [1, 3, 7]],
    [{ least: 5 }, [0]],
    [{ search: 'the', order: 'length' as const, descending: true }, [1, 2]],
    [{ search: 'the', order: 'text' as const }, [1, 2]],
    [{ search: 'the', order: 'text' as const, descending: true }, [2, 1]]
  ])('of %j', (query, expected) => {
    expect(ids(query)).toEqual(expected)
  })

  it('counts kinds and scripts of all, and lengths of what was found', () => {
    const { tokens, kinds, scripts, lengths } = found({ search: 'the' })
    expect(tokens).toBe(7)
    expect(kinds).toContainEqual({ name: 'unused', count: 3 })
    expect(kinds[0]).toEqual({ name: 'letters', count: 4 })
    expect(scripts).toContainEqual({ name: 'Latin', count: 2 })
    expect(lengths.slice(0, 6)).toEqual([0, 0, 0, 1, 1, 0])
  })

  it('says which tokens have no row', () => {
    expect([...found({ kind: 'beyond' }, 6).ids]).toEqual([7])
    expect(found({ kind: 'beyond' }, null).ids).toHaveLength(0)
  })

  it('refuses what is no pattern, and stops one that does not end', () => {
    expect(() => found({ search: '(', pattern: true })).toThrow(/^\(: no regular expression/)
    const slow = {
      vocabularySize: 1,
      describe: () => [{ ...idToken(0), piece: 'a'.repeat(40), text: `${'a'.repeat(40)}!` }]
    }
    const search = vocabularySearch(slow, null)
    const query = VocabularyQuery.parse({ search: '^(a+)+$', pattern: true })
    expect(() => search(query)).toThrow(
      expect.objectContaining({
        message: 'Searching the vocabulary was stopped after 0.5 s',
        hint: expect.stringContaining('regular expression') as string
      })
    )
  })
})
