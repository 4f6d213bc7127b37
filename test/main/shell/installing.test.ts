import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../golden/workbench.ts'

interface LockedPackage {
  readonly gypfile?: boolean
  readonly hasInstallScript?: boolean
}

/**
 * Two packages hold all they need, yet npm before 11 would compile the one and fetch CUDA's libraries for the other.
 * `npm install` writes package-lock.json without what keeps it from that: put it back by hand.
 */
describe('package-lock.json', () => {
  const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }

  it('has `"gypfile": false` at better-sqlite3, so that no compiler is needed', () => {
    expect(packages['node_modules/better-sqlite3']).toHaveProperty('gypfile', false)
  })

  it('has no `hasInstallScript` at onnxruntime-node, so that nothing more is fetched', () => {
    expect(packages['node_modules/onnxruntime-node']).not.toHaveProperty('hasInstallScript')
  })
})
