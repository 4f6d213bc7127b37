import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderWithWeights } from '../../../bad/weights.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { shakespeare, startWorkbench } from '../../../golden/workbench.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'

let workbench: Workbench
let commands: CommandLine
let folder: string
beforeAll(async () => {
  workbench = await startWorkbench()
  commands = commandLine(workbench)
  // The position embedding of the third token.
  folder = await folderWithWeights(shakespeare, {
    'transformer.wpe.weight': { at: 2 * 128 + 5, value: NaN }
  })
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

const told = 'NaN or infinite values in 1 of 1 window, first in'
const why = 'info --check-values tells which weights are not finite'

describe('values that are not finite', () => {
  it.each([
    ['hidden-states', []],
    ['patterns', ['layer=0', 'head=0']],
    ['lens', []],
    ['token-probabilities', []],
    ['direct-logit-attribution', ['targets=2:1']],
    ['saliency', ['of=logit:2:1']]
  ])('are warned of by analyse %s', async (name, set) => {
    const words = set.flatMap(param => ['--set', param])
    const found = await commands.run('analyse', name, folder, '--text', 'To be', ...words)
    expect(found.error).toContain(`warning: ${told}`)
    expect(found.error).toContain(why)
    const whole = await commands.run('analyse', name, folder, '--text', 'To be', ...words)
    // Also where the result is known.
    expect(whole.error).toContain(`warning: ${told}`)
  })

  it('are not warned of where there are none', async () => {
    const found = await commands.run('analyse', 'hidden-states', folder, '--text', 'To')
    expect(found.status).toBe(0)
    expect(found.error).not.toContain('warning')
  })

  it('are warned of in each window that harvest writes', async () => {
    const out = join(mkdtempSync(join(tmpdir(), 'lamella-not-finite-')), 'values')
    const words = ['--hooks', 'blocks.0.hook_resid_post', '--out', out]
    const found = await commands.run('harvest', folder, '--text', 'To be', ...words)
    expect(found.error).toContain(`warning: ${told}`)
  })

  it('are no predictions', async () => {
    const words = ['predict', folder, '--text', 'To be', '--top', '1', '--position', '0,3']
    const found = await commands.run(...words)
    // Attention multiplies what a query does not see with 0, and 0 · NaN is NaN.
    expect(found.out).toMatch(/^ *0 +no numbers\n *3 +no numbers *$/m)
    const none = { token: null, id: null, logit: null, probability: null }
    const json = JSON.parse((await commands.run(...words, '--json')).out) as unknown[]
    expect(json).toEqual([0, 3].map(position => ({ position, ...none })))
  })
})
