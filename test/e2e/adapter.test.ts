import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { soundSafetensors } from '../bad/safetensors.ts'
import { projectRoot } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { openModel } from './open-path.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const base = join(projectRoot, 'test/golden/llama')
const folder = mkdtempSync(join(tmpdir(), 'lamella-adapter-'))
let served: ServedWindow
let page: Page
beforeAll(async () => {
  await writeAdapter()
  served = await serveWindow()
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(async () => {
  await served.close()
  rmSync(folder, { recursive: true, force: true })
})

/** An adapter of rank 2 for one matrix of the base, as PEFT writes it. */
async function writeAdapter(): Promise<void> {
  const module = 'model.layers.0.self_attn.q_proj'
  const [outputs = 0, inputs = 0] = (await openCheckpoint(base)).tensors.get(
    `${module}.weight`
  )!.shape
  const matrix = (name: string, shape: [number, number]) => {
    const data = new Uint8Array(new Float32Array(shape[0] * shape[1]).fill(0.5).buffer)
    return { name: `base_model.model.${module}.${name}.weight`, dtype: 'F32' as const, shape, data }
  }
  const tensors = [matrix('lora_A', [2, inputs]), matrix('lora_B', [outputs, 2])]
  writeFileSync(join(folder, 'adapter_model.safetensors'), soundSafetensors(tensors))
  const config = { base_model_name_or_path: 'org/llama', lora_alpha: 4 }
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(config))
}

const shown = () => page.getByRole('tabpanel').filter({ visible: true })
const overview = () => page.getByRole('tab', { name: 'Overview', exact: true })

it('an adapter alone asks for its model, is applied to it, and can be looked at alone again', async () => {
  await openModel(page, folder)
  await shown().getByRole('button', { name: 'Choose the model that it adapts…' }).first().click()
  const dialog = page.getByRole('dialog', { name: /^Which model does .* adapt\?$/ })
  await dialog.getByRole('textbox', { name: 'Path' }).fill(base)
  await dialog.getByRole('textbox', { name: 'Path' }).press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  await overview().click()
  const notes = shown().getByRole('region', { name: 'Notes on the reading' })
  await notes.getByText('it is applied to the model in llama').waitFor()
  expect(await shown().getByText('Cannot run').count()).toBe(0)

  // Beside its base it is the one matrix that it changes, along its rank.
  await openModel(page, base)
  await runCommand(page, 'show two checkpoints')
  await shown()
    .getByRole('button', { name: basename(folder), exact: true })
    .click()
  await shown()
    .getByRole('heading', { name: /^1 of \d+ tensors changed$/ })
    .waitFor()
  await shown().getByText('model.layers.0.self_attn.q_proj.weight changed most').waitFor()
  await openModel(page, folder)
  await overview().click()

  await shown().getByRole('button', { name: 'Look at the adapter alone' }).click()
  await shown().getByText('Cannot run: adapter_config.json').waitFor()
})

it('had nothing to complain of', () => {
  expect(served.complaints).toEqual([])
})
