import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sessionPath } from '../../../../src/main/workbench/session/session-files.ts'
import { outcome } from '../../checkpoint/temporary.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-session-paths-'))

it.each([
  [`${folder}/new/`, /^invalid-argument: new: is the name of a folder, for it ends in a slash/],
  ['/', /^invalid-argument: \/: is the name of a folder/],
  [join(folder, 'n'.repeat(300)), /: its name is too long for this system/],
  [join(folder, 'none/a.lamella'), /^not-found: .*none: does not exist/]
])('%s is refused in words', async (path, message) => {
  expect(await outcome(sessionPath(path))).toMatch(message)
})
