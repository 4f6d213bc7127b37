import { describe, expect, it } from 'vitest'
import { runtimeMessage } from '../../../src/main/engine/runtime-message.ts'

describe('runtimeMessage', () => {
  it.each([
    [new Error('No adapters\n'), 'No adapters'],
    [new Error('/src/a.cc:1 f(const T&) x == y was false. Out\r\n\tof memory'), 'Out of memory'],
    [new Error('/src/a.cc:1 x == y was false.'), '/src/a.cc:1 x == y was false.'],
    [new Error('model.safetensors: ends at byte 3'), 'model.safetensors: ends at byte 3'],
    ['a plain word', 'a plain word']
  ])('of %j is %j', (error, message) => expect(runtimeMessage(error)).toBe(message))
})
