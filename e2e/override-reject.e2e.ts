import { type SteadyWorkload, steady } from './scene.ts'
import { colleagueOf } from './support/colleague.ts'
import { decisionPath, inboxOf, openProposal, proposal } from './support/inbox.ts'
import { playSurge, sandboxTarget } from './support/sandbox.ts'
import { expect, test } from './support/test.ts'

const proposed = steady.replicas + steady.stepUp
const change = `${steady.replicas} → ${proposed}`

test('an override is recomputed as it is typed, refused where policy forbids it, and sent when somebody else approves it', async ({
  operator,
  auditor,
  admin,
  browser,
}) => {
  const name: SteadyWorkload = 'override-me'
  const chosen = steady.replicas + 2
  await operator.goto(inboxOf(name))
  await playSurge(name)
  await openProposal(operator, name, change)
  await operator.keyboard.press('o')
  const form = operator.getByRole('form', { name: 'Override' })
  const effects = form.getByRole('table', { name: 'The proposal beside the override' })
  const mine = (effect: string) =>
    effects.getByRole('row').filter({ hasText: effect }).getByRole('cell').nth(1)
  await expect(form.getByRole('button', { name: 'Override' })).toBeDisabled()
  await expect(mine('cost')).toHaveText('+$3.20/h')
  const riskOfProposed = await mine('SLO risk').innerText()

  await test.step('a number beyond the bounds says which, and cannot be sent', async () => {
    await form.getByLabel('Replicas').fill('29')
    await expect(form.getByRole('alert')).toContainText(`Policy forbids ${steady.replicas} → 29`)
    await expect(form.getByRole('alert')).toContainText('$20')
    await expect(form.getByRole('alert').getByRole('listitem')).toHaveCount(2)
    await expect(mine('policy')).toHaveText('2 failed')
    await form.getByLabel('Why').fill('far too many')
    await expect(form.getByRole('button', { name: /^Override/ })).toBeDisabled()
  })

  await test.step('an allowed number: cost and risk follow before anything is sent', async () => {
    await form.getByLabel('Replicas').fill(String(chosen))
    await expect(mine('cost')).toHaveText('+$1.60/h')
    await expect(form.getByRole('alert')).toHaveCount(0)
    expect(percent(await mine('SLO risk').innerText())).toBeGreaterThanOrEqual(percent(riskOfProposed))
    expect((await sandboxTarget(`${name}-l4`)).effects).toBe(0)
  })

  await test.step('a reason is required', async () => {
    const send = form.getByRole('button', { name: `Override: send ${steady.replicas} → ${chosen}` })
    await form.getByLabel('Why').fill('')
    await send.click()
    await expect(form).toContainText('Say why in at least three characters.')
    await form.getByLabel('Why').fill('half a step, the launch was moved')
    await send.click()
    await expect(proposal(operator)).toContainText('You put these numbers forward')
  })

  await test.step('nobody approves their own: somebody else does', async () => {
    expect((await sandboxTarget(`${name}-l4`)).effects).toBe(0)
    const colleague = await colleagueOf(admin, browser)
    await colleague.goto(new URL(operator.url()).pathname + new URL(operator.url()).search)
    await expect(proposal(colleague)).toContainText(`${steady.replicas} → ${chosen}`)
    await colleague.keyboard.press('a')
    await colleague
      .getByRole('dialog')
      .getByRole('button', { name: /^Approve/ })
      .click()
    await expect(proposal(colleague)).toContainText('overrode this')
    await colleague.context().close()
  })

  await expect.poll(async () => (await sandboxTarget(`${name}-l4`)).readyReplicas).toBe(chosen)
  expect((await sandboxTarget(`${name}-l4`)).effects).toBe(1)

  await auditor.goto(await decisionPath(operator))
  const changed = auditor.getByRole('region', { name: 'What was changed' })
  const replicas = changed.getByRole('row').filter({ hasText: 'replicas' })
  await expect(replicas).toContainText(String(proposed))
  await expect(replicas).toContainText(String(chosen))
  await expect(changed.getByRole('row').filter({ hasText: 'cost' }).first()).toBeVisible()
  await expect(auditor.getByRole('main')).toContainText('half a step, the launch was moved')
})

test('a rejection takes a reason, and nothing reaches the target', async ({ operator, auditor }) => {
  const name: SteadyWorkload = 'reject-me'
  await operator.goto(inboxOf(name))
  await playSurge(name)
  await openProposal(operator, name, change)
  await operator.keyboard.press('r')
  const dialog = operator.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Reject' }).click()
  await expect(dialog).toContainText('Say why in at least three characters.')
  await dialog.getByLabel('Why').fill('a load test, it ends in a minute')
  await operator.keyboard.press('ControlOrMeta+Enter')
  await expect(proposal(operator)).toContainText('rejected this')

  await auditor.goto(await decisionPath(operator))
  await expect(auditor.getByRole('main')).toContainText('a load test, it ends in a minute')
  await expect(auditor.getByRole('region', { name: 'What was sent, and what came back' })).toContainText(
    'Nothing was sent',
  )
  expect(await sandboxTarget(`${name}-l4`)).toMatchObject({
    effects: 0,
    desiredReplicas: steady.replicas,
    readyReplicas: steady.replicas,
  })
})

const percent = (text: string) => Number(text.replaceAll(/[^\d.]/g, ''))
