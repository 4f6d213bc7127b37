import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../../src/renderer/src')

it('have a minus, not a hyphen: templates write numbers by number-text alone', () => {
  const files = globSync('**/*.vue', { cwd: folder })
  expect(files.length).toBeGreaterThan(100)
  const plain = files.filter(file => {
    const [, template = ''] = readFileSync(join(folder, file), 'utf8').split('</script>')
    return /\.toFixed\(|\.toPrecision\(|title="String\(/.test(template)
  })
  expect(plain).toEqual([])
})
