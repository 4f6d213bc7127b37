import { openModel } from './open-model.ts'
import { useDocument } from './session/document.ts'

/** Opens what lies at a path: a session or a model. */
export async function openFile(path: string): Promise<void> {
  if (isSession(path)) await useDocument().open(path)
  else await openModel(path)
}

/** Whether a path is called as sessions are. */
export function isSession(path: string): boolean {
  return /\.lamella$/i.test(path)
}
