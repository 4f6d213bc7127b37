import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { pageScript, pageScriptHash } from '#common/figure/html/page-script.ts'

it('is the script that policies name', () => {
  const hash = createHash('sha256').update(pageScript).digest('base64')
  expect(pageScriptHash).toBe(`sha256-${hash}`)
})
