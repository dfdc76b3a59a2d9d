import type { Locator } from '@playwright/test'
import { traceWorkload } from './scene.ts'
import { decisionPath, inboxOf, openProposal, proposal, textOf } from './support/inbox.ts'
import { infrasage, product } from './support/product.ts'
import { type Comparison, sandboxTarget, shadowOf } from './support/sandbox.ts'
import { expect, test } from './support/test.ts'
import { chatTrace } from './support/trace.ts'

const { name, target, replicas, stepUp } = traceWorkload
const wanted = replicas + stepUp
const change = `${replicas} → ${wanted}`
/** What an operator sees of a proposal, and an auditor has to find again. */
const seenSections = ['Why', 'What changes', 'What it costs', 'Alternatives', 'Policy', 'In words']
/** The trace's surge begins around here; what lies before it has happened already when it starts to play. */
const history = 120

test('a surge of recorded traffic is forecast, approved, carried out, felt, and proven', async ({
  operator,
  auditor,
}) => {
  const { dataDir } = product()
  await operator.goto(inboxOf(name))
  await expect(operator.getByText('Nothing matches')).toBeVisible()
  await operator.evaluate(() => document.body.setAttribute('data-loaded-once', ''))

  await test.step('the trace plays, through the intake, ten times as fast as it was recorded', async () => {
    const { file, series, stepSeconds, substitute } = chatTrace()
    if (substitute) test.info().annotations.push({ type: 'substitute', description: substitute })
    const { exitCode, printed } = await infrasage(
      dataDir,
      ...['sandbox', 'play', file, '--series', series, '--workload', name],
      ...['--step', `${stepSeconds}s`, '--speed', '10', '--history', String(history)],
    )
    expect(printed).toContain(`steps of 1 s on ${name}`)
    expect(exitCode).toBe(0)
  })

  const seen = new Map<string, string>()
  const path = await test.step('the operator reads the proposal and approves it by keyboard', async () => {
    const open = await openProposal(operator, name, change, 120_000)
    await expect(operator.locator('body[data-loaded-once]'), 'the page was not loaded again').toBeVisible()
    await expectEverythingSaid(open)
    await expect(open).toContainText(`${target} would be taken`)
    for (const section of seenSections) seen.set(section, await said(open, section))
    await operator.keyboard.press('a')
    const dialog = operator.getByRole('dialog', { name: `Approve ${change} for ${name}?` })
    await expect(dialog).toContainText(`set ${target}`)
    await expect(dialog).toContainText('equals what is shown')
    await expect(dialog.getByRole('button', { name: `Approve ${change}` })).toBeFocused()
    await operator.keyboard.press('Enter')
    await expect(proposal(operator)).toContainText('approved this')
    return decisionPath(operator)
  })

  await test.step('capacity rises, and latency stays below the undisturbed run', async () => {
    await expect.poll(async () => (await sandboxTarget(target)).readyReplicas).toBe(wanted)
    expect((await sandboxTarget(target)).effects).toBe(1)
    const compared = await compareSteps(20)
    const mean = (pick: (one: Comparison) => number) =>
      compared.reduce((sum, one) => sum + pick(one), 0) / compared.length
    const [with_, without] = [
      mean((one) => one.actual.latencyP99Ms),
      mean((one) => one.undisturbed.latencyP99Ms),
    ]
    console.log(
      `  p99 over ${compared.length} steps: ${with_.toFixed(0)} ms, undisturbed ${without.toFixed(0)} ms`,
    )
    expect(compared.every((one) => one.actual.demand === one.undisturbed.demand)).toBe(true)
    expect(compared.every((one) => one.actual.latencyP99Ms <= one.undisturbed.latencyP99Ms * 1.001)).toBe(
      true,
    )
    expect(with_).toBeLessThan(without * 0.9)
    await operator.goto('/workloads')
    const row = operator.getByRole('row').filter({ hasText: name.replaceAll('-', ' ') })
    await expect(row).toContainText(`${wanted} of ${wanted}`)
  })

  await test.step('an auditor finds the same numbers, and what the target answered', async () => {
    await auditor.goto(path)
    const record = auditor.getByRole('region', { name: 'What the person saw' })
    for (const [section, text] of seen) {
      await expect.poll(() => said(record, section), { message: section }).toBe(text)
    }
    const answers = auditor.getByRole('region', { name: 'What was sent, and what came back' })
    await expect(answers).toContainText('verified')
    await answers.locator('summary').filter({ hasText: 'apply' }).first().click()
    await expect(answers.getByRole('region', { name: 'Request' }).filter({ visible: true })).toContainText(
      `"replicas": ${wanted}`,
    )
    await expect(answers.getByRole('region', { name: 'Answer' }).filter({ visible: true })).toBeVisible()
  })

  await test.step('the log proves it', async () => {
    const { exitCode, printed } = await infrasage(dataDir, 'audit', 'verify')
    expect(printed).toContain('every link holds')
    expect(exitCode).toBe(0)
  })
})

/** What a section says, whenever the target was asked: that is done again each minute until somebody decides. */
const said = async (scope: Locator, section: string) =>
  (await textOf(scope, section)).replace(/(would be taken) [\d:]+/, '$1')

async function expectEverythingSaid(open: Locator): Promise<void> {
  await expect(open).toContainText(/confidence \d+/)
  await expect(open).toContainText(/act by/)
  await expect(open).toContainText(/surge \d+/)
  await expect(open.getByRole('region', { name: 'Why' })).toContainText('median forecast')
  await expect(open.getByRole('region', { name: 'What it costs' })).toContainText('+$2.40/h')
  await expect(open.getByRole('region', { name: 'What changes' })).toContainText('SLO risk')
  const choices = open.getByRole('region', { name: 'Alternatives' }).getByRole('row')
  await expect(choices.filter({ hasText: 'Do nothing' })).toContainText(String(replicas))
  // A row of names, the proposal, and at least two more.
  expect(await choices.count()).toBeGreaterThanOrEqual(4)
  await expect(open.getByRole('region', { name: 'In words' }).getByRole('listitem')).not.toHaveCount(0)
}

/** The run beside the undisturbed one, at so many different moments as they come. */
async function compareSteps(count: number): Promise<Comparison[]> {
  const compared = new Map<string, Comparison>()
  await expect
    .poll(
      async () => {
        const now = await shadowOf(target)
        compared.set(now.at, now)
        return compared.size
      },
      { timeout: 90_000, intervals: [500] },
    )
    .toBeGreaterThanOrEqual(count)
  return [...compared.values()]
}
