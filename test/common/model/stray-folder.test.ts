import { expect, it } from 'vitest'
import { refuseStrayFolder } from '#common/model/stray-folder.ts'

const models = [
  { path: '/training/checkpoint-10' },
  { path: 'C:\\m\\one' },
  { path: '/alone' },
  { path: '\\\\host\\share\\m' }
]
const refused = (params: unknown) => () => refuseStrayFolder(params, models)

it.each([{ folder: '/training' }, { folder: '/training/checkpoint-10/' }, { folder: 'C:\\m' }])(
  'takes a folder that a model lies in: $folder',
  params => expect(refused(params)).not.toThrow()
)

it.each([{}, null, { folder: null }, { folder: 5 }])('takes what names no folder: %j', params =>
  expect(refused(params)).not.toThrow()
)

it.each([
  '/train',
  '/',
  '//',
  'C:',
  '/training/checkpoint-1',
  '/training/checkpoint-10/in',
  '\\\\host\\share'
])('refuses a folder that none lies in, or of another machine: %s', folder =>
  expect(refused({ folder })).toThrow(`names the folder ${folder}, in which no model`)
)
