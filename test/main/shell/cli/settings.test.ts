import { expect, it } from 'vitest'
import { z } from 'zod'
import { paramsSchema } from '#common/analysis/params-schema.ts'
import { setting, settingValues } from '../../../../src/main/shell/cli/settings.ts'

const { properties = {} } = paramsSchema(
  z.strictObject({
    neurons: z.string().nullable().default(null),
    how: z.enum(['mean', 'max']).default('mean'),
    layers: z.array(z.int()).nullable().default(null),
    noise: z.number().default(0.1),
    either: z.union([z.string(), z.number()]).default(1)
  })
)

it.each([
  ['neurons=3.10', '3.10'],
  ['neurons=3.10,4.2', '3.10,4.2'],
  ['neurons="3.10"', '3.10'],
  ['neurons=null', null],
  ['neurons=true', 'true'],
  ['how=max', 'max'],
  ['how =max', 'max'],
  ['neurons=3.1\n4.2=', '3.1\n4.2='],
  ['layers=[0,1]', [0, 1]],
  ['layers=null', null],
  ['noise=0.10', 0.1],
  ['either=3.10', 3.1],
  ['unknown=3.10', 3.1]
])('%s is what its param takes', (text, value) => {
  const [key] = text.split('=') as [string]
  expect(settingValues(setting(text), properties)).toEqual({ [key.trim()]: value })
})
