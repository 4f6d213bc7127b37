import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import {
  cpuSource,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

// Gemma multiplies what it reads by the root of its width.
it.each([
  { folder: shakespeare, isScaled: false },
  { folder: join(projectRoot, 'test/golden/gemma'), isScaled: true }
])(
  'the gradient by a row of W_E in $folder is that of all positions that read it',
  async ({ folder, isScaled }) => {
    const { handlers } = workbench
    const model = await handlers['models.open']({ path: folder }, uncancelled())
    const source = cpuSource(model, { ids: [5, 3, 5, 7, 5] })
    const { id: runId } = await handlers['runs.start']({ source }, uncancelled())
    const asked = { runId, target: { kind: 'logit', position: 4, token: 2 } as const, hooks: [] }
    const { embed, rows } = await handlers['runs.gradient'](asked, uncancelled())
    expect(rows.ids).toEqual([3, 5, 7])
    const [, width = 0] = embed.shape
    const scale = isScaled ? Math.fround(Math.sqrt(width)) : 1
    const read = [[1], [0, 2, 4], [3]]
    read.forEach((positions, row) => {
      for (let i = 0; i < width; i++) {
        const sum = positions.reduce((sum, pos) => sum + embed.data[pos * width + i]! * scale, 0)
        expect(rows.gradient.data[row * width + i]).toBeCloseTo(sum, 4)
      }
    })
  }
)
