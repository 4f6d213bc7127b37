/** A worker thread that writes no tree: it says what it is asked, and has written the last of it once it is told to go on. */
import { parentPort } from 'node:worker_threads'

const said = new BroadcastChannel('held tree')
let held = -1
said.onmessage = () => parentPort!.postMessage({ id: held, result: 1 })
parentPort!.on('message', ({ id, call }: { id: number; call: string }) => {
  if (call === 'rest') held = id
  // First: it is ended once it has answered the last.
  said.postMessage(call)
  if (call !== 'rest') parentPort!.postMessage({ id, result: call === 'heads' ? 1 : null })
})
