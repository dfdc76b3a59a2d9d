import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { startTestProduct, type TestProduct } from '../server/runtime/testing/product.ts'
import { infrasage } from './support/product.ts'
import { signIn } from './support/sign-in.ts'

const processNames = ['web', 'worker', 'sandbox'] as const

/** A product of its own, with the cloud and the two weeks of history that a newcomer gets. */
test('a newcomer sees a proposal within two minutes; whatever is killed, the next start finds everything', async ({
  browser,
}) => {
  test.setTimeout(480_000)
  const dataDir = mkdtempSync(join(tmpdir(), 'infrasage-first-start-'))
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  let running = await startTestProduct({ dataDir })
  try {
    const up = seconds()
    const operator = running.signIns.find(({ role }) => role === 'operator')
    if (!operator) throw new Error('The first start printed no operator.')
    const context = await browser.newContext({ baseURL: running.address })
    const page = await context.newPage()
    await signIn(page, operator)
    await page.goto('/inbox')
    const rows = page.getByRole('region', { name: 'Proposals' }).getByRole('link')
    await expect(rows.first()).toBeVisible({ timeout: 120_000 })
    const shown = seconds()
    console.log(
      running
        .printed()
        .split('\n')
        .filter((line) => /\d s$/.test(line))
        .join('\n'),
    )
    console.log(
      `  everything runs after ${up.toFixed(1)} s, a proposal is on the screen after ${shown.toFixed(1)} s`,
    )
    expect(shown).toBeLessThan(120)
    await expect(page.getByText('Sandbox.', { exact: true })).toBeVisible()
    const path = (await rows.first().getAttribute('href'))?.replace('view=waiting', 'view=all') ?? ''
    await page.goto(path)
    const proposal = page.getByRole('article', { name: /^Proposal \d+$/ })
    const name = (await proposal.getAttribute('aria-label')) ?? ''

    await test.step('a process that is killed comes back', async () => {
      for (const one of processNames) {
        const pid = running.processes()[one]
        if (pid === undefined) throw new Error(`${one} does not run`)
        process.kill(pid, 'SIGKILL')
        await expect
          .poll(() => running.processes()[one] ?? pid, { message: `${one} comes back`, timeout: 60_000 })
          .not.toBe(pid)
      }
      await expect.poll(() => isReady(running), { timeout: 60_000 }).toBe(true)
    })

    await test.step('the supervisor is killed: nothing is left, and the next start finds everything', async () => {
      const pids = [supervisorOf(dataDir), ...Object.values(running.processes())]
      process.kill(supervisorOf(dataDir), 'SIGKILL')
      await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([])
      await running.stop()
      running = await startTestProduct({ dataDir })
      expect(running.signIns).toEqual([])
      const again = await browser.newContext({ baseURL: running.address })
      const afterwards = await again.newPage()
      await signIn(afterwards, operator)
      await afterwards.goto(path)
      await expect(afterwards.getByRole('article', { name, exact: true })).toBeVisible()
      await again.close()
      expect((await infrasage(dataDir, 'audit', 'verify')).exitCode).toBe(0)
    })

    await test.step('SIGTERM ends everything within five seconds', async () => {
      const pids = [supervisorOf(dataDir), ...Object.values(running.processes())]
      const asked = performance.now()
      await running.stop()
      const took = performance.now() - asked
      console.log(`  stopped after ${(took / 1000).toFixed(1)} s`)
      expect(pids.filter(isAlive)).toEqual([])
      expect(took).toBeLessThan(5_000)
    })
  } finally {
    await running.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
})

const run = z.object({ pid: z.number() })

function supervisorOf(dataDir: string): number {
  return run.parse(JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'))).pid
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function isReady({ address }: TestProduct): Promise<boolean> {
  const answer = await fetch(`${address}/api/health/ready`).catch(() => null)
  return answer?.ok ?? false
}
