import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { build } from 'rolldown'
import type { AdapterKind } from '../contract.ts'
import type { KillWorkerStart } from './kill-worker.ts'

/** A worker that was let to work. `atWork` resolves once it looks for something to do. */
export type KillWorker = { number: number; atWork: Promise<unknown>; kill(): Promise<void> }

export type KillPool = {
  /** Lets a worker that is loaded to work; another one is loaded in its place. */
  next(): Promise<KillWorker>
  close(): void
}

/**
 * Workers to be killed: so many are loaded and wait for their start, so that a kill need not wait for one. They run from one
 * bundle of the product's own files, because two thousand files are a second of CPU at each start.
 */
export async function killPool(
  adapter: AdapterKind,
  start: Omit<KillWorkerStart, 'number'>,
  spareCount: number,
): Promise<KillPool> {
  const dir = await bundled()
  const children = new Set<ChildProcess>()
  const spares: Promise<ChildProcess>[] = []
  let number = 0
  const spare = async (): Promise<ChildProcess> => {
    const child = fork(path.join(dir, 'kill-worker.js'), [adapter], {
      ...{ stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] },
      env: { ...process.env, NODE_COMPILE_CACHE: path.join(dir, 'cache') },
    })
    children.add(child)
    child.once('exit', () => children.delete(child))
    await once(child, 'message')
    return child
  }
  while (spares.length < spareCount) spares.push(spare())
  return {
    next: async () => {
      spares.push(spare())
      const child = await (spares.shift() ?? spare())
      const atWork = once(child, 'message')
      number++
      child.send({ ...start, number } satisfies KillWorkerStart)
      const kill = async (): Promise<void> => {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      return { number, atWork, kill }
    },
    close: () => {
      for (const child of children) child.kill('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Folder of the bundle. Within the checkout, where what has WebAssembly beside it is still found. */
async function bundled(): Promise<string> {
  const root = path.join(import.meta.dirname, '../../../node_modules/.cache')
  mkdirSync(root, { recursive: true })
  const dir = mkdtempSync(path.join(root, 'infrasage-kill-'))
  await build({
    input: path.join(import.meta.dirname, 'kill-worker.ts'),
    external: ['@cedar-policy/cedar-wasm/nodejs', 'highs', 'snappy'],
    platform: 'node',
    logLevel: 'silent',
    output: { dir, format: 'esm' },
  })
  return dir
}
