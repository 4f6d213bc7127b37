import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectRoot } from '../golden/workbench.ts'
import { rowsOf } from '../main/session/session-rows.ts'
import { openPath } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-lossless-'))
let served: ServedWindow
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
})
afterAll(() => served.close())

it('a session that a window opens, looks at and saves as another has all that was in it', async () => {
  const { page } = served
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  const [path, other] = [join(folder, 'Full.lamella'), join(folder, 'Other.lamella')]
  cpSync(join(projectRoot, 'test/main/session/golden/full-1.lamella'), path)
  await openPath(page, path)
  const session = () => page.getByRole('button', { name: /^Session: / }).getAttribute('aria-label')
  await expect.poll(session).toBe('Session: Full')
  await page.getByRole('tab', { name: 'Attention' }).click()
  // Of this head the session kept nothing.
  await page
    .getByRole('tabpanel', { name: 'Attention' })
    .getByText('Not kept in the session')
    .waitFor()
  await page.getByRole('tab', { name: 'Heads of block 1' }).click()
  await page.getByRole('region', { name: 'Page' }).getByRole('img').first().waitFor()
  await page.keyboard.press('Control+Shift+s')
  const save = page.getByRole('dialog', { name: 'Save the session' })
  await save.getByRole('radio', { name: /^What was looked at/ }).click()
  await save.getByRole('textbox', { name: 'Name' }).fill(other)
  await save.getByRole('button', { name: 'Save', exact: true }).click()
  await expect.poll(session).toBe('Session: Other')
  const [before, after] = [rowsOf(path), rowsOf(other)]
  for (const table of ['runs', 'trace_values']) expect(after[table], table).toEqual(before[table])
  expect(after.models).toHaveLength(before.models!.length)
  const [was, is] = [partsOf(before.content!), partsOf(after.content!)]
  for (const part of ['notes', 'findings', 'figures', 'library'])
    expect(is[part], part).toEqual(was[part])
  // Of where tabs stand the file said nothing; what a window of its time did not know yet is as usual.
  const { lookedAt: known, ...then } = was.window as KeptWindow
  const { lookedAt: looked, ...now } = is.window as KeptWindow
  expect(now).toMatchObject({ ...then, layout: expect.anything() as unknown })
  expect(looked).toEqual(expect.arrayContaining([...known]))
  // Of the model that is not there it has shown maps of the patterns that the file keeps.
  const shown = looked.filter(own => !known.some(before => isDeepStrictEqual(before, own)))
  expect(shown.map(({ name }) => name)).toEqual(shown.map(() => 'patterns'))
  expect(served.complaints).toEqual([])
})

interface KeptWindow {
  readonly lookedAt: readonly { readonly name: string }[]
}

/** The parts of a session; what has a name in it in no order. */
function partsOf(rows: readonly unknown[]): Record<string, unknown> {
  const parts = Object.fromEntries(
    (rows as { key: string; content: unknown }[]).map(({ key, content }) => [key, content])
  )
  return { ...parts, library: new Set(parts.library as object[]) }
}
