import { describe, expect, it } from 'vitest'
import {
  folderOf,
  pathIn,
  suggestedName
} from '../../../../src/renderer/src/window/session/session-path.ts'

describe('the path of a session', () => {
  it('is a name in a folder of any system, or a path that was typed', () => {
    expect(pathIn('/home/ada', ' heads ')).toBe('/home/ada/heads.lamella')
    expect(pathIn('/', 'heads.LAMELLA')).toBe('/heads.LAMELLA')
    expect(pathIn('C:\\Users\\ada', 'heads')).toBe('C:\\Users\\ada\\heads.lamella')
    expect(pathIn('C:\\', 'heads')).toBe('C:\\heads.lamella')
    expect(pathIn('/home/ada', '/tmp/other')).toBe('/tmp/other.lamella')
    expect(pathIn('C:\\Users', 'D:\\other')).toBe('D:\\other.lamella')
  })

  it('lies in a folder', () => {
    expect(folderOf('/home/ada/heads.lamella')).toBe('/home/ada')
    expect(folderOf('/heads.lamella')).toBe('/')
    expect(folderOf('C:\\Users\\heads.lamella')).toBe('C:\\Users')
  })

  it('is suggested by the model, without what no file may be called', () => {
    expect(suggestedName('gpt2 (in a/b)')).toBe('gpt2 (in a b)')
    expect(suggestedName(null)).toBe('Session')
    expect(suggestedName('///')).toBe('Session')
  })
})
