import { describe, expect, it } from 'vitest'
import { distinctNames, nameText } from '#common/text/distinct-names.ts'

/** What models are called that are named as the last parts of their paths. */
function called(...paths: string[]): string[] {
  const models = paths.map(path => ({ name: path.split(/[\\/]/).filter(Boolean).at(-1)!, path }))
  const names = distinctNames(models)
  return paths.map(path => nameText(names.get(path)!))
}

describe('names of models', () => {
  it('are bare where no other model has the same', () => {
    expect(called('/runs/one/gpt2', '/runs/one/llama')).toEqual(['gpt2', 'llama'])
    expect(called('/runs/gpt2', '/runs/gpt2')).toEqual(['gpt2', 'gpt2'])
  })

  it('say the folder above where that tells them apart', () => {
    expect(called('/runs/one/model', '/runs/two/model', '/runs/one/other')).toEqual([
      'model · one',
      'model · two',
      'other'
    ])
  })

  it('say as many folders as it takes, each no more than it needs', () => {
    expect(called('/a/x/model', '/b/x/model')).toEqual(['model · a/x', 'model · b/x'])
    expect(called('/a/x/model', '/b/x/model', '/a/y/model')).toEqual([
      'model · a/x',
      'model · b/x',
      'model · y'
    ])
  })

  it('say the root where nothing else is above', () => {
    expect(called('/model', '/a/model', '/b/a/model')).toEqual([
      'model · /',
      'model · /a',
      'model · b/a'
    ])
  })

  it('are told apart by the folders of Windows, too', () => {
    expect(called('C:\\a\\x\\model', 'D:\\a\\x\\model', 'C:\\model')).toEqual([
      'model · C:\\a\\x',
      'model · D:\\a\\x',
      'model · C:'
    ])
    expect(called('\\\\host\\one\\model', '\\\\host\\two\\model')).toEqual([
      'model · one',
      'model · two'
    ])
  })

  it('are those of their folders for files that are called as all such files are', () => {
    expect(called('/runs/seven/model.safetensors', '/runs/eight/pytorch_model.bin')).toEqual([
      'seven',
      'eight'
    ])
    expect(called('/a/seven/model.safetensors', '/b/seven')).toEqual(['seven · a', 'seven · b'])
    expect(called('/seven', '/seven/model.onnx', '/seven/model.safetensors')).toEqual([
      'seven',
      'seven · model.onnx',
      'seven · model.safetensors'
    ])
    expect(called('/model.onnx')).toEqual(['model.onnx'])
  })

  it('that are not the folders’ own are told apart by the folders themselves', () => {
    const names = distinctNames([
      { name: 'ada/poet', path: '/hub/poet/snapshots/one' },
      { name: 'ada/poet', path: '/hub/poet/snapshots/\u202etwo' },
      { name: 'ada/poet', path: '/mine/three' }
    ])
    expect([...names.values()].map(nameText)).toEqual([
      'ada/poet · one',
      'ada/poet · ⟨202E⟩two',
      'ada/poet · three'
    ])
  })
})
