import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { families } from '../../../src/main/architecture/families.ts'
import { projectRoot } from '../../golden/workbench.ts'

it('the changelog says no other number of families than run', () => {
  const [unreleased = ''] = readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8').split(/^## \d/m)
  for (const [, number] of unreleased.matchAll(/(\d+) families of models/g))
    expect(Number(number)).toBe(families.length)
})

it('no two families read the same model_type', () => {
  const types = families.flatMap(({ modelTypes }) => modelTypes)
  expect(types).toEqual([...new Set(types)])
})
