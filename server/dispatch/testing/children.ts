import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Programs of one folder that run in `dir`; what one of them said last is told where it ends with an error. */
export function startChildren(folder: string, dir: string) {
  const children: ChildProcess[] = []
  return {
    run: (name: string, args: string[]): void => {
      const child = spawn(path.join(folder, name), args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] })
      let log = ''
      child.stderr?.on('data', (chunk) => {
        log = (log + chunk).slice(-4_000)
      })
      child.on('exit', (code) => {
        if (code) process.stderr.write(`${name} ended with ${code}:\n${log}\n`)
      })
      children.push(child)
    },
    /** Ends them, the last one first. `graceMs`: how long each may take to end by itself; 0: it is not asked. */
    end: async (graceMs = 0): Promise<void> => {
      for (const child of children.toReversed()) {
        if (child.exitCode !== null) continue
        const ended = once(child, 'exit')
        if (graceMs > 0) {
          child.kill('SIGTERM')
          await Promise.race([ended, delay(graceMs, undefined, { ref: false })])
        }
        if (child.exitCode === null) child.kill('SIGKILL')
        await ended
      }
    },
  }
}
