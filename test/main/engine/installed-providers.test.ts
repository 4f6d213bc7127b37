import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { installedProviders } from '../../../src/main/engine/installed-providers.ts'
import { projectRoot } from '../../golden/workbench.ts'

describe('installedProviders', () => {
  it('has the CPU, and of what comes apart only what has been fetched', () => {
    const library = join(
      projectRoot,
      'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so'
    )
    const here = installedProviders()
    expect(here).toContain('cpu')
    expect(here.includes('cuda')).toBe(existsSync(library))
  })
})
