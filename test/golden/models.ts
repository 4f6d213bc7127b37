import { join } from 'node:path'
import { families } from './families.ts'
import { hebrew, projectRoot, shakespeare } from './workbench.ts'

/** The folder of models and of what PyTorch and NumPy compute of them. */
export const golden = join(projectRoot, 'test/golden')

/** Every model whose values PyTorch has computed: the tiny ones, and the samples that ship. */
export const models = [
  ...families.map(name => ({ name, folder: join(golden, name) })),
  { name: 'shakespeare-char', folder: shakespeare },
  { name: 'hebrew-minigpt', folder: hebrew }
]
