import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { controllerState } from './fixtures/advice.ts'
import { replayReport } from './fixtures/evaluation.ts'
import { answer, Refusal } from './fixtures/mock-api.ts'
import { status, world } from './fixtures/world.ts'
import { servePages } from './support/pages.ts'

const { open } = servePages()

test('a past window is replayed, compared, sorted, saved, and linked to', async ({ page }) => {
  const asked: unknown[] = []
  let busy = true
  const replay = answer('evaluation', 'replay', (input) => {
    asked.push(input)
    if (busy) throw new Refusal('SERVICE_UNAVAILABLE', 'Too many replays wait; try again in a minute.')
    return replayReport(input.from, input.to)
  })
  await open(page, '/evaluation', { ...world(['auditor']), ...replay })
  await expect(page.getByText('Nothing replayed yet')).toBeVisible()
  await page.getByRole('radio', { name: '7 days' }).click()
  await page.getByRole('button', { name: 'Replay' }).click()
  await expect(page.getByRole('alert').first()).toContainText('Too many replays wait')
  busy = false
  await page.getByRole('button', { name: 'Load again' }).click()
  await expect(page.getByRole('region', { name: 'What it says' })).toContainText('0.87× HPA, tuned')
  expect(asked[0]).toMatchObject({ from: '2026-11-15T14:26:00.000Z', to: '2026-11-22T14:26:00.000Z' })

  const policies = page.getByRole('region', { name: 'Policies' })
  await expect(policies.getByRole('row').nth(1)).toContainText('ours')
  await policies.getByRole('button', { name: 'p99' }).click()
  await expect(policies.getByRole('row').nth(1)).toContainText('Static peak')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).first().click()
  const file = await readFile(await (await saved).path(), 'utf8')
  expect(file.split('\r\n')).toHaveLength(11)
  expect(file).toContain('hpa-tuned,target=0.6 stab=300,')

  const points = page.getByRole('img', { name: /Cost and p99 of every policy/ })
  await points.focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('figure', { name: 'Cost against latency' })).toContainText(
    'paid, p99 648\u202fms, 0.0\u202f% late',
  )

  await page.getByRole('combobox', { name: 'Second policy' }).click()
  await page.getByRole('option', { name: 'Knative KPA' }).click()
  await expect(page).toHaveURL(/workload=chat-llm&from=2026-11-15.*other=kpa/)
})

test('the ledger is narrowed, and its sums with it', async ({ page }) => {
  await open(page, '/evaluation', world(['auditor']))
  const ledger = page.getByRole('region', { name: 'Counterfactual ledger' })
  const sums = ledger.getByRole('region', { name: 'Sums of the ledger' })
  await expect(sums.getByRole('row', { name: /all together/ })).toContainText('24')
  await ledger.getByRole('button', { name: 'rejected' }).click()
  await expect(sums.getByRole('row', { name: /all together/ })).toContainText('all together5−')
  await expect(page).toHaveURL(/kind=reject/)
  const rows = ledger.getByRole('region', { name: 'Decisions and what they were worth' })
  await expect(rows.getByRole('row').nth(1)).toContainText('−$4.14')
  await rows.getByRole('link', { name: '#897' }).click()
  await expect(page.getByRole('region', { name: 'What it was worth' })).toContainText('saved $4.16')
})

test('control with the reactive shadow is said in the frame, in the inbox and on the workload', async ({
  page,
}) => {
  const shadow = answer('status', 'get', () => ({ ...status, reactive: [controllerState(3)] }))
  await open(page, '/inbox', { ...world(), ...shadow })
  const words =
    /Control is with the reactive shadow since 14:05: .* 4\.5.% more than that of an autoscaler at 60.%/
  await expect(page.getByRole('list', { name: 'Control with the reactive shadow' })).toContainText(words)
  await page.getByRole('link', { name: '1 pool with the reactive shadow' }).first().click()
  await expect(page).toHaveURL(/workloads\/batch-embed\?tab=pools/)
  await expect(page.getByText('The reactive shadow is in control')).toBeVisible()
  const section = page.getByRole('region', { name: 'Who is in control' })
  await expect(section).toContainText('$96.20')
  await expect(section).toContainText('$92.10')
})
