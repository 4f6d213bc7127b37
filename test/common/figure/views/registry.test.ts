import { describe, expect, it } from 'vitest'
import { analysisFactsNamed } from '#common/analysis/registry.ts'
import { figureViews } from '#common/figure/views/registry.ts'

describe('figures by name', () => {
  it.each(figureViews.map(view => [view.name, view] as const))(
    '%s says which analyses it is of, by their names',
    (_, { analyses, of }) => {
      const kinds = analyses.map(name => analysisFactsNamed(name).of)
      // What is of weights alone draws nothing of a text, and the other way round.
      if (of === 'text') expect(kinds).not.toContain('weights')
      if (of === 'weights') expect(kinds).not.toContain('windows')
    }
  )

  it('are each of a name of its own', () => {
    const names = figureViews.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
