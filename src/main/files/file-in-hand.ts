import { channel } from 'node:diagnostics_channel'

const inHand = channel('lamella:file-in-hand')

/** Says which file this process reads from now on: should it not live to tell, whoever listens knows. */
export function takeInHand(label: string): void {
  inHand.publish(label)
}

export function onFileInHand(listener: (label: string) => void): void {
  inHand.subscribe(label => listener(label as string))
}
