import { describe, expect, it } from 'vitest'
import { views } from '../../../src/renderer/src/views/registry.ts'

describe('every view', () => {
  it.each(views.map(({ name, component }) => [name, component] as const))(
    'says what it can be saved as: %s',
    (_, component) => {
      const { emits } = component as { readonly emits?: readonly string[] | object }
      expect(Array.isArray(emits) ? emits : Object.keys(emits ?? {})).toContain('formats')
    }
  )
})
