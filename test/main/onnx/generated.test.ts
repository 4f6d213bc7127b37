import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../golden/workbench.ts'

const folder = 'src/main/onnx'
const read = (path: string) => readFileSync(path, 'utf8')

describe('what is generated of onnx.proto', () => {
  it('is what npm run generate:onnx writes', () => {
    const out = mkdtempSync(join(tmpdir(), 'lamella-onnx-'))
    const buf = join(projectRoot, 'node_modules/@bufbuild/buf/bin/buf')
    const template = `${folder}/buf.gen.yaml`
    const words = ['generate', folder, '--template', template, '--output', out]
    execFileSync(process.execPath, [buf, ...words], { cwd: projectRoot, stdio: 'pipe' })
    for (const name of ['onnx_pb.js', 'onnx_pb.d.ts'])
      expect(read(join(out, name)) === read(join(projectRoot, folder, name)), name).toBe(true)
    const { scripts } = JSON.parse(read(join(projectRoot, 'package.json'))) as {
      scripts: Record<string, string>
    }
    expect(scripts['generate:onnx']).toBe(`buf ${words.with(-1, folder).join(' ')}`)
  })

  it('says its licence, whose text is beside it', () => {
    const licence = read(join(projectRoot, folder, 'LICENSE'))
    expect(licence).toMatch(/^\s+Apache License\n\s+Version 2\.0, January 2004\n/)
    for (const name of ['onnx.proto', 'onnx_pb.js', 'onnx_pb.d.ts'])
      expect(read(join(projectRoot, folder, name))).toContain(
        '// SPDX-License-Identifier: Apache-2.0'
      )
  })
})
